output "subscribe_url" {
  description = "Where clients subscribe"
  value       = "https://${var.public_name}/subscribe"
}

output "publish_url" {
  description = "Where backends publish, inside the VPC"
  value       = "https://${var.publisher_name}/v1/events"
}
