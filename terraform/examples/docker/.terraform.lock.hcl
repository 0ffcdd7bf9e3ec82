# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/kreuzwerker/docker" {
  version     = "4.5.0"
  constraints = "~> 4.0"
  hashes = [
    "h1:pe5Ucq7OLIvS0hutW8a8siGSGdg7+65r9o+U9BSs/ik=",
  ]
}
