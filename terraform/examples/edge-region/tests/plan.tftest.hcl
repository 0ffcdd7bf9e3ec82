mock_provider "aws" {}

mock_provider "aws" {
  alias = "edge"
}

mock_provider "random" {}

run "the_example_plans" {
  command = plan

  assert {
    condition     = aws_vpc_peering_connection.this.peer_region == "us-east-1"
    error_message = "The regions are peered."
  }

  assert {
    condition     = length(aws_route.edge) == 2
    error_message = "And each zone has a route."
  }
}
