output "subscribe_url" {
  description = "Where clients subscribe"
  value       = module.edgepush.subscribe_url
}

output "publish_url" {
  description = "Where backends in the cluster publish"
  value       = module.edgepush.publish_url
}
