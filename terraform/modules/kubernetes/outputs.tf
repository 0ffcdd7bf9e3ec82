output "public_service" {
  description = "Name of the Service for clients"
  value       = kubernetes_service_v1.public.metadata[0].name
}

output "publish_url" {
  description = "Where backends in the cluster publish"
  value       = "http://${kubernetes_service_v1.private.metadata[0].name}.${var.namespace}.svc/v1/events"
}

output "subscribe_url" {
  description = "Where clients subscribe; empty without an ingress"
  value       = var.ingress == null ? "" : "https://${var.ingress.host}/subscribe"
}
