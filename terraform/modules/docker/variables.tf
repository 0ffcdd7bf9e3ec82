variable "name" {
  description = "Prefix of everything that is made"
  type        = string
  default     = "edgepush"

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,30}$", var.name))
    error_message = "A name has 1 to 31 lower-case letters, digits and hyphens."
  }
}

variable "image" {
  description = "Image of a node; it has to be on the host or in a registry that the host reaches. Another one replaces the nodes: the new ones are ready before the old ones drain"
  type        = string
  default     = "edgepush:latest"
}

variable "nodes" {
  description = "Number of nodes"
  type        = number
  default     = 2

  # During an update there are twice as many, and the load balancer has 16 places.
  validation {
    condition     = var.nodes >= 1 && var.nodes <= 8 && floor(var.nodes) == var.nodes
    error_message = "There are 1 to 8 nodes."
  }
}

variable "configuration" {
  description = "Content of the configuration file: namespaces and publisher keys, see docs/CONFIGURATION.md"
  type        = string
  sensitive   = true

  validation {
    condition     = can(yamldecode(var.configuration)["publisher-keys"][0].sha256)
    error_message = "The configuration is YAML with at least one entry in publisher-keys."
  }
}

variable "environment" {
  description = "More settings of the nodes, such as PUSH_HEARTBEAT"
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for key in keys(var.environment) : can(regex("^(PUSH_|JDK_JAVA_OPTIONS$)", key))])
    error_message = "Settings begin with PUSH_, or are JDK_JAVA_OPTIONS."
  }
}

variable "public_address" {
  description = "Address of the host that clients reach"
  type        = string
  default     = "0.0.0.0"
}

variable "public_port" {
  description = "Port that clients reach"
  type        = number
  default     = 8080

  validation {
    condition     = var.public_port > 0 && var.public_port < 65536
    error_message = "A port is 1 to 65535."
  }
}

variable "publisher_address" {
  description = "Address of the host that publishers reach; never a public one"
  type        = string
  default     = "127.0.0.1"

  validation {
    condition     = !contains(["0.0.0.0", "::", ""], var.publisher_address)
    error_message = "The publisher API is not for every address: name a private one."
  }
}

variable "publisher_port" {
  description = "Port that publishers reach"
  type        = number
  default     = 8081

  validation {
    condition     = var.publisher_port > 0 && var.publisher_port < 65536
    error_message = "A port is 1 to 65535."
  }
}

variable "drain_seconds" {
  description = "Time over which a node that ends asks its clients to go elsewhere"
  type        = number
  default     = 20

  validation {
    condition     = var.drain_seconds >= 0 && var.drain_seconds <= 600
    error_message = "The drain window is 0 to 600 seconds."
  }
}

variable "memory" {
  description = "Memory of a node in MiB; half of it is heap"
  type        = number
  default     = 512

  validation {
    condition     = var.memory >= 192
    error_message = "A node needs 192 MiB at least."
  }
}

variable "open_files" {
  description = "Files that a node may have open: its connections, and 2,000 besides"
  type        = number
  default     = 20000
}

variable "redis_image" {
  description = "Image of Redis 7 or later, or of Valkey"
  type        = string
  default     = "redis:7-alpine"
}

variable "redis_memory" {
  description = "Memory for retained events in MiB"
  type        = number
  default     = 256
}

variable "haproxy_image" {
  description = "Image of HAProxy 2.6 or later"
  type        = string
  default     = "haproxy:3.0-alpine"
}
