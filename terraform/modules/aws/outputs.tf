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

output "redis_replication_group_id" {
  description = "ElastiCache replication group, for edge regions"
  value       = aws_elasticache_replication_group.this.id
}

output "redis_primary_endpoint" {
  description = "Host name of the Redis master"
  value       = aws_elasticache_replication_group.this.primary_endpoint_address
}

output "redis_auth_token" {
  description = "Password of Redis, for edge regions"
  value       = random_password.redis.result
  sensitive   = true
}

output "log_group_name" {
  description = "Log group of the nodes"
  value       = aws_cloudwatch_log_group.service.name
}
