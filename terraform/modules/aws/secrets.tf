# What a task gets from Secrets Manager: the configuration with the publishers' keys, and where Redis is with its password.
resource "aws_secretsmanager_secret" "configuration" {
  #checkov:skip=CKV2_AWS_57:It changes with a change of this configuration: the service holds hashes of keys, and Redis the password from the same state
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
  #checkov:skip=CKV2_AWS_57:It changes with a change of this configuration: the service holds hashes of keys, and Redis the password from the same state
  name_prefix             = "${var.name}-redis-"
  description             = "Redis of ${var.name}: URI with password"
  kms_key_id              = local.kms_key_arn
  recovery_window_in_days = 7
  tags                    = var.tags
}

resource "aws_secretsmanager_secret_version" "redis" {
  secret_id     = aws_secretsmanager_secret.redis.id
  secret_string = local.redis.publish
}

# Where Redis is elsewhere, events may be received from a replica that is nearer.
resource "aws_secretsmanager_secret" "subscribe" {
  #checkov:skip=CKV2_AWS_57:It changes with a change of this configuration: the service holds hashes of keys, and Redis the password from the same state
  count = local.own_redis ? 0 : 1

  name_prefix             = "${var.name}-redis-subscribe-"
  description             = "Redis that ${var.name} subscribes at: URI with password"
  kms_key_id              = local.kms_key_arn
  recovery_window_in_days = 7
  tags                    = var.tags
}

resource "aws_secretsmanager_secret_version" "subscribe" {
  count = local.own_redis ? 0 : 1

  secret_id     = aws_secretsmanager_secret.subscribe[0].id
  secret_string = local.redis.subscribe
}
