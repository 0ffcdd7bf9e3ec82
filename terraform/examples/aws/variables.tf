variable "region" {
  description = "AWS region"
  type        = string
  default     = "eu-central-1"
}

variable "image" {
  description = "Image of a node in ECR, by digest or fixed tag"
  type        = string
}

variable "image_repository_arn" {
  description = "ECR repository of the image"
  type        = string
}

variable "certificate_arn" {
  description = "ACM certificate of the names below"
  type        = string
}

variable "zone_id" {
  description = "Route 53 hosted zone of the names below"
  type        = string
}

variable "public_name" {
  description = "Name for clients"
  type        = string
}

variable "publisher_name" {
  description = "Name for backends"
  type        = string
}

variable "publisher_security_group_ids" {
  description = "Security groups of the backends"
  type        = list(string)
  default     = []
}

variable "publisher_key_sha256" {
  description = "SHA-256 of the publisher's key: printf %s \"$KEY\" | sha256sum"
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.publisher_key_sha256))
    error_message = "64 lower-case hexadecimal digits."
  }
}

variable "alarm_topic_arns" {
  description = "SNS topics that alarms are sent to"
  type        = list(string)
  default     = []
}
