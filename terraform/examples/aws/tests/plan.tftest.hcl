mock_provider "aws" {}
mock_provider "random" {}

run "the_example_plans" {
  command = plan

  assert {
    condition     = output.subscribe_url == "https://push.example.com/subscribe"
    error_message = "It says where to subscribe."
  }
}
