resource "aws_ecs_cluster" "this" {
  name = var.name
  tags = var.tags

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

locals {
  environment = merge(var.environment, {
    PUSH_DRAIN           = "${var.drain_seconds}s"
    PUSH_HEARTBEAT       = "${var.heartbeat_seconds}s"
    PUSH_MAX_CONNECTIONS = tostring(var.max_connections)
    PUSH_EMF_INTERVAL    = "30s"
    PUSH_EMF_SERVICE     = var.name
  })

  # A file for each connection, and some for everything else.
  open_files = var.max_connections + 2048

  container = {
    name                   = "node"
    image                  = var.image
    essential              = true
    readonlyRootFilesystem = true
    privileged             = false
    user                   = "65532:65532"
    # Time to drain, and to close what is left. Fargate gives 120 s at most.
    stopTimeout = var.drain_seconds + 15
    linuxParameters = {
      capabilities = { drop = ["ALL"] }
    }
    portMappings = [
      { name = "public", containerPort = 8080, protocol = "tcp" },
      { name = "private", containerPort = 8081, protocol = "tcp" },
    ]
    ulimits     = [{ name = "nofile", softLimit = local.open_files, hardLimit = local.open_files }]
    environment = [for key in sort(keys(local.environment)) : { name = key, value = local.environment[key] }]
    secrets = concat([
      { name = "PUSH_CONFIG_TEXT", valueFrom = aws_secretsmanager_secret.configuration.arn },
      { name = "PUSH_REDIS", valueFrom = aws_secretsmanager_secret.redis.arn },
    ], [for arn in aws_secretsmanager_secret.subscribe[*].arn : { name = "PUSH_REDIS_SUBSCRIBE", valueFrom = arn }])
    # Alive, not ready: a node without Redis keeps its clients, and ending it would help nobody.
    healthCheck = {
      command     = ["CMD", "/opt/edgepush/health", "live"]
      interval    = 10
      timeout     = 5
      retries     = 3
      startPeriod = 30
    }
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.service.name
        awslogs-region        = local.region
        awslogs-stream-prefix = "node"
        mode                  = "non-blocking"
        max-buffer-size       = "4m"
      }
    }
  }
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = tostring(var.cpu)
  memory                   = tostring(var.memory)
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode([local.container])
  tags                     = var.tags

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.architecture
  }
}

resource "aws_ecs_service" "this" {
  name                    = var.name
  cluster                 = aws_ecs_cluster.this.id
  task_definition         = aws_ecs_task_definition.this.arn
  launch_type             = "FARGATE"
  platform_version        = "LATEST"
  desired_count           = var.tasks.min
  propagate_tags          = "SERVICE"
  enable_ecs_managed_tags = true
  tags                    = var.tags

  # New tasks are ready before old ones drain, and what does not get ready is taken back.
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = 60
  availability_zone_rebalancing      = "ENABLED"

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = local.private_subnets
    security_groups  = [aws_security_group.node.id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.public.arn
    container_name   = local.container.name
    container_port   = 8080
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.publisher.arn
    container_name   = local.container.name
    container_port   = 8081
  }

  depends_on = [
    aws_lb_listener.public, aws_lb_listener_rule.publisher, aws_iam_role_policy.execution,
    aws_secretsmanager_secret_version.configuration, aws_secretsmanager_secret_version.redis,
    aws_secretsmanager_secret_version.subscribe,
  ]

  lifecycle {
    # Autoscaling sets it.
    ignore_changes = [desired_count]

    precondition {
      condition     = var.connections_per_task < var.max_connections
      error_message = "connections_per_task has to be less than max_connections."
    }
  }
}
