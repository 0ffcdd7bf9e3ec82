# What a plan has to show, whatever the account.
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_region" {
    defaults = { region = "eu-central-1" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
}

mock_provider "random" {}

variables {
  image                        = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/edgepush:1.0.0"
  image_repository_arn         = "arn:aws:ecr:eu-central-1:123456789012:repository/edgepush"
  certificate_arn              = "arn:aws:acm:eu-central-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
  publisher_security_group_ids = ["sg-0123456789abcdef0"]
  zones                        = ["eu-central-1a", "eu-central-1b"]
  configuration                = <<-YAML
    publisher-keys:
      - name: backend
        sha256: "0000000000000000000000000000000000000000000000000000000000000000"
  YAML
}

run "connections_outlive_the_silence_between_heartbeats" {
  command = plan

  assert {
    condition     = aws_lb.public.idle_timeout > 2 * var.heartbeat_seconds
    error_message = "The load balancer would end idle connections."
  }

  assert {
    condition     = aws_lb.public.idle_timeout > 25
    error_message = "The load balancer would end polls."
  }

  assert {
    condition     = aws_lb_listener.public.protocol == "HTTPS" && strcontains(aws_lb_listener.public.ssl_policy, "TLS13")
    error_message = "The public listener speaks TLS 1.3."
  }
}

run "draining_fits_into_every_window" {
  command = plan

  assert {
    condition     = tonumber(aws_lb_target_group.public.deregistration_delay) == var.drain_seconds
    error_message = "The load balancer keeps connections for as long as a node drains."
  }

  assert {
    condition     = local.container.stopTimeout > var.drain_seconds && local.container.stopTimeout <= 120
    error_message = "A task is killed while it drains, or Fargate does not wait so long."
  }

  assert {
    condition     = one([for pair in local.container.environment : pair.value if pair.name == "PUSH_DRAIN"]) == "${var.drain_seconds}s"
    error_message = "The node knows another window."
  }

  assert {
    condition     = aws_ecs_service.this.deployment_minimum_healthy_percent == 100
    error_message = "An update starts before it stops."
  }
}

run "publishers_are_not_public" {
  command = plan

  assert {
    condition     = aws_lb.publisher.internal
    error_message = "The publishers' load balancer is inside the VPC."
  }

  assert {
    condition     = aws_lb_target_group.public.port == 8080 && aws_lb_target_group.publisher.port == 8081
    error_message = "The public load balancer leads to the public port."
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.publishers : rule.cidr_ipv4 == null])
    error_message = "Publishers come by security group, not by address."
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.node : rule.cidr_ipv4 == null])
    error_message = "Nodes are reached through load balancers."
  }

  assert {
    condition     = !aws_ecs_service.this.network_configuration[0].assign_public_ip
    error_message = "Tasks have no public address."
  }
}

run "everything_that_is_kept_is_encrypted" {
  command = plan

  override_resource {
    target          = aws_kms_key.this
    override_during = plan
    values          = { arn = "arn:aws:kms:eu-central-1:123456789012:key/1" }
  }

  assert {
    condition     = aws_elasticache_replication_group.this[0].transit_encryption_enabled && tobool(aws_elasticache_replication_group.this[0].at_rest_encryption_enabled)
    error_message = "Redis speaks TLS, and is encrypted at rest."
  }

  assert {
    condition     = aws_elasticache_replication_group.this[0].multi_az_enabled && aws_elasticache_replication_group.this[0].automatic_failover_enabled && aws_elasticache_replication_group.this[0].num_cache_clusters >= 2
    error_message = "Redis survives the loss of a zone."
  }

  assert {
    condition     = alltrue([for key in [aws_elasticache_replication_group.this[0].kms_key_id, aws_cloudwatch_log_group.service.kms_key_id, aws_secretsmanager_secret.configuration.kms_key_id, aws_secretsmanager_secret.redis.kms_key_id] : key == "arn:aws:kms:eu-central-1:123456789012:key/1"])
    error_message = "By one key of ours."
  }

  assert {
    condition     = aws_kms_key.this[0].enable_key_rotation
    error_message = "The key rotates."
  }

  assert {
    condition     = alltrue([for group in [aws_cloudwatch_log_group.service, aws_cloudwatch_log_group.redis[0]] : group.retention_in_days > 0])
    error_message = "Logs end some day."
  }

  assert {
    condition     = toset([for secret in local.container.secrets : secret.name]) == toset(["PUSH_CONFIG_TEXT", "PUSH_REDIS"])
    error_message = "Keys and passwords come from Secrets Manager."
  }

  assert {
    condition     = length([for pair in local.container.environment : pair if contains(["PUSH_CONFIG_TEXT", "PUSH_REDIS"], pair.name)]) == 0
    error_message = "Keys and passwords stand in the task definition."
  }
}

run "nobody_may_more_than_needed" {
  command = plan

  override_resource {
    target          = aws_secretsmanager_secret.configuration
    override_during = plan
    values          = { arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:configuration" }
  }

  override_resource {
    target          = aws_secretsmanager_secret.redis
    override_during = plan
    values          = { arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:redis" }
  }

  override_resource {
    target          = aws_kms_key.this
    override_during = plan
    values          = { arn = "arn:aws:kms:eu-central-1:123456789012:key/1" }
  }

  override_resource {
    target          = aws_cloudwatch_log_group.service
    override_during = plan
    values          = { arn = "arn:aws:logs:eu-central-1:123456789012:log-group:service" }
  }

  override_resource {
    target          = aws_cloudwatch_log_group.flow
    override_during = plan
    values          = { arn = "arn:aws:logs:eu-central-1:123456789012:log-group:flow" }
  }

  assert {
    condition     = alltrue(flatten([for statement in concat(local.execution_policy.Statement, local.flow_policy.Statement) : [for action in statement.Action : !strcontains(action, "*")]]))
    error_message = "No action is a wildcard."
  }

  assert {
    condition     = [for statement in concat(local.execution_policy.Statement, local.flow_policy.Statement) : statement.Sid if contains(statement.Resource, "*")] == ["RegistryToken"]
    error_message = "Only ecr:GetAuthorizationToken, which knows no resource, has all of them."
  }

  assert {
    condition     = local.container.readonlyRootFilesystem && local.container.user == "65532:65532" && local.container.linuxParameters.capabilities.drop == ["ALL"]
    error_message = "A node runs without privileges."
  }
}

run "scaling_follows_connections_and_cpu_and_shrinks_slowly" {
  command = plan

  assert {
    condition     = aws_appautoscaling_policy.connections.target_tracking_scaling_policy_configuration[0].customized_metric_specification[0].metric_name == "Connections"
    error_message = "It follows the metric that the service writes."
  }

  assert {
    condition     = aws_appautoscaling_policy.connections.target_tracking_scaling_policy_configuration[0].scale_in_cooldown >= 300 && aws_appautoscaling_policy.cpu.target_tracking_scaling_policy_configuration[0].scale_in_cooldown >= 300
    error_message = "It shrinks slowly."
  }

  assert {
    condition     = local.container.ulimits[0].softLimit > var.max_connections
    error_message = "A node may open as many connections as it takes."
  }
}

run "what_is_optional_is_not_made_unasked" {
  command = plan

  assert {
    condition     = length(aws_wafv2_web_acl.this) + length(aws_cloudfront_distribution.this) + length(aws_route53_record.public) == 0
    error_message = "WAF, CloudFront and names are made only when asked for."
  }
}

run "a_vpc_that_is_given_is_used" {
  command = plan

  variables {
    vpc_id             = "vpc-0123456789abcdef0"
    public_subnet_ids  = ["subnet-0a", "subnet-0b"]
    private_subnet_ids = ["subnet-0c", "subnet-0d"]
  }

  assert {
    condition     = length(aws_vpc.this) + length(aws_nat_gateway.this) == 0
    error_message = "No other network is made."
  }

  assert {
    condition     = aws_ecs_service.this.network_configuration[0].subnets == toset(["subnet-0c", "subnet-0d"])
    error_message = "Tasks run in the private subnets."
  }
}

run "all_that_is_optional" {
  command = plan

  variables {
    waf_requests_per_5_minutes = 2000
    route53                    = { zone_id = "Z0123456789", public_name = "push.example.com", publisher_name = "publish.example.com" }
    cloudfront = {
      aliases         = ["push.example.com"]
      certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
      origin_name     = "origin.example.com"
    }
  }

  assert {
    condition     = !aws_cloudfront_distribution.this[0].default_cache_behavior[0].compress
    error_message = "Compression would hold back what is streamed."
  }

  assert {
    condition     = length(aws_wafv2_web_acl_association.this) == 1
    error_message = "The WAF stands in front of the public load balancer."
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

run "a_drain_window_that_fargate_does_not_grant_is_refused" {
  command = plan

  variables {
    drain_seconds = 110
  }

  expect_failures = [var.drain_seconds]
}

run "a_moving_tag_is_refused" {
  command = plan

  variables {
    image = "edgepush:latest"
  }

  expect_failures = [var.image]
}

run "more_connections_than_a_node_takes_are_refused" {
  command = plan

  variables {
    connections_per_task = 18000
  }

  expect_failures = [aws_ecs_service.this]
}
