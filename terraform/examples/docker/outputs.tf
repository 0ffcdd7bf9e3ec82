output "subscribe_url" {
  description = "Where clients subscribe"
  value       = module.edgepush.subscribe_url
}

output "publish_url" {
  description = "Where backends publish"
  value       = module.edgepush.publish_url
}
