# Clients come by "public", through the ingress; backends by "private", from namespaces that are named.
resource "kubernetes_service_v1" "public" {
  metadata {
    name      = var.name
    namespace = var.namespace
    labels    = merge(local.labels, { "edgepush/port" = "public" })
  }

  spec {
    type     = "ClusterIP"
    selector = local.selector

    port {
      name        = "public"
      port        = 80
      target_port = "public"
    }
  }
}

resource "kubernetes_service_v1" "private" {
  metadata {
    name      = "${var.name}-publish"
    namespace = var.namespace
    labels    = merge(local.labels, { "edgepush/port" = "private" })
  }

  spec {
    type     = "ClusterIP"
    selector = local.selector

    port {
      name        = "private"
      port        = 80
      target_port = "private"
    }
  }
}

locals {
  annotations = {
    nginx = {
      "nginx.ingress.kubernetes.io/proxy-read-timeout"      = tostring(var.idle_timeout_seconds)
      "nginx.ingress.kubernetes.io/proxy-send-timeout"      = tostring(var.idle_timeout_seconds)
      "nginx.ingress.kubernetes.io/proxy-buffering"         = "off"
      "nginx.ingress.kubernetes.io/proxy-request-buffering" = "off"
      "nginx.ingress.kubernetes.io/proxy-http-version"      = "1.1"
      "nginx.ingress.kubernetes.io/load-balance"            = "ewma"
      "nginx.ingress.kubernetes.io/force-ssl-redirect"      = "true"
      # A node that drains answers 503: subscribing is always a GET, so another one may be asked.
      "nginx.ingress.kubernetes.io/proxy-next-upstream" = "error timeout http_503"
    }
    alb = {
      "alb.ingress.kubernetes.io/scheme"                   = "internet-facing"
      "alb.ingress.kubernetes.io/target-type"              = "ip"
      "alb.ingress.kubernetes.io/listen-ports"             = jsonencode([{ HTTPS = 443 }])
      "alb.ingress.kubernetes.io/certificate-arn"          = try(coalesce(var.ingress.certificate_arn), "")
      "alb.ingress.kubernetes.io/ssl-policy"               = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
      "alb.ingress.kubernetes.io/load-balancer-attributes" = "idle_timeout.timeout_seconds=${var.idle_timeout_seconds},routing.http.drop_invalid_header_fields.enabled=true"
      "alb.ingress.kubernetes.io/target-group-attributes"  = "deregistration_delay.timeout_seconds=${var.drain_seconds},load_balancing.algorithm.type=least_outstanding_requests"
      "alb.ingress.kubernetes.io/healthcheck-port"         = "8081"
      "alb.ingress.kubernetes.io/healthcheck-path"         = "/health/ready"
    }
  }
}

resource "kubernetes_ingress_v1" "this" {
  count = var.ingress == null ? 0 : 1

  metadata {
    name        = var.name
    namespace   = var.namespace
    labels      = local.labels
    annotations = merge(local.annotations[var.ingress.class], var.ingress.annotations)
  }

  spec {
    ingress_class_name = var.ingress.class

    dynamic "tls" {
      for_each = var.ingress.class == "nginx" ? [var.ingress.tls_secret] : []

      content {
        hosts       = [var.ingress.host]
        secret_name = tls.value
      }
    }

    rule {
      host = var.ingress.host

      http {
        path {
          path      = "/"
          path_type = "Prefix"

          backend {
            service {
              name = kubernetes_service_v1.public.metadata[0].name

              port {
                name = "public"
              }
            }
          }
        }
      }
    }
  }
}

resource "kubernetes_network_policy_v1" "this" {
  metadata {
    name      = var.name
    namespace = var.namespace
    labels    = local.labels
  }

  spec {
    policy_types = ["Ingress", "Egress"]

    pod_selector {
      match_labels = local.selector
    }

    ingress {
      ports {
        port     = "public"
        protocol = "TCP"
      }

      dynamic "from" {
        for_each = var.ingress_namespace == null ? [] : [var.ingress_namespace]

        content {
          namespace_selector {
            match_labels = { "kubernetes.io/metadata.name" = from.value }
          }
        }
      }
    }

    dynamic "ingress" {
      for_each = toset(concat(var.publisher_namespaces, var.monitoring_namespace == null ? [] : [var.monitoring_namespace]))

      content {
        ports {
          port     = "private"
          protocol = "TCP"
        }

        from {
          namespace_selector {
            match_labels = { "kubernetes.io/metadata.name" = ingress.value }
          }
        }
      }
    }

    # Names, Redis, and the key sets of token issuers.
    egress {
      ports {
        port     = "53"
        protocol = "UDP"
      }

      ports {
        port     = "53"
        protocol = "TCP"
      }
    }

    egress {
      ports {
        port     = tostring(var.redis_port)
        protocol = "TCP"
      }

      ports {
        port     = "443"
        protocol = "TCP"
      }
    }
  }
}

resource "kubernetes_manifest" "service_monitor" {
  count = var.service_monitor ? 1 : 0

  manifest = {
    apiVersion = "monitoring.coreos.com/v1"
    kind       = "ServiceMonitor"
    metadata   = { name = var.name, namespace = var.namespace, labels = local.labels }
    spec = {
      selector  = { matchLabels = merge(local.selector, { "edgepush/port" = "private" }) }
      endpoints = [{ port = "private", path = "/metrics", interval = "15s" }]
    }
  }
}
