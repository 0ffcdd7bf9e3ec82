output "subscribe_dns_name" {
  description = "DNS name of the region's public load balancer"
  value       = module.service.subscribe_dns_name
}

output "publisher_dns_name" {
  description = "DNS name of the region's publishers' load balancer, inside the VPC"
  value       = module.service.publisher_dns_name
}

output "vpc_id" {
  description = "VPC that was made, to be peered with the primary's"
  value       = module.service.vpc_id
}

output "vpc_cidr" {
  description = "Its addresses"
  value       = var.vpc_cidr
}

output "redis_reader_endpoint" {
  description = "Host name of the region's Redis replica"
  value       = aws_elasticache_replication_group.replica.reader_endpoint_address
}
