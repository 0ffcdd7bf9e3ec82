resource "aws_cloudwatch_log_group" "service" {
  name              = "/edgepush/${var.name}/service"
  retention_in_days = var.log_retention_days
  kms_key_id        = local.kms_key_arn
  tags              = var.tags
}

resource "aws_cloudwatch_log_group" "redis" {
  count = local.own_redis ? 1 : 0

  name              = "/edgepush/${var.name}/redis"
  retention_in_days = var.log_retention_days
  kms_key_id        = local.kms_key_arn
  tags              = var.tags
}

resource "aws_cloudwatch_log_group" "flow" {
  count = local.own_vpc ? 1 : 0

  name              = "/edgepush/${var.name}/flow"
  retention_in_days = var.log_retention_days
  kms_key_id        = local.kms_key_arn
  tags              = var.tags
}

locals {
  alarms = {
    unready = {
      description = "Fewer than two nodes are ready: look at their log; Redis away makes all of them unready"
      namespace   = "AWS/ApplicationELB", metric = "HealthyHostCount", statistic = "Minimum"
      comparison  = "LessThanThreshold", threshold = 2, missing = "breaching"
      dimensions  = { TargetGroup = aws_lb_target_group.public.arn_suffix, LoadBalancer = aws_lb.public.arn_suffix }
    }
    errors = {
      description = "Nodes answer clients with 5xx"
      namespace   = "AWS/ApplicationELB", metric = "HTTPCode_Target_5XX_Count", statistic = "Sum"
      comparison  = "GreaterThanThreshold", threshold = 50, missing = "notBreaching"
      dimensions  = { LoadBalancer = aws_lb.public.arn_suffix }
    }
    publishes = {
      description = "Publishes are refused with 5xx: Redis is away or overloaded"
      namespace   = "AWS/ApplicationELB", metric = "HTTPCode_Target_5XX_Count", statistic = "Sum"
      comparison  = "GreaterThanThreshold", threshold = 10, missing = "notBreaching"
      dimensions  = { LoadBalancer = aws_lb.publisher.arn_suffix }
    }
    full = {
      description = "A node has nearly as many connections as it takes: raise tasks.max"
      namespace   = "Edgepush", metric = "Connections", statistic = "Maximum"
      comparison  = "GreaterThanThreshold", threshold = floor(var.max_connections * 0.9), missing = "notBreaching"
      dimensions  = { Service = var.name }
    }
    memory = {
      description = "Nodes are short of memory"
      namespace   = "AWS/ECS", metric = "MemoryUtilization", statistic = "Maximum"
      comparison  = "GreaterThanThreshold", threshold = 90, missing = "notBreaching"
      dimensions  = { ClusterName = aws_ecs_cluster.this.name, ServiceName = aws_ecs_service.this.name }
    }
  }

  redis_alarms = local.own_redis ? {
    redis-cpu = {
      description = "Redis runs on one thread, and that is busy"
      namespace   = "AWS/ElastiCache", metric = "EngineCPUUtilization", statistic = "Maximum"
      comparison  = "GreaterThanThreshold", threshold = 80, missing = "notBreaching"
      dimensions  = { ReplicationGroupId = aws_elasticache_replication_group.this[0].id }
    }
    redis-memory = {
      description = "Redis is short of memory: less retention, or a larger node type"
      namespace   = "AWS/ElastiCache", metric = "DatabaseMemoryUsagePercentage", statistic = "Maximum"
      comparison  = "GreaterThanThreshold", threshold = 80, missing = "notBreaching"
      dimensions  = { ReplicationGroupId = aws_elasticache_replication_group.this[0].id }
    }
  } : {}
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = merge(local.alarms, local.redis_alarms)

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = 60
  evaluation_periods  = 3
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  treat_missing_data  = each.value.missing
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
  tags                = var.tags
}
