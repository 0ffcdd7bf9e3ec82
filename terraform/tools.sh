# What the scripts here share. Sourced, never run.
# shellcheck shell=bash

# find_terraform: terraform is the program to call.
find_terraform() {
  local name
  for name in terraform tofu; do
    if command -v "$name" >/dev/null 2>&1; then
      terraform=$name
      return 0
    fi
  done
  return 1
}
