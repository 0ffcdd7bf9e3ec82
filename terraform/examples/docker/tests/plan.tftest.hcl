mock_provider "docker" {}

run "the_example_plans" {
  command = plan

  assert {
    condition     = output.subscribe_url == "http://localhost:8080/subscribe"
    error_message = "It says where to subscribe."
  }

  assert {
    condition     = output.publish_url == "http://127.0.0.1:8081/v1/events"
    error_message = "It says where to publish."
  }
}
