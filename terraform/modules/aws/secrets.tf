# What a task gets from Secrets Manager: the configuration with the publishers' keys, and where Redis is with its password.
resource "aws_secretsmanager_secret" "configuration" {
  name_prefix             = "${var.name}-configuration-"
  description             = "Namespaces and publisher keys of ${var.name}"
  kms_key_id              = local.kms_key_arn
  recovery_window_in_days = 7
  tags                    = var.tags
}

resource "aws_secretsmanager_secret_version" "configuration" {
  secret_id     = aws_secretsmanager_secret.configuration.id
  secret_string = var.configuration
}

resource "aws_secretsmanager_secret" "redis" {
  name_prefix             = "${var.name}-redis-"
  description             = "Redis of ${var.name}: URI with password"
  kms_key_id              = local.kms_key_arn
  recovery_window_in_days = 7
  tags                    = var.tags
}

resource "aws_secretsmanager_secret_version" "redis" {
  secret_id     = aws_secretsmanager_secret.redis.id
  secret_string = "rediss://:${random_password.redis.result}@${aws_elasticache_replication_group.this.primary_endpoint_address}:6379"
}
