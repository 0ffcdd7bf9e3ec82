# Everything: a VPC, two tasks and more as needed, Redis in two zones, names, a limit by address.
module "edgepush" {
  source = "../../modules/aws"

  name                         = "edgepush"
  zones                        = ["${var.region}a", "${var.region}b"]
  image                        = var.image
  image_repository_arn         = var.image_repository_arn
  certificate_arn              = var.certificate_arn
  publisher_security_group_ids = var.publisher_security_group_ids
  alarm_topic_arns             = var.alarm_topic_arns
  waf_requests_per_5_minutes   = 3000

  route53 = {
    zone_id        = var.zone_id
    public_name    = var.public_name
    publisher_name = var.publisher_name
  }

  configuration = yamlencode({
    namespaces     = [{ name = "open", patterns = ["public.**"], anonymous-subscribe = true }]
    publisher-keys = [{ name = "backend", sha256 = var.publisher_key_sha256 }]
  })
}
