# What a plan has to show, whatever the host.
mock_provider "docker" {}

variables {
  configuration = <<-YAML
    publisher-keys:
      - name: backend
        sha256: "0000000000000000000000000000000000000000000000000000000000000000"
  YAML
}

run "connections_outlive_the_silence_between_heartbeats" {
  command = plan

  # A node sends a heartbeat every 15 s, and answers a poll after 25 s.
  assert {
    condition     = alltrue([for name in ["client", "server", "tunnel"] : tonumber(one(regex("(?m)^  timeout ${name} ([0-9]+)s$", one([for file in docker_container.load_balancer.upload : file.content])))) > 30])
    error_message = "The load balancer would end idle connections, or polls."
  }
}

run "draining_fits_into_the_grace_period" {
  command = plan

  override_resource {
    target          = docker_image.node
    override_during = plan
    values          = { image_id = "sha256:node" }
  }

  override_resource {
    target          = docker_network.front
    override_during = plan
    values          = { id = "front" }
  }

  assert {
    condition     = alltrue([for node in docker_container.node : node.stop_timeout > var.drain_seconds && node.destroy_grace_seconds > var.drain_seconds && node.stop_signal == "SIGTERM"])
    error_message = "A node is killed while it drains."
  }

  assert {
    condition     = alltrue([for node in docker_container.node : contains(node.env, "PUSH_DRAIN=${var.drain_seconds}s")])
    error_message = "The node knows another window."
  }

  assert {
    condition     = length(docker_container.node) == 2
    error_message = "When one goes, another one is there."
  }

  assert {
    condition     = alltrue([for node in docker_container.node : node.healthcheck[0].test[3] == "/opt/edgepush/health ready && sleep 4"])
    error_message = "New nodes are there for the load balancer before old ones go."
  }
}

run "publishers_are_not_public" {
  command = plan

  assert {
    condition     = one([for port in docker_container.load_balancer.ports : port.ip if port.internal == 8081]) == "127.0.0.1"
    error_message = "Publishers come from this host."
  }

  assert {
    condition     = docker_network.backplane.internal && length(coalesce(docker_container.redis.ports, [])) == 0
    error_message = "Redis is reached by nodes alone."
  }

  assert {
    condition     = alltrue([for node in docker_container.node : length(coalesce(node.ports, [])) == 0])
    error_message = "Nodes are reached through the load balancer."
  }

  assert {
    condition     = strcontains(one([for file in docker_container.load_balancer.upload : file.content]), "http-request deny deny_status 404 unless { path_beg /v1/ } or { path /openapi.yaml }")
    error_message = "Metrics and health are each node's own."
  }
}

run "a_node_runs_without_privileges" {
  command = plan

  assert {
    condition     = alltrue([for node in docker_container.node : node.read_only && one(node.capabilities).drop == toset(["ALL"])])
    error_message = "A node writes nothing and may nothing."
  }

  assert {
    condition     = alltrue([for container in concat(docker_container.node, [docker_container.redis, docker_container.load_balancer]) : contains(container.security_opts, "no-new-privileges:true")])
    error_message = "Nothing gets privileges that it does not have."
  }
}

run "a_public_address_for_publishers_is_refused" {
  command = plan

  variables {
    publisher_address = "0.0.0.0"
  }

  expect_failures = [var.publisher_address]
}

run "a_configuration_without_a_publisher_is_refused" {
  command = plan

  variables {
    configuration = "namespaces: []"
  }

  expect_failures = [var.configuration]
}
