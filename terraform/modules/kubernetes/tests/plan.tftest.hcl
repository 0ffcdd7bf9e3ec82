# What a plan has to show, whatever the cluster.
mock_provider "kubernetes" {}

variables {
  namespace     = "push"
  image         = "registry.example.com/edgepush:1.0.0"
  redis_uri     = "rediss://:secret@redis.example.com:6379"
  configuration = <<-YAML
    publisher-keys:
      - name: backend
        sha256: "0000000000000000000000000000000000000000000000000000000000000000"
  YAML
}

run "draining_fits_into_the_grace_period" {
  command = plan

  assert {
    condition     = kubernetes_deployment_v1.this.spec[0].template[0].spec[0].termination_grace_period_seconds > var.drain_seconds + var.deregistration_seconds
    error_message = "A pod is killed while it drains."
  }

  assert {
    condition     = kubernetes_deployment_v1.this.spec[0].template[0].spec[0].container[0].lifecycle[0].pre_stop[0].exec[0].command[1] == tostring(var.deregistration_seconds)
    error_message = "A pod waits for its deregistration before it drains."
  }

  assert {
    condition     = local.environment.PUSH_DRAIN == "${var.drain_seconds}s"
    error_message = "The node knows another window."
  }

  assert {
    condition     = kubernetes_deployment_v1.this.spec[0].strategy[0].rolling_update[0].max_unavailable == "0"
    error_message = "An update starts before it stops."
  }
}

run "a_pod_is_restricted" {
  command = plan

  assert {
    condition     = kubernetes_deployment_v1.this.spec[0].template[0].spec[0].security_context[0].run_as_non_root && kubernetes_deployment_v1.this.spec[0].template[0].spec[0].security_context[0].seccomp_profile[0].type == "RuntimeDefault"
    error_message = "Pods meet the restricted standard."
  }

  assert {
    condition     = kubernetes_deployment_v1.this.spec[0].template[0].spec[0].container[0].security_context[0].read_only_root_filesystem && !kubernetes_deployment_v1.this.spec[0].template[0].spec[0].container[0].security_context[0].allow_privilege_escalation && kubernetes_deployment_v1.this.spec[0].template[0].spec[0].container[0].security_context[0].capabilities[0].drop == tolist(["ALL"])
    error_message = "Containers meet the restricted standard."
  }

  assert {
    condition     = !kubernetes_deployment_v1.this.spec[0].template[0].spec[0].automount_service_account_token
    error_message = "Pods have no token of the cluster."
  }
}

run "publishers_are_not_public" {
  command = plan

  variables {
    publisher_namespaces = ["backends"]
    ingress              = { class = "nginx", host = "push.example.com", tls_secret = "push-tls" }
  }

  assert {
    condition     = kubernetes_service_v1.private.spec[0].type == "ClusterIP" && kubernetes_service_v1.public.spec[0].type == "ClusterIP"
    error_message = "Both services are inside the cluster."
  }

  assert {
    condition     = kubernetes_ingress_v1.this[0].spec[0].rule[0].http[0].path[0].backend[0].service[0].port[0].name == "public"
    error_message = "The ingress leads to the public port."
  }

  assert {
    condition     = alltrue([for rule in kubernetes_network_policy_v1.this.spec[0].ingress : length(rule.from) > 0 if rule.ports[0].port == "private"])
    error_message = "The private port is open to namespaces that are named, and to nobody else."
  }
}

run "the_private_port_is_closed_unless_somebody_is_named" {
  command = plan

  assert {
    condition     = length([for rule in kubernetes_network_policy_v1.this.spec[0].ingress : rule if rule.ports[0].port == "private"]) == 0
    error_message = "Nobody was named."
  }
}

run "nginx_neither_buffers_nor_cuts" {
  command = plan

  variables {
    ingress = { class = "nginx", host = "push.example.com", tls_secret = "push-tls" }
  }

  assert {
    condition     = kubernetes_ingress_v1.this[0].metadata[0].annotations["nginx.ingress.kubernetes.io/proxy-buffering"] == "off"
    error_message = "Buffering holds back what is streamed."
  }

  assert {
    condition     = tonumber(kubernetes_ingress_v1.this[0].metadata[0].annotations["nginx.ingress.kubernetes.io/proxy-read-timeout"]) > 2 * var.heartbeat_seconds
    error_message = "The ingress would end idle connections."
  }
}

run "alb_deregisters_in_the_drain_window" {
  command = plan

  variables {
    ingress = { class = "alb", host = "push.example.com", certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1" }
  }

  assert {
    condition     = strcontains(kubernetes_ingress_v1.this[0].metadata[0].annotations["alb.ingress.kubernetes.io/target-group-attributes"], "deregistration_delay.timeout_seconds=${var.drain_seconds}")
    error_message = "The load balancer keeps connections for as long as a node drains."
  }

  assert {
    condition     = strcontains(kubernetes_ingress_v1.this[0].metadata[0].annotations["alb.ingress.kubernetes.io/load-balancer-attributes"], "idle_timeout.timeout_seconds=${var.idle_timeout_seconds}")
    error_message = "The load balancer would end idle connections."
  }
}

run "scaling_follows_connections_and_shrinks_slowly" {
  command = plan

  variables {
    connections_per_pod = 10000
  }

  assert {
    condition     = length(kubernetes_horizontal_pod_autoscaler_v2.this.spec[0].metric) == 2
    error_message = "It follows CPU and connections."
  }

  assert {
    condition     = kubernetes_horizontal_pod_autoscaler_v2.this.spec[0].behavior[0].scale_down[0].stabilization_window_seconds >= 300
    error_message = "It shrinks slowly."
  }
}

run "an_idle_timeout_below_the_heartbeat_is_refused" {
  command = plan

  variables {
    heartbeat_seconds    = 60
    idle_timeout_seconds = 100
  }

  expect_failures = [var.idle_timeout_seconds]
}

run "an_ingress_without_certificate_is_refused" {
  command = plan

  variables {
    ingress = { class = "nginx", host = "push.example.com" }
  }

  expect_failures = [var.ingress]
}
