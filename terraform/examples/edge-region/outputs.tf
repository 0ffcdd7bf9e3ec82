output "primary_dns_name" {
  description = "Load balancer of eu-central-1"
  value       = module.primary.subscribe_dns_name
}

output "edge_dns_name" {
  description = "Load balancer of us-east-1"
  value       = module.edge.subscribe_dns_name
}
