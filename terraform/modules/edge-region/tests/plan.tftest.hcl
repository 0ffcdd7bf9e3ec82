# What a plan has to show, whatever the account.
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_region" {
    defaults = { region = "us-east-1" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
}

mock_provider "random" {}

variables {
  zones    = ["us-east-1a", "us-east-1b"]
  vpc_cidr = "10.43.0.0/16"
  primary = {
    global_replication_group_id = "ldgnf-edgepush"
    redis_uri                   = "rediss://:secret@master.edgepush.example.com:6379"
    redis_auth_token            = "secret"
    vpc_cidr                    = "10.42.0.0/16"
  }
  service = {
    image           = "registry.example.com/edgepush:1.0.0"
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
  }
  configuration = <<-YAML
    publisher-keys:
      - name: backend
        sha256: "0000000000000000000000000000000000000000000000000000000000000000"
  YAML
  peering       = { connection_id = "pcx-0123456789abcdef0" }
}

run "the_region_has_a_replica_of_its_own" {
  command = plan

  assert {
    condition     = aws_elasticache_replication_group.replica.global_replication_group_id == "ldgnf-edgepush"
    error_message = "The replica belongs to the global datastore."
  }

  assert {
    condition     = aws_elasticache_replication_group.replica.multi_az_enabled && aws_elasticache_replication_group.replica.num_cache_clusters >= 2
    error_message = "It survives the loss of a zone."
  }
}

run "the_way_to_the_primary_is_there" {
  command = plan

  assert {
    condition     = alltrue([for route in aws_route.primary : route.destination_cidr_block == "10.42.0.0/16" && route.vpc_peering_connection_id == var.peering.connection_id])
    error_message = "Publishes go through the peering connection."
  }

  assert {
    condition     = length(aws_route.primary) == length(var.zones)
    error_message = "From each zone."
  }
}

run "between_regions_redis_is_reached_by_tls" {
  command = plan

  variables {
    primary = {
      global_replication_group_id = "ldgnf-edgepush"
      redis_uri                   = "redis://master.edgepush.example.com:6379"
      redis_auth_token            = "secret"
      vpc_cidr                    = "10.42.0.0/16"
    }
  }

  expect_failures = [var.primary]
}
