variable "kubeconfig" {
  description = "Path of the cluster's configuration"
  type        = string
  default     = "~/.kube/config"
}

variable "context" {
  description = "Context in it; null takes the current one"
  type        = string
  default     = null
}

variable "image" {
  description = "Image of a node, by digest or fixed tag"
  type        = string
}

variable "host" {
  description = "Host name for clients"
  type        = string
}

variable "tls_secret" {
  description = "Secret with the host's certificate, in the namespace edgepush"
  type        = string
}

variable "redis_uri" {
  description = "redis:// or rediss:// URI with password"
  type        = string
  sensitive   = true
}

variable "publisher_key_sha256" {
  description = "SHA-256 of the publisher's key: printf %s \"$KEY\" | sha256sum"
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.publisher_key_sha256))
    error_message = "64 lower-case hexadecimal digits."
  }
}
