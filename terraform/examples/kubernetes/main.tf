# Behind ingress-nginx; backends run in the namespace "backends", Prometheus in "monitoring".
resource "kubernetes_namespace_v1" "this" {
  metadata {
    name   = "edgepush"
    labels = { "pod-security.kubernetes.io/enforce" = "restricted" }
  }
}

module "edgepush" {
  source = "../../modules/kubernetes"

  namespace            = kubernetes_namespace_v1.this.metadata[0].name
  image                = var.image
  redis_uri            = var.redis_uri
  ingress              = { class = "nginx", host = var.host, tls_secret = var.tls_secret }
  ingress_namespace    = "ingress-nginx"
  publisher_namespaces = ["backends"]
  monitoring_namespace = "monitoring"

  configuration = yamlencode({
    namespaces     = [{ name = "open", patterns = ["public.**"], anonymous-subscribe = true }]
    publisher-keys = [{ name = "backend", sha256 = var.publisher_key_sha256 }]
  })
}
