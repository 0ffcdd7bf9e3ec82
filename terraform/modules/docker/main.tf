locals {
  settings = merge(var.environment, {
    PUSH_REDIS       = "redis://${var.name}-redis:6379"
    PUSH_DRAIN       = "${var.drain_seconds}s"
    PUSH_CONFIG_TEXT = var.configuration
  })
  # Whatever makes a node anew makes another name: the new ones have to be there beside the old ones.
  generation = substr(sha256(jsonencode([
    docker_image.node.image_id, nonsensitive(sha256(jsonencode(local.settings))), var.memory, var.open_files, docker_network.front.id,
  ])), 0, 8)
  # Longer than the window: only what does not end by itself is killed.
  grace = var.drain_seconds + 15
}

resource "docker_image" "node" {
  name         = var.image
  keep_locally = true
}

resource "docker_image" "redis" {
  name         = var.redis_image
  keep_locally = true
}

resource "docker_image" "haproxy" {
  name         = var.haproxy_image
  keep_locally = true
}

# Clients and publishers come through the load balancer; Redis is reached by nodes alone.
resource "docker_network" "front" {
  name = "${var.name}-front"
}

resource "docker_network" "backplane" {
  name     = "${var.name}-backplane"
  internal = true
}

resource "docker_container" "redis" {
  name          = "${var.name}-redis"
  image         = docker_image.redis.image_id
  restart       = "unless-stopped"
  read_only     = true
  security_opts = ["no-new-privileges:true"]
  must_run      = true
  wait          = true
  # Through a shell: an empty argument, which "save" needs, is not taken here. No password: nothing else is on this network.
  command = [
    "sh", "-c", "exec redis-server --save '' --appendonly no --protected-mode no --maxmemory ${var.redis_memory}mb --maxmemory-policy noeviction",
  ]

  healthcheck {
    test     = ["CMD", "redis-cli", "ping"]
    interval = "2s"
    timeout  = "2s"
    retries  = 15
  }

  networks_advanced {
    name = docker_network.backplane.name
  }
}

resource "docker_container" "node" {
  count = var.nodes

  name                  = "${var.name}-node-${local.generation}-${count.index}"
  image                 = docker_image.node.image_id
  env                   = [for key, value in local.settings : "${key}=${value}"]
  restart               = "unless-stopped"
  read_only             = true
  memory                = var.memory
  security_opts         = ["no-new-privileges:true"]
  stop_signal           = "SIGTERM"
  stop_timeout          = local.grace
  destroy_grace_seconds = local.grace
  wait                  = true
  wait_timeout          = 120

  capabilities {
    drop = ["ALL"]
  }

  ulimit {
    name = "nofile"
    soft = var.open_files
    hard = var.open_files
  }

  # Healthy some seconds after it is ready: then the load balancer knows the node too, and the old ones may go.
  healthcheck {
    test         = ["CMD", "bash", "-c", "/opt/edgepush/health ready && sleep 4"]
    interval     = "2s"
    timeout      = "8s"
    start_period = "60s"
    retries      = 5
  }

  networks_advanced {
    name = docker_network.backplane.name
  }

  networks_advanced {
    name    = docker_network.front.name
    aliases = ["node"]
  }

  depends_on = [docker_container.redis]

  lifecycle {
    create_before_destroy = true
  }
}

resource "docker_container" "load_balancer" {
  name                  = "${var.name}-load-balancer"
  image                 = docker_image.haproxy.image_id
  restart               = "unless-stopped"
  security_opts         = ["no-new-privileges:true"]
  destroy_grace_seconds = 10
  must_run              = true

  upload {
    file    = "/usr/local/etc/haproxy/haproxy.cfg"
    content = file("${path.module}/haproxy.cfg")
  }

  ulimit {
    name = "nofile"
    soft = var.open_files
    hard = var.open_files
  }

  ports {
    internal = 8080
    external = var.public_port
    ip       = var.public_address
  }

  ports {
    internal = 8081
    external = var.publisher_port
    ip       = var.publisher_address
  }

  networks_advanced {
    name = docker_network.front.name
  }

  depends_on = [docker_container.node]
}
