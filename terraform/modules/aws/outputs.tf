output "subscribe_dns_name" {
  description = "DNS name of the public load balancer; clients use a name that certificate_arn covers"
  value       = aws_lb.public.dns_name
}

output "publisher_dns_name" {
  description = "DNS name of the publishers' load balancer, inside the VPC"
  value       = aws_lb.publisher.dns_name
}

output "cloudfront_domain_name" {
  description = "Domain name of the CloudFront distribution, empty without one"
  value       = var.cloudfront == null ? "" : aws_cloudfront_distribution.this[0].domain_name
}

output "vpc_id" {
  description = "VPC that is used"
  value       = local.vpc_id
}

output "private_subnet_ids" {
  description = "Subnets of nodes and Redis"
  value       = local.private_subnets
}

output "node_security_group_id" {
  description = "Security group of the nodes"
  value       = aws_security_group.node.id
}

output "cluster_name" {
  description = "ECS cluster"
  value       = aws_ecs_cluster.this.name
}

output "service_name" {
  description = "ECS service"
  value       = aws_ecs_service.this.name
}

output "redis_security_group_id" {
  description = "Security group for a Redis of these nodes"
  value       = aws_security_group.redis.id
}

output "private_route_table_ids" {
  description = "Route tables of the private subnets, where a VPC was made"
  value       = [for zone in var.zones : aws_route_table.private[zone].id if local.own_vpc]
}

output "vpc_cidr" {
  description = "Addresses of the VPC that was made"
  value       = var.vpc_cidr
}

output "global_replication_group_id" {
  description = "Global datastore, for edge regions; empty without one"
  value       = local.own_redis && var.global_datastore ? aws_elasticache_global_replication_group.this[0].global_replication_group_id : ""
}

output "redis_uri" {
  description = "Where nodes publish, with password"
  value       = local.redis.publish
  sensitive   = true
}

output "redis_auth_token" {
  description = "Password of the Redis that was made here; empty where it is elsewhere"
  value       = local.own_redis ? random_password.redis[0].result : ""
  sensitive   = true
}

output "log_group_name" {
  description = "Log group of the nodes"
  value       = aws_cloudwatch_log_group.service.name
}

output "subscribe_zone_id" {
  description = "Hosted zone of that load balancer's DNS name, for alias records"
  value       = aws_lb.public.zone_id
}
