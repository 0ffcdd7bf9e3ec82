# One master and its replicas in several zones: TLS, a password, fail-over. None where Redis is elsewhere.
locals {
  own_redis = nonsensitive(var.external_redis == null)
  redis = local.own_redis ? {
    publish   = "rediss://:${random_password.redis[0].result}@${aws_elasticache_replication_group.this[0].primary_endpoint_address}:6379"
    subscribe = ""
  } : var.external_redis
}

resource "random_password" "redis" {
  count = local.own_redis ? 1 : 0

  length  = 64
  special = false
}

resource "aws_elasticache_subnet_group" "this" {
  count = local.own_redis ? 1 : 0

  name       = var.name
  subnet_ids = local.private_subnets
  tags       = var.tags
}

resource "aws_elasticache_replication_group" "this" {
  count = local.own_redis ? 1 : 0

  replication_group_id = var.name
  description          = "Events of ${var.name}: kept for minutes, and passed between nodes"

  engine               = var.redis_engine.name
  engine_version       = var.redis_engine.version
  parameter_group_name = var.redis_engine.parameter_group
  node_type            = var.redis_node_type
  port                 = 6379

  num_cache_clusters         = 1 + var.redis_replicas
  automatic_failover_enabled = true
  multi_az_enabled           = true

  transit_encryption_enabled = true
  at_rest_encryption_enabled = true
  kms_key_id                 = local.kms_key_arn
  auth_token                 = random_password.redis[0].result
  auth_token_update_strategy = "ROTATE"

  subnet_group_name  = aws_elasticache_subnet_group.this[0].name
  security_group_ids = [aws_security_group.redis.id]

  # What is in it is gone from the clients' view in minutes anyway.
  snapshot_retention_limit   = 0
  auto_minor_version_upgrade = true
  maintenance_window         = "sun:03:00-sun:04:00"
  apply_immediately          = false

  log_delivery_configuration {
    destination      = aws_cloudwatch_log_group.redis[0].name
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "slow-log"
  }

  tags = var.tags
}

# Lets other regions have a replica each; see modules/edge-region.
resource "aws_elasticache_global_replication_group" "this" {
  count = local.own_redis && var.global_datastore ? 1 : 0

  global_replication_group_id_suffix = var.name
  primary_replication_group_id       = aws_elasticache_replication_group.this[0].id

  lifecycle {
    precondition {
      condition     = !startswith(var.redis_node_type, "cache.t")
      error_message = "A global datastore needs a node type such as cache.m7g.large."
    }
  }
}
