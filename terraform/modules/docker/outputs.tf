output "subscribe_url" {
  description = "Where clients subscribe, on this host"
  value       = "http://${contains(["0.0.0.0", "::"], var.public_address) ? "localhost" : var.public_address}:${var.public_port}/subscribe"
}

output "publish_url" {
  description = "Where backends publish"
  value       = "http://${var.publisher_address}:${var.publisher_port}/v1/events"
}

output "node_names" {
  description = "Names of the nodes' containers"
  value       = docker_container.node[*].name
}
