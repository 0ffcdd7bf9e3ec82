locals {
  selector = { "app.kubernetes.io/name" = "edgepush", "app.kubernetes.io/instance" = var.name }
  labels   = merge(local.selector, { "app.kubernetes.io/managed-by" = "terraform" })
  # Deregistration, then the node's own window, then some seconds to close what is left.
  grace = var.deregistration_seconds + var.drain_seconds + 15
  environment = merge(var.environment, {
    PUSH_DRAIN           = "${var.drain_seconds}s"
    PUSH_HEARTBEAT       = "${var.heartbeat_seconds}s"
    PUSH_MAX_CONNECTIONS = tostring(var.max_connections)
  })
}

resource "kubernetes_secret_v1" "this" {
  metadata {
    name      = var.name
    namespace = var.namespace
    labels    = local.labels
  }

  data = {
    PUSH_REDIS      = var.redis_uri
    "edgepush.yaml" = var.configuration
  }
}

resource "kubernetes_service_account_v1" "this" {
  metadata {
    name      = var.name
    namespace = var.namespace
    labels    = local.labels
  }

  automount_service_account_token = false
}

resource "kubernetes_deployment_v1" "this" {
  #checkov:skip=CKV_K8S_11:A limit throttles just when many events are to be delivered; the request keeps others alive
  #checkov:skip=CKV_K8S_14:The variable refuses "latest" and no tag
  #checkov:skip=CKV_K8S_15:A tag that never moves needs no pull at each start
  #checkov:skip=CKV_K8S_43:The variable takes a digest too
  metadata {
    name      = var.name
    namespace = var.namespace
    labels    = local.labels
  }

  spec {
    min_ready_seconds = 5

    selector {
      match_labels = local.selector
    }

    # One more before one less, and one at a time: each that ends sends its clients to the others.
    strategy {
      type = "RollingUpdate"

      rolling_update {
        max_surge       = "1"
        max_unavailable = "0"
      }
    }

    template {
      metadata {
        labels = local.labels
        # A changed secret is a new rollout.
        annotations = { "edgepush/configuration" = nonsensitive(sha256(jsonencode([var.configuration, var.redis_uri]))) }
      }

      spec {
        service_account_name             = kubernetes_service_account_v1.this.metadata[0].name
        automount_service_account_token  = false
        enable_service_links             = false
        termination_grace_period_seconds = local.grace

        security_context {
          run_as_non_root = true
          run_as_user     = "65532"
          run_as_group    = "65532"
          fs_group        = "65532"

          seccomp_profile {
            type = "RuntimeDefault"
          }
        }

        dynamic "image_pull_secrets" {
          for_each = var.image_pull_secrets

          content {
            name = image_pull_secrets.value
          }
        }

        topology_spread_constraint {
          max_skew           = 1
          topology_key       = "topology.kubernetes.io/zone"
          when_unsatisfiable = "ScheduleAnyway"

          label_selector {
            match_labels = local.selector
          }
        }

        topology_spread_constraint {
          max_skew           = 1
          topology_key       = "kubernetes.io/hostname"
          when_unsatisfiable = "ScheduleAnyway"

          label_selector {
            match_labels = local.selector
          }
        }

        volume {
          name = "configuration"

          secret {
            secret_name  = kubernetes_secret_v1.this.metadata[0].name
            default_mode = "0440"

            items {
              key  = "edgepush.yaml"
              path = "edgepush.yaml"
            }
          }
        }

        container {
          name              = "node"
          image             = var.image
          image_pull_policy = "IfNotPresent"

          port {
            name           = "public"
            container_port = 8080
          }

          port {
            name           = "private"
            container_port = 8081
          }

          env {
            name  = "PUSH_CONFIG"
            value = "/etc/edgepush/edgepush.yaml"
          }

          env {
            name = "PUSH_REDIS"

            value_from {
              secret_key_ref {
                name = kubernetes_secret_v1.this.metadata[0].name
                key  = "PUSH_REDIS"
              }
            }
          }

          dynamic "env" {
            for_each = local.environment

            content {
              name  = env.key
              value = env.value
            }
          }

          volume_mount {
            name       = "configuration"
            mount_path = "/etc/edgepush"
            read_only  = true
          }

          resources {
            requests = { cpu = var.cpu, memory = var.memory }
            limits   = { memory = var.memory }
          }

          security_context {
            allow_privilege_escalation = false
            read_only_root_filesystem  = true
            run_as_non_root            = true

            capabilities {
              drop = ["ALL"]
            }
          }

          startup_probe {
            period_seconds    = 1
            failure_threshold = 60

            http_get {
              path = "/health/live"
              port = "private"
            }
          }

          # Not ready where Redis is away or the pod drains: no new clients, those that are there stay.
          readiness_probe {
            period_seconds    = 3
            timeout_seconds   = 3
            failure_threshold = 2

            http_get {
              path = "/health/ready"
              port = "private"
            }
          }

          liveness_probe {
            period_seconds    = 10
            timeout_seconds   = 5
            failure_threshold = 6

            http_get {
              path = "/health/live"
              port = "private"
            }
          }

          # Before SIGTERM: load balancers take the pod off their lists meanwhile.
          lifecycle {
            pre_stop {
              exec {
                command = ["/bin/sleep", tostring(var.deregistration_seconds)]
              }
            }
          }
        }
      }
    }
  }

  lifecycle {
    # The autoscaler sets it.
    ignore_changes = [spec[0].replicas]

    precondition {
      condition     = var.connections_per_pod == null ? true : var.connections_per_pod < var.max_connections
      error_message = "connections_per_pod has to be less than max_connections."
    }
  }
}

resource "kubernetes_pod_disruption_budget_v1" "this" {
  metadata {
    name      = var.name
    namespace = var.namespace
    labels    = local.labels
  }

  spec {
    max_unavailable = "1"

    selector {
      match_labels = local.selector
    }
  }
}

resource "kubernetes_horizontal_pod_autoscaler_v2" "this" {
  metadata {
    name      = var.name
    namespace = var.namespace
    labels    = local.labels
  }

  spec {
    min_replicas = var.replicas.min
    max_replicas = var.replicas.max

    scale_target_ref {
      api_version = "apps/v1"
      kind        = "Deployment"
      name        = kubernetes_deployment_v1.this.metadata[0].name
    }

    metric {
      type = "Resource"

      resource {
        name = "cpu"

        target {
          type                = "Utilization"
          average_utilization = var.cpu_percent
        }
      }
    }

    dynamic "metric" {
      for_each = var.connections_per_pod == null ? [] : [var.connections_per_pod]

      content {
        type = "Pods"

        pods {
          metric {
            name = "push_connections"
          }

          target {
            type          = "AverageValue"
            average_value = tostring(metric.value)
          }
        }
      }
    }

    behavior {
      scale_up {
        stabilization_window_seconds = 0
        select_policy                = "Max"

        policy {
          type           = "Percent"
          value          = 100
          period_seconds = 60
        }
      }

      scale_down {
        stabilization_window_seconds = var.scale_in_stabilization_seconds
        select_policy                = "Min"

        policy {
          type           = "Pods"
          value          = 1
          period_seconds = max(60, local.grace)
        }
      }
    }
  }
}
