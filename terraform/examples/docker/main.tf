# Two nodes, Redis and HAProxy on this host.
module "edgepush" {
  source = "../../modules/docker"

  name           = var.name
  image          = var.image
  public_port    = var.public_port
  publisher_port = var.publisher_port
  drain_seconds  = var.drain_seconds
  environment    = { PUSH_HEARTBEAT = var.heartbeat }
  configuration = yamlencode({
    namespaces     = [{ name = "all", patterns = ["**"], anonymous-subscribe = true }]
    publisher-keys = [{ name = "backend", sha256 = var.publisher_key_sha256 }]
  })
}
