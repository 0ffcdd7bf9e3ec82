# Finds Compose, for the scripts beside this one. Sourced after build/tools.sh.
# shellcheck shell=bash

find_compose() {
  if docker compose version >/dev/null 2>&1; then
    compose=(docker compose)
  elif docker-compose version >/dev/null 2>&1; then
    compose=(docker-compose)
  else
    return 1
  fi
}

need_compose() {
  find_compose || die "Compose is missing: install the Docker Compose plugin, so that 'docker compose' works"
}
