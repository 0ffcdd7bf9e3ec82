variable "name" {
  description = "Name of everything that is made"
  type        = string
  default     = "edgepush"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.name)) && !endswith(var.name, "-")
    error_message = "A name has 2 to 20 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "tags" {
  description = "Tags of everything that is made"
  type        = map(string)
  default     = {}
}

# Network

variable "vpc_id" {
  description = "VPC to use, with both kinds of subnets; without it one is made"
  type        = string
  default     = null
}

variable "public_subnet_ids" {
  description = "Subnets of the public load balancer, in two zones or more; with vpc_id"
  type        = list(string)
  default     = []
}

variable "private_subnet_ids" {
  description = "Subnets of nodes, Redis and the publishers' load balancer, in two zones or more, with a way to the image registry, Secrets Manager and CloudWatch; with vpc_id"
  type        = list(string)
  default     = []
}

variable "vpc_cidr" {
  description = "Addresses of the VPC that is made"
  type        = string
  default     = "10.42.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.vpc_cidr, 4, 15))
    error_message = "An IPv4 range such as 10.42.0.0/16."
  }
}

variable "zones" {
  description = "Availability zones of the VPC that is made"
  type        = list(string)
  default     = ["us-east-1a", "us-east-1b"]

  validation {
    condition     = length(var.zones) >= 2 && length(var.zones) <= 4
    error_message = "2 to 4 zones."
  }
}

variable "client_cidrs" {
  description = "Who reaches the public load balancer"
  type        = list(string)
  default     = ["0.0.0.0/0"]
}

variable "publisher_security_group_ids" {
  description = "Security groups of the backends: they alone reach the publisher API"
  type        = list(string)
  default     = []
}

# Service

variable "image" {
  description = "Image of a node, by digest or by a tag that never moves"
  type        = string

  validation {
    condition     = !endswith(var.image, ":latest") && can(regex("[:@]", var.image))
    error_message = "Name a digest or a fixed tag: what runs should not depend on when a task started."
  }
}

variable "image_repository_arn" {
  description = "ECR repository of the image, which tasks may pull from; null for a registry that asks for nothing"
  type        = string
  default     = null
}

variable "architecture" {
  description = "Processor of the tasks: ARM64 or X86_64; the image has to be of that kind"
  type        = string
  default     = "ARM64"

  validation {
    condition     = contains(["ARM64", "X86_64"], var.architecture)
    error_message = "ARM64 or X86_64."
  }
}

variable "cpu" {
  description = "CPU units of a task; 1024 are one CPU"
  type        = number
  default     = 1024

  validation {
    condition     = contains([512, 1024, 2048, 4096, 8192], var.cpu)
    error_message = "512, 1024, 2048, 4096 or 8192."
  }
}

variable "memory" {
  description = "Memory of a task in MiB; half of it is heap"
  type        = number
  default     = 2048

  validation {
    condition     = var.memory >= 1024
    error_message = "1024 MiB at least."
  }
}

variable "configuration" {
  description = "Namespaces and publisher keys (SHA-256), as in the configuration file of docs/CONFIGURATION.md; kept in Secrets Manager"
  type        = string
  sensitive   = true

  validation {
    condition     = can(yamldecode(var.configuration)["publisher-keys"][0].sha256)
    error_message = "The configuration is YAML with at least one entry in publisher-keys."
  }
}

variable "environment" {
  description = "More settings of the nodes, such as PUSH_RETENTION_AGE; no secrets"
  type        = map(string)
  default     = {}
}

variable "heartbeat_seconds" {
  description = "Time between two heartbeats of a connection"
  type        = number
  default     = 15

  validation {
    condition     = var.heartbeat_seconds >= 5 && var.heartbeat_seconds <= 300
    error_message = "5 to 300 seconds."
  }
}

variable "idle_timeout_seconds" {
  description = "After so long without a byte the load balancer ends a connection; more than two heartbeats and than a poll"
  type        = number
  default     = 120

  validation {
    condition     = var.idle_timeout_seconds > 2 * var.heartbeat_seconds && var.idle_timeout_seconds >= 35 && var.idle_timeout_seconds <= 4000
    error_message = "More than two heartbeats, at least 35 s (a poll waits 25 s), at most 4000 s."
  }
}

variable "drain_seconds" {
  description = "Time over which a node that ends asks its clients to go elsewhere; also how long the load balancers go on with its connections"
  type        = number
  default     = 60

  # ECS kills a Fargate task 120 s after it was asked to stop.
  validation {
    condition     = var.drain_seconds >= 5 && var.drain_seconds <= 105
    error_message = "5 to 105 seconds."
  }
}

variable "max_connections" {
  description = "Connections that a node takes; over it 503"
  type        = number
  default     = 18000
}

variable "tasks" {
  description = "Least and most number of tasks"
  type        = object({ min = number, max = number })
  default     = { min = 2, max = 10 }

  validation {
    condition     = var.tasks.min >= 2 && var.tasks.max >= var.tasks.min
    error_message = "Two tasks at least, in two zones."
  }
}

variable "connections_per_task" {
  description = "Average number of connections that autoscaling aims at; below max_connections, so that the others can take those of one that ends"
  type        = number
  default     = 10000
}

variable "cpu_percent" {
  description = "Average CPU use that autoscaling aims at"
  type        = number
  default     = 60

  validation {
    condition     = var.cpu_percent >= 20 && var.cpu_percent <= 90
    error_message = "20 to 90 percent."
  }
}

variable "scale_in_cooldown_seconds" {
  description = "Time between two steps of scaling in: each of them makes clients reconnect"
  type        = number
  default     = 900

  validation {
    condition     = var.scale_in_cooldown_seconds >= 300
    error_message = "300 seconds at least."
  }
}

# Redis

variable "redis_node_type" {
  description = "Node type of ElastiCache"
  type        = string
  default     = "cache.t4g.small"
}

variable "redis_engine" {
  description = "valkey or redis, and its version: 7 or later"
  type        = object({ name = string, version = string, parameter_group = string })
  default     = { name = "valkey", version = "8.0", parameter_group = "default.valkey8" }

  validation {
    condition     = contains(["valkey", "redis"], var.redis_engine.name) && tonumber(split(".", var.redis_engine.version)[0]) >= 7
    error_message = "valkey or redis, version 7 or later."
  }
}

variable "redis_replicas" {
  description = "Replicas of the Redis master, in other zones; one of them takes over when it fails"
  type        = number
  default     = 1

  validation {
    condition     = var.redis_replicas >= 1 && var.redis_replicas <= 5
    error_message = "1 to 5."
  }
}

variable "external_redis" {
  description = "URIs of a Redis that is elsewhere, to publish at and to subscribe at (a replica of it); null makes one here"
  type        = object({ publish = string, subscribe = string })
  default     = null
  sensitive   = true
}

variable "external_redis_cidrs" {
  description = "Addresses of the Redis that is elsewhere"
  type        = list(string)
  default     = []
}

variable "global_datastore" {
  description = "Whether other regions get replicas of this Redis; needs a node type such as cache.m7g.large"
  type        = bool
  default     = false
}

variable "edge_region_cidrs" {
  description = "Addresses of the VPCs of edge regions, whose nodes publish at this Redis"
  type        = list(string)
  default     = []
}

# Names and certificates

variable "certificate_arn" {
  description = "ACM certificate of the public name, in this region"
  type        = string
}

variable "publisher_certificate_arn" {
  description = "ACM certificate of the publishers' name; null uses certificate_arn"
  type        = string
  default     = null
}

variable "ssl_policy" {
  description = "TLS policy of both load balancers: TLS 1.3, and 1.2 with forward secrecy"
  type        = string
  default     = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"

  validation {
    condition     = startswith(var.ssl_policy, "ELBSecurityPolicy-TLS13-1-")
    error_message = "A policy with TLS 1.3, of 1.2 at least."
  }
}

variable "route53" {
  description = "Hosted zone, and the names to make in it for clients and publishers; null makes none"
  type        = object({ zone_id = string, public_name = string, publisher_name = optional(string) })
  default     = null
}

variable "cloudfront" {
  description = "CloudFront in front of SSE, long-poll and WebSocket: names, the certificate in us-east-1, and an origin name that certificate_arn covers; null makes none"
  type        = object({ aliases = list(string), certificate_arn = string, origin_name = string, price_class = optional(string, "PriceClass_100") })
  default     = null
}

variable "waf_requests_per_5_minutes" {
  description = "Requests that one address may send in 5 minutes before AWS WAF refuses it; null makes no WAF"
  type        = number
  default     = null
}

variable "access_log_bucket" {
  description = "S3 bucket for the load balancers' access logs, with the policy that ELB asks for; null logs none"
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "Whether the load balancers can be destroyed only after this was set to false"
  type        = bool
  default     = true
}

# Operations

variable "log_retention_days" {
  description = "How long logs are kept"
  type        = number
  default     = 365

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "One of the numbers of days that CloudWatch Logs knows."
  }
}

variable "kms_key_arn" {
  description = "KMS key of logs, secrets and Redis; its policy has to admit these services. null makes one"
  type        = string
  default     = null
}

variable "alarm_topic_arns" {
  description = "SNS topics that alarms are sent to"
  type        = list(string)
  default     = []
}
