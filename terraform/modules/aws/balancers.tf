# The public load balancer: clients.
resource "aws_lb" "public" {
  #checkov:skip=CKV2_AWS_76:The WAF is optional; where it is made it has AWSManagedRulesKnownBadInputsRuleSet
  name                       = "${var.name}-public"
  load_balancer_type         = "application"
  internal                   = false
  subnets                    = local.public_subnets
  security_groups            = [aws_security_group.public.id]
  idle_timeout               = var.idle_timeout_seconds
  client_keep_alive          = 3600
  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection
  tags                       = var.tags

  dynamic "access_logs" {
    for_each = var.access_log_bucket == null ? [] : [var.access_log_bucket]

    content {
      bucket  = access_logs.value
      prefix  = "${var.name}-public"
      enabled = true
    }
  }

  lifecycle {
    precondition {
      condition     = var.vpc_id == null || (length(var.public_subnet_ids) >= 2 && length(var.private_subnet_ids) >= 2)
      error_message = "With vpc_id, name two public_subnet_ids and two private_subnet_ids at least."
    }
  }
}

resource "aws_lb_target_group" "public" {
  name_prefix = substr("${var.name}-", 0, 6)
  port        = 8080
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = local.vpc_id
  # Connections live long: what counts is how many a node has.
  load_balancing_algorithm_type = "least_outstanding_requests"
  deregistration_delay          = var.drain_seconds
  tags                          = var.tags

  # Any node serves any client: there is nothing to stick to.
  stickiness {
    enabled = false
    type    = "lb_cookie"
  }

  health_check {
    path                = "/health/ready"
    port                = "8081"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_listener" "public" {
  load_balancer_arn = aws_lb.public.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = var.ssl_policy
  certificate_arn   = var.certificate_arn
  tags              = var.tags

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.public.arn
  }
}

# The publishers' load balancer: inside the VPC, for the security groups that are named.
resource "aws_lb" "publisher" {
  name                       = "${var.name}-publisher"
  load_balancer_type         = "application"
  internal                   = true
  subnets                    = local.private_subnets
  security_groups            = [aws_security_group.publisher.id]
  idle_timeout               = 60
  drop_invalid_header_fields = true
  enable_deletion_protection = var.deletion_protection
  tags                       = var.tags

  dynamic "access_logs" {
    for_each = var.access_log_bucket == null ? [] : [var.access_log_bucket]

    content {
      bucket  = access_logs.value
      prefix  = "${var.name}-publisher"
      enabled = true
    }
  }
}

resource "aws_lb_target_group" "publisher" {
  #checkov:skip=CKV_AWS_378:TLS ends at the load balancer; behind it only its security group reaches the nodes
  name_prefix          = substr("${var.name}-", 0, 6)
  port                 = 8081
  protocol             = "HTTP"
  target_type          = "ip"
  vpc_id               = local.vpc_id
  deregistration_delay = var.drain_seconds
  tags                 = var.tags

  health_check {
    path                = "/health/ready"
    port                = "8081"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }

  lifecycle {
    create_before_destroy = true
  }
}

# Health and metrics are each node's own.
resource "aws_lb_listener" "publisher" {
  load_balancer_arn = aws_lb.publisher.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = var.ssl_policy
  certificate_arn   = coalesce(var.publisher_certificate_arn, var.certificate_arn)
  tags              = var.tags

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      message_body = "not found"
      status_code  = "404"
    }
  }
}

resource "aws_lb_listener_rule" "publisher" {
  listener_arn = aws_lb_listener.publisher.arn
  priority     = 10
  tags         = var.tags

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.publisher.arn
  }

  condition {
    path_pattern {
      values = ["/v1/*"]
    }
  }
}
