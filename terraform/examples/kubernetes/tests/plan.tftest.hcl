mock_provider "kubernetes" {}

run "the_example_plans" {
  command = plan

  assert {
    condition     = output.publish_url == "http://edgepush-publish.edgepush.svc/v1/events"
    error_message = "It says where to publish."
  }
}
