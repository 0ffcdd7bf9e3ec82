# One key for what is kept: logs, secrets, Redis at rest.
data "aws_caller_identity" "this" {}

data "aws_region" "this" {}

data "aws_partition" "this" {}

locals {
  kms_key_arn = var.kms_key_arn == null ? aws_kms_key.this[0].arn : var.kms_key_arn
  account     = data.aws_caller_identity.this.account_id
  region      = data.aws_region.this.region
  partition   = data.aws_partition.this.partition
}

resource "aws_kms_key" "this" {
  count = var.kms_key_arn == null ? 1 : 0

  description         = "Logs, secrets and Redis of ${var.name}"
  enable_key_rotation = true
  tags                = var.tags

  # In the policy of a key, "*" as resource means this key.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Account"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
        Action    = ["kms:*"]
        Resource  = "*"
      },
      {
        Sid       = "Logs"
        Effect    = "Allow"
        Principal = { Service = "logs.${local.region}.amazonaws.com" }
        Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:DescribeKey"]
        Resource  = "*"
        Condition = {
          ArnLike = {
            "kms:EncryptionContext:aws:logs:arn" = [
              for group in ["/edgepush/${var.name}/*", "aws-waf-logs-${var.name}"] :
              "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${group}"
            ]
          }
        }
      },
    ]
  })
}
