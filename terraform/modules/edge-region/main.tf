# A second region: its nodes receive events from a replica of Redis that is near them, and publish (and read history) at the primary.
data "aws_region" "this" {}

locals {
  primary_cidr = nonsensitive(var.primary.vpc_cidr)
}

resource "aws_elasticache_subnet_group" "replica" {
  name       = var.name
  subnet_ids = module.service.private_subnet_ids
  tags       = var.tags
}

# Engine, node type, TLS and the password are those of the primary.
resource "aws_elasticache_replication_group" "replica" {
  #checkov:skip=CKV_AWS_29:A member of a global datastore takes this from the primary, and refuses to be told
  #checkov:skip=CKV_AWS_30:A member of a global datastore takes this from the primary, and refuses to be told
  #checkov:skip=CKV_AWS_31:A member of a global datastore takes this from the primary, and refuses to be told
  #checkov:skip=CKV_AWS_191:A member of a global datastore takes this from the primary, and refuses to be told
  replication_group_id        = var.name
  description                 = "Replica of the primary region's events"
  global_replication_group_id = nonsensitive(var.primary.global_replication_group_id)

  num_cache_clusters         = 1 + var.redis_replicas
  automatic_failover_enabled = true
  multi_az_enabled           = true

  subnet_group_name  = aws_elasticache_subnet_group.replica.name
  security_group_ids = [module.service.redis_security_group_id]
  apply_immediately  = false
  tags               = var.tags
}

resource "aws_route" "primary" {
  count = var.peering == null ? 0 : length(var.zones)

  route_table_id            = module.service.private_route_table_ids[count.index]
  destination_cidr_block    = local.primary_cidr
  vpc_peering_connection_id = var.peering.connection_id
}

module "service" {
  source = "../aws"

  name     = var.name
  tags     = var.tags
  zones    = var.zones
  vpc_cidr = var.vpc_cidr

  image                        = var.service.image
  image_repository_arn         = var.service.image_repository_arn
  certificate_arn              = var.service.certificate_arn
  publisher_security_group_ids = var.service.publisher_security_group_ids
  tasks                        = var.service.tasks
  heartbeat_seconds            = var.service.heartbeat_seconds
  idle_timeout_seconds         = var.service.idle_timeout_seconds
  drain_seconds                = var.service.drain_seconds
  environment                  = var.service.environment
  alarm_topic_arns             = var.service.alarm_topic_arns
  deletion_protection          = var.service.deletion_protection
  configuration                = var.configuration

  external_redis_cidrs = [local.primary_cidr]
  external_redis = {
    publish   = var.primary.redis_uri
    subscribe = "rediss://:${var.primary.redis_auth_token}@${aws_elasticache_replication_group.replica.reader_endpoint_address}:6379"
  }
}

# Clients go to the nearest region that is healthy.
resource "aws_route53_record" "this" {
  count = var.route53 == null ? 0 : 1

  zone_id        = var.route53.zone_id
  name           = var.route53.name
  type           = "A"
  set_identifier = data.aws_region.this.region

  latency_routing_policy {
    region = data.aws_region.this.region
  }

  alias {
    name                   = module.service.subscribe_dns_name
    zone_id                = module.service.subscribe_zone_id
    evaluate_target_health = true
  }
}
