# What starts a task may pull this image, read these secrets, write these logs. The task itself may do nothing.
locals {
  assume = {
    for service in ["ecs-tasks", "vpc-flow-logs"] : service => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Action    = ["sts:AssumeRole"]
        Principal = { Service = "${service}.amazonaws.com" }
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      }]
    })
  }
}

resource "aws_iam_role" "execution" {
  name_prefix        = "${var.name}-execution-"
  description        = "Starts tasks of ${var.name}"
  assume_role_policy = local.assume["ecs-tasks"]
  tags               = var.tags
}

resource "aws_iam_role" "task" {
  name_prefix        = "${var.name}-task-"
  description        = "Tasks of ${var.name}: no permission at all"
  assume_role_policy = local.assume["ecs-tasks"]
  tags               = var.tags
}

locals {
  # Written out, so that a plan shows what is permitted. No resource is "*" but that of the one call that knows no other.
  execution_policy = {
    Version = "2012-10-17"
    Statement = concat([
      {
        Sid      = "Secrets"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = concat([aws_secretsmanager_secret.configuration.arn, aws_secretsmanager_secret.redis.arn], aws_secretsmanager_secret.subscribe[*].arn)
      },
      {
        Sid      = "Decrypt"
        Effect   = "Allow"
        Action   = ["kms:Decrypt"]
        Resource = [local.kms_key_arn]
      },
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.service.arn}:log-stream:*"]
      },
      ], var.image_repository_arn == null ? [] : [
      {
        Sid      = "Image"
        Effect   = "Allow"
        Action   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]
        Resource = [var.image_repository_arn]
      },
      {
        Sid      = "RegistryToken"
        Effect   = "Allow"
        Action   = ["ecr:GetAuthorizationToken"]
        Resource = ["*"]
      },
    ])
  }
}

resource "aws_iam_role_policy" "execution" {
  name   = "start"
  role   = aws_iam_role.execution.id
  policy = jsonencode(local.execution_policy)
}

resource "aws_iam_role" "flow" {
  count = local.own_vpc ? 1 : 0

  name_prefix        = "${var.name}-flow-"
  description        = "Writes what the VPC of ${var.name} refuses"
  assume_role_policy = local.assume["vpc-flow-logs"]
  tags               = var.tags
}

locals {
  flow_policy = {
    Version = "2012-10-17"
    Statement = [for group in aws_cloudwatch_log_group.flow : {
      Sid      = "Logs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
      Resource = ["${group.arn}:log-stream:*", group.arn]
    }]
  }
}

resource "aws_iam_role_policy" "flow" {
  count = local.own_vpc ? 1 : 0

  name   = "write"
  role   = aws_iam_role.flow[0].id
  policy = jsonencode(local.flow_policy)
}
