# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/hashicorp/aws" {
  version     = "6.25.0"
  constraints = "~> 6.0"
  hashes = [
    "h1:MeBPOqsrOtUWrK0fC9v0L23qjKXxy2RcRnOdbkj0g84=",
  ]
}

provider "registry.terraform.io/hashicorp/random" {
  version     = "3.9.0"
  constraints = "~> 3.6"
  hashes = [
    "h1:Zx2gU2dD7MV4Uh3fQ/6spO7TtzPzPK4J7gQO+GdkNog=",
  ]
}
