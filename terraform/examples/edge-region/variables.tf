variable "image" {
  description = "Image of a node in a registry that both regions reach, by digest or fixed tag"
  type        = string
}

variable "certificate_arn" {
  description = "ACM certificate in eu-central-1"
  type        = string
}

variable "edge_certificate_arn" {
  description = "ACM certificate in us-east-1"
  type        = string
}

variable "publisher_key_sha256" {
  description = "SHA-256 of the publisher's key: printf %s \"$KEY\" | sha256sum"
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.publisher_key_sha256))
    error_message = "64 lower-case hexadecimal digits."
  }
}
