variable "name" {
  description = "Name of everything that is made; another one than in the primary region"
  type        = string
  default     = "edgepush-edge"
}

variable "tags" {
  description = "Tags of everything that is made"
  type        = map(string)
  default     = {}
}

variable "zones" {
  description = "Availability zones"
  type        = list(string)

  validation {
    condition     = length(var.zones) >= 2
    error_message = "2 zones at least."
  }
}

variable "vpc_cidr" {
  description = "Addresses of the VPC that is made; they do not overlap with those of any other region"
  type        = string

  validation {
    condition     = can(cidrsubnet(var.vpc_cidr, 4, 15))
    error_message = "An IPv4 range such as 10.43.0.0/16."
  }
}

variable "primary" {
  description = "Of the primary region, from the outputs of modules/aws: the global datastore, where to publish, the password, the VPC's addresses"
  type = object({
    global_replication_group_id = string
    redis_uri                   = string
    redis_auth_token            = string
    vpc_cidr                    = string
  })
  sensitive = true

  validation {
    condition     = startswith(var.primary.redis_uri, "rediss://")
    error_message = "Between regions Redis is reached by TLS: rediss://."
  }
}

variable "peering" {
  description = "VPC peering connection with the primary region; null where another way leads there"
  type        = object({ connection_id = string })
  default     = null
}

variable "redis_replicas" {
  description = "Replicas of the region's Redis, in other zones"
  type        = number
  default     = 1

  validation {
    condition     = var.redis_replicas >= 1 && var.redis_replicas <= 5
    error_message = "1 to 5."
  }
}

variable "service" {
  description = "Settings of the nodes, as the variables of modules/aws of the same names"
  type = object({
    image                        = string
    image_repository_arn         = optional(string)
    certificate_arn              = string
    publisher_security_group_ids = optional(list(string), [])
    tasks                        = optional(object({ min = number, max = number }), { min = 2, max = 10 })
    heartbeat_seconds            = optional(number, 15)
    idle_timeout_seconds         = optional(number, 120)
    drain_seconds                = optional(number, 60)
    environment                  = optional(map(string), {})
    alarm_topic_arns             = optional(list(string), [])
    deletion_protection          = optional(bool, true)
  })
}

variable "configuration" {
  description = "Namespaces and publisher keys (SHA-256): the same as in the primary region"
  type        = string
  sensitive   = true
}

variable "route53" {
  description = "Hosted zone and this region's name in it, with latency-based routing; null makes none"
  type        = object({ zone_id = string, name = string })
  default     = null
}
