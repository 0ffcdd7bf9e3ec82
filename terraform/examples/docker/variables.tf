variable "image" {
  description = "Image of a node, made by ./build-image"
  type        = string
  default     = "edgepush:latest"
}

variable "name" {
  description = "Prefix of everything that is made"
  type        = string
  default     = "edgepush"
}

variable "publisher_key_sha256" {
  description = "SHA-256 of the publisher's key: printf %s \"$KEY\" | sha256sum"
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.publisher_key_sha256))
    error_message = "64 lower-case hexadecimal digits."
  }
}

variable "public_port" {
  description = "Port that clients reach"
  type        = number
  default     = 8080
}

variable "publisher_port" {
  description = "Port of 127.0.0.1 that publishers reach"
  type        = number
  default     = 8081
}

variable "drain_seconds" {
  description = "Time over which a node that ends asks its clients to go elsewhere"
  type        = number
  default     = 20
}

variable "heartbeat" {
  description = "Time between two heartbeats"
  type        = string
  default     = "15s"
}
