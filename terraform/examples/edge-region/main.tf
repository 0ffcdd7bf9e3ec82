# Two regions: eu-central-1 stores, us-east-1 subscribes at its own replica.
locals {
  configuration = yamlencode({
    namespaces     = [{ name = "open", patterns = ["public.**"], anonymous-subscribe = true }]
    publisher-keys = [{ name = "backend", sha256 = var.publisher_key_sha256 }]
  })
  edge_cidr = "10.43.0.0/16"
}

module "primary" {
  source = "../../modules/aws"

  name              = "edgepush"
  zones             = ["eu-central-1a", "eu-central-1b"]
  image             = var.image
  certificate_arn   = var.certificate_arn
  configuration     = local.configuration
  redis_node_type   = "cache.m7g.large"
  global_datastore  = true
  edge_region_cidrs = [local.edge_cidr]
}

module "edge" {
  source = "../../modules/edge-region"

  providers = { aws = aws.edge }

  zones         = ["us-east-1a", "us-east-1b"]
  vpc_cidr      = local.edge_cidr
  peering       = { connection_id = aws_vpc_peering_connection.this.id }
  configuration = local.configuration

  primary = {
    global_replication_group_id = module.primary.global_replication_group_id
    redis_uri                   = module.primary.redis_uri
    redis_auth_token            = module.primary.redis_auth_token
    vpc_cidr                    = module.primary.vpc_cidr
  }

  service = {
    image           = var.image
    certificate_arn = var.edge_certificate_arn
  }
}

resource "aws_vpc_peering_connection" "this" {
  vpc_id      = module.primary.vpc_id
  peer_vpc_id = module.edge.vpc_id
  peer_region = "us-east-1"
  tags        = { Name = "edgepush" }
}

resource "aws_vpc_peering_connection_accepter" "this" {
  provider = aws.edge

  vpc_peering_connection_id = aws_vpc_peering_connection.this.id
  auto_accept               = true
}

resource "aws_route" "edge" {
  count = length(module.primary.private_route_table_ids)

  route_table_id            = module.primary.private_route_table_ids[count.index]
  destination_cidr_block    = local.edge_cidr
  vpc_peering_connection_id = aws_vpc_peering_connection.this.id
}
