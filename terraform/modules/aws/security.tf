# Who reaches what: clients the public load balancer, backends the publishers' one, both of them the nodes, nodes Redis.
resource "aws_security_group" "public" {
  name_prefix = "${var.name}-public-"
  description = "Public load balancer of ${var.name}"
  vpc_id      = local.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-public" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each = toset(var.client_cidrs)

  security_group_id = aws_security_group.public.id
  description       = "Clients"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  tags              = var.tags
}

resource "aws_vpc_security_group_egress_rule" "public_to_nodes" {
  for_each = toset(["8080", "8081"])

  security_group_id            = aws_security_group.public.id
  description                  = each.value == "8080" ? "Nodes" : "Health of the nodes"
  referenced_security_group_id = aws_security_group.node.id
  ip_protocol                  = "tcp"
  from_port                    = tonumber(each.value)
  to_port                      = tonumber(each.value)
  tags                         = var.tags
}

resource "aws_security_group" "publisher" {
  name_prefix = "${var.name}-publisher-"
  description = "Publishers' load balancer of ${var.name}"
  vpc_id      = local.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-publisher" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "publishers" {
  count = length(var.publisher_security_group_ids)

  security_group_id            = aws_security_group.publisher.id
  description                  = "Backends"
  referenced_security_group_id = var.publisher_security_group_ids[count.index]
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  tags                         = var.tags
}

resource "aws_vpc_security_group_egress_rule" "publisher_to_nodes" {
  security_group_id            = aws_security_group.publisher.id
  description                  = "Nodes"
  referenced_security_group_id = aws_security_group.node.id
  ip_protocol                  = "tcp"
  from_port                    = 8081
  to_port                      = 8081
  tags                         = var.tags
}

resource "aws_security_group" "node" {
  name_prefix = "${var.name}-node-"
  description = "Nodes of ${var.name}"
  vpc_id      = local.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-node" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "node" {
  for_each = {
    clients    = { port = 8080, group = aws_security_group.public.id }
    health     = { port = 8081, group = aws_security_group.public.id }
    publishers = { port = 8081, group = aws_security_group.publisher.id }
  }

  security_group_id            = aws_security_group.node.id
  description                  = "Load balancer: ${each.key}"
  referenced_security_group_id = each.value.group
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  tags                         = var.tags
}

resource "aws_vpc_security_group_egress_rule" "node_to_redis" {
  security_group_id            = aws_security_group.node.id
  description                  = "Redis"
  referenced_security_group_id = aws_security_group.redis.id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
  tags                         = var.tags
}

resource "aws_vpc_security_group_egress_rule" "node_to_external_redis" {
  for_each = toset(var.external_redis_cidrs)

  security_group_id = aws_security_group.node.id
  description       = "Redis that is elsewhere"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 6379
  to_port           = 6379
  tags              = var.tags
}

resource "aws_vpc_security_group_egress_rule" "node_to_aws" {
  security_group_id = aws_security_group.node.id
  description       = "Image registry, Secrets Manager, CloudWatch; key sets of token issuers"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  tags              = var.tags
}

resource "aws_security_group" "redis" {
  name_prefix = "${var.name}-redis-"
  description = "Redis of ${var.name}"
  vpc_id      = local.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-redis" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "redis" {
  security_group_id            = aws_security_group.redis.id
  description                  = "Nodes"
  referenced_security_group_id = aws_security_group.node.id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
  tags                         = var.tags
}

# Regions that publish here.
resource "aws_vpc_security_group_ingress_rule" "edge_regions" {
  for_each = toset(var.edge_region_cidrs)

  security_group_id = aws_security_group.redis.id
  description       = "Nodes of an edge region"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 6379
  to_port           = 6379
  tags              = var.tags
}
