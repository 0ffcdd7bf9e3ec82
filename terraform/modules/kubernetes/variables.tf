variable "name" {
  description = "Name of everything that is made"
  type        = string
  default     = "edgepush"

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$", var.name))
    error_message = "A name has 1 to 40 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "namespace" {
  description = "Namespace, which has to exist"
  type        = string
}

variable "image" {
  description = "Image of a node, by digest or by a tag that never moves"
  type        = string

  validation {
    condition     = !endswith(var.image, ":latest") && can(regex("[:@]", var.image))
    error_message = "Name a digest or a fixed tag: what runs should not depend on when a pod started."
  }
}

variable "image_pull_secrets" {
  description = "Secrets with the registry's credentials"
  type        = list(string)
  default     = []
}

variable "configuration" {
  description = "Content of the configuration file: namespaces and publisher keys (SHA-256); kept in a Secret"
  type        = string
  sensitive   = true

  validation {
    condition     = can(yamldecode(var.configuration)["publisher-keys"][0].sha256)
    error_message = "The configuration is YAML with at least one entry in publisher-keys."
  }
}

variable "redis_uri" {
  description = "redis:// or rediss:// URI with password; kept in a Secret"
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex("^rediss?://", var.redis_uri))
    error_message = "A Redis URI begins with redis:// or rediss://."
  }
}

variable "redis_port" {
  description = "Port of Redis, which pods may reach"
  type        = number
  default     = 6379
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
  description = "After so long without a byte the ingress ends a connection; more than two heartbeats and than a poll"
  type        = number
  default     = 120

  validation {
    condition     = var.idle_timeout_seconds > 2 * var.heartbeat_seconds && var.idle_timeout_seconds >= 35
    error_message = "More than two heartbeats, at least 35 s (a poll waits 25 s)."
  }
}

variable "drain_seconds" {
  description = "Time over which a pod that ends asks its clients to go elsewhere"
  type        = number
  default     = 60

  validation {
    condition     = var.drain_seconds >= 5 && var.drain_seconds <= 600
    error_message = "5 to 600 seconds."
  }
}

variable "deregistration_seconds" {
  description = "Time that load balancers need to hear that a pod ends; it goes on as if nothing were for so long"
  type        = number
  default     = 10

  validation {
    condition     = var.deregistration_seconds >= 0 && var.deregistration_seconds <= 60
    error_message = "0 to 60 seconds."
  }
}

variable "replicas" {
  description = "Least and most number of pods"
  type        = object({ min = number, max = number })
  default     = { min = 2, max = 10 }

  validation {
    condition     = var.replicas.min >= 2 && var.replicas.max >= var.replicas.min
    error_message = "Two pods at least."
  }
}

variable "cpu" {
  description = "CPU that a pod asks for; it may use more where there is more"
  type        = string
  default     = "500m"
}

variable "memory" {
  description = "Memory of a pod, as request and limit; half of it is heap"
  type        = string
  default     = "1Gi"
}

variable "max_connections" {
  description = "Connections that a pod takes; over it 503"
  type        = number
  default     = 18000
}

variable "connections_per_pod" {
  description = "Average of push_connections that autoscaling aims at, by a metrics adapter such as prometheus-adapter; null scales on CPU alone"
  type        = number
  default     = null
}

variable "cpu_percent" {
  description = "CPU use, of what pods ask for, that autoscaling aims at"
  type        = number
  default     = 70
}

variable "scale_in_stabilization_seconds" {
  description = "How long fewer pods have to be enough before one goes: each step makes clients reconnect"
  type        = number
  default     = 900

  validation {
    condition     = var.scale_in_stabilization_seconds >= 300 && var.scale_in_stabilization_seconds <= 3600
    error_message = "300 to 3600 seconds."
  }
}

variable "ingress" {
  description = "Ingress for clients: nginx or alb, host name, TLS secret (nginx) or ACM certificate (alb); null makes none"
  type = object({
    class           = string
    host            = string
    tls_secret      = optional(string)
    certificate_arn = optional(string)
    annotations     = optional(map(string), {})
  })
  default = null

  validation {
    condition     = var.ingress == null || contains(["nginx", "alb"], try(var.ingress.class, ""))
    error_message = "nginx or alb."
  }

  validation {
    condition     = var.ingress == null || try(var.ingress.class, "") != "nginx" || try(var.ingress.tls_secret, null) != null
    error_message = "With nginx, name the Secret of the certificate in tls_secret."
  }

  validation {
    condition     = var.ingress == null || try(var.ingress.class, "") != "alb" || try(var.ingress.certificate_arn, null) != null
    error_message = "With alb, name the certificate in certificate_arn."
  }
}

variable "ingress_namespace" {
  description = "Namespace of the ingress controller's pods, which may reach the public port; null admits every address (an ALB has no pods)"
  type        = string
  default     = null
}

variable "publisher_namespaces" {
  description = "Namespaces whose pods may publish"
  type        = list(string)
  default     = []
}

variable "monitoring_namespace" {
  description = "Namespace whose pods may scrape metrics; null admits none"
  type        = string
  default     = null
}

variable "service_monitor" {
  description = "Whether to make a ServiceMonitor; the Prometheus operator has to be there"
  type        = bool
  default     = false
}
