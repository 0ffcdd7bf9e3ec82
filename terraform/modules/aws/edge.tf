# What may stand in front: names, a limit by address, CloudFront.
resource "aws_route53_record" "public" {
  for_each = var.route53 == null ? toset([]) : toset(["A"])

  zone_id = var.route53.zone_id
  name    = var.route53.public_name
  type    = each.value

  alias {
    name                   = var.cloudfront == null ? aws_lb.public.dns_name : aws_cloudfront_distribution.this[0].domain_name
    zone_id                = var.cloudfront == null ? aws_lb.public.zone_id : aws_cloudfront_distribution.this[0].hosted_zone_id
    evaluate_target_health = var.cloudfront == null
  }
}

resource "aws_route53_record" "publisher" {
  for_each = var.route53 == null ? toset([]) : toset(var.route53.publisher_name == null ? [] : ["A"])

  zone_id = var.route53.zone_id
  name    = var.route53.publisher_name
  type    = each.value

  alias {
    name                   = aws_lb.publisher.dns_name
    zone_id                = aws_lb.publisher.zone_id
    evaluate_target_health = true
  }
}

resource "aws_wafv2_web_acl" "this" {
  count = var.waf_requests_per_5_minutes == null ? 0 : 1

  name        = var.name
  description = "Limits requests by address, and refuses what is known to be bad"
  scope       = "REGIONAL"
  tags        = var.tags

  default_action {
    allow {}
  }

  rule {
    name     = "known-bad-inputs"
    priority = 1

    override_action {
      none {}
    }

    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesKnownBadInputsRuleSet"
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "${var.name}-known-bad-inputs"
      sampled_requests_enabled   = true
    }
  }

  rule {
    name     = "rate"
    priority = 2

    action {
      block {}
    }

    statement {
      rate_based_statement {
        limit              = var.waf_requests_per_5_minutes
        aggregate_key_type = "IP"
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "${var.name}-rate"
      sampled_requests_enabled   = true
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = var.name
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_web_acl_association" "this" {
  count = var.waf_requests_per_5_minutes == null ? 0 : 1

  resource_arn = aws_lb.public.arn
  web_acl_arn  = aws_wafv2_web_acl.this[0].arn
}

resource "aws_cloudwatch_log_group" "waf" {
  count = var.waf_requests_per_5_minutes == null ? 0 : 1

  # WAF writes to groups of this prefix only.
  name              = "aws-waf-logs-${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = local.kms_key_arn
  tags              = var.tags
}

resource "aws_wafv2_web_acl_logging_configuration" "this" {
  count = var.waf_requests_per_5_minutes == null ? 0 : 1

  resource_arn            = aws_wafv2_web_acl.this[0].arn
  log_destination_configs = [aws_cloudwatch_log_group.waf[0].arn]

  redacted_fields {
    single_header {
      name = "authorization"
    }
  }

  # access_token may be in it.
  redacted_fields {
    query_string {}
  }
}

resource "aws_cloudfront_distribution" "this" {
  #checkov:skip=CKV_AWS_68:The WAF stands at the load balancer behind it, which is reached directly too
  #checkov:skip=CKV2_AWS_47:The same
  #checkov:skip=CKV_AWS_86:Its logs hold query strings, and tokens may be in them
  #checkov:skip=CKV_AWS_305:There is no root object: it passes everything on
  #checkov:skip=CKV_AWS_310:There is one origin; a second region is chosen by Route 53
  #checkov:skip=CKV_AWS_374:Whom to refuse by country is not for a module to say
  #checkov:skip=CKV2_AWS_32:Header policies are those of the pages that clients come from; the service sets its own
  count = var.cloudfront == null ? 0 : 1

  comment         = "${var.name}: passes everything on, keeps nothing"
  enabled         = true
  is_ipv6_enabled = true
  http_version    = "http2and3"
  aliases         = var.cloudfront.aliases
  price_class     = var.cloudfront.price_class
  tags            = var.tags

  origin {
    domain_name = var.cloudfront.origin_name
    origin_id   = "service"

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
      # A poll is answered after 25 s, a stream sends a heartbeat: both before this, the most that needs no quota.
      origin_read_timeout      = 60
      origin_keepalive_timeout = 60
    }
  }

  # Managed policies: CachingDisabled, AllViewer. Compression would collect what is streamed.
  default_cache_behavior {
    target_origin_id         = "service"
    viewer_protocol_policy   = "https-only"
    allowed_methods          = ["GET", "HEAD", "OPTIONS"]
    cached_methods           = ["GET", "HEAD"]
    compress                 = false
    cache_policy_id          = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    origin_request_policy_id = "216adef6-5c7f-47e4-b989-5492eafa07d3"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    acm_certificate_arn      = var.cloudfront.certificate_arn
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }
}
