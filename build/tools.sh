# What run and test share: finding tools, and installing them where apt can. Sourced, never run.
# shellcheck shell=bash

say() { printf 'edgepush: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif [ -t 0 ]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

can_apt() {
  command -v apt-get >/dev/null 2>&1 && { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null 2>&1; }
}

# apt_version PACKAGE: the upstream version that apt would install, nothing when it knows none.
apt_version() {
  apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: *\([0-9]*:\)\{0,1\}\([0-9].*\)$/\2/p'
}

# apt_install PACKAGE...: installs the first of them that apt knows.
apt_install() {
  can_apt || return 1
  local known="" name log
  log=$(mktemp)
  for attempt in as-is updated; do
    [ "$attempt" = as-is ] || as_root apt-get update -qq >"$log" 2>&1 || true
    for name in "$@"; do
      [ -n "$known" ] || [ -z "$(apt_version "$name")" ] || known=$name
    done
    [ -n "$known" ] || continue
    say "installing $known (apt)"
    if as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq -o DPkg::Lock::Timeout=120 --no-install-recommends "$known" >"$log" 2>&1; then
      rm -f "$log"
      hash -r
      return 0
    fi
  done
  [ -z "$known" ] || tail -n 5 "$log" >&2
  rm -f "$log"
  return 1
}

is_jdk25() {
  [ -x "$1/bin/javac" ] || return 1
  if [ -r "$1/release" ]; then
    grep -q '^JAVA_VERSION="25[".]' "$1/release"
  else
    "$1/bin/javac" -version 2>&1 | grep -q '^javac 25\b'
  fi
}

# find_jdk: prints the home of a JDK 25.
find_jdk() {
  local home on_path
  on_path=$(command -v javac || true)
  [ -z "$on_path" ] || on_path=$(readlink -f "$on_path")
  for home in "${JAVA_HOME:-}" "${on_path%/bin/javac}" /usr/lib/jvm/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk@25 /usr/local/opt/openjdk@25 \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    if [ -n "$home" ] && is_jdk25 "$home"; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  return 1
}

# need_java: JAVA_HOME is a JDK 25 from here on, for Maven too, and mvn is there.
need_java() {
  local home
  if ! home=$(find_jdk); then
    { apt_install openjdk-25-jdk-headless temurin-25-jdk && home=$(find_jdk); } ||
      die "JDK 25 is missing: install a JDK 25 (Eclipse Temurin, for one) and set JAVA_HOME to it, or have its javac on the PATH"
  fi
  export JAVA_HOME=$home
  command -v mvn >/dev/null 2>&1 || apt_install maven ||
    die "Maven is missing: install Maven 3.6.3 or later so that mvn is on the PATH"
}

need_redis() {
  command -v redis-server >/dev/null 2>&1 && return 0
  apt_install redis-server || die "redis-server is missing: install Redis 7 or later so that redis-server is on the PATH"
  # The package starts a server of its own; the tests start theirs on free ports.
  { as_root systemctl disable --now redis-server || as_root service redis-server stop; } >/dev/null 2>&1 || true
}

# need_browser: CHROMIUM is the path of a Chromium or Chrome.
need_browser() {
  local attempt name
  for attempt in found installed; do
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do
      if [ -n "$name" ] && name=$(command -v "$name"); then
        export CHROMIUM=$name
        return 0
      fi
    done
    [ "$attempt" = installed ] || apt_install chromium || break
  done
  die "a browser is missing: install Chromium or Chrome, or set CHROMIUM to the path of one"
}

# need_firefox: FIREFOX is the path of a Firefox.
need_firefox() {
  local attempt name
  for attempt in found installed; do
    for name in "${FIREFOX:-}" firefox-esr firefox /Applications/Firefox.app/Contents/MacOS/firefox; do
      if [ -n "$name" ] && name=$(command -v "$name"); then
        export FIREFOX=$name
        return 0
      fi
    done
    [ "$attempt" = installed ] || apt_install firefox-esr firefox || break
  done
  die "Firefox is missing: install it, or set FIREFOX to its path"
}

# need_webkit: WEBKIT_DRIVER is the path of WebKitGTK's WebDriver, and a display for it can be had. On Linux: elsewhere there is no WebKitGTK.
need_webkit() {
  [ "$(uname -s)" = Linux ] || return 0
  local driver=${WEBKIT_DRIVER:-WebKitWebDriver}
  command -v "$driver" >/dev/null 2>&1 || apt_install webkit2gtk-driver || true
  command -v Xvfb >/dev/null 2>&1 || apt_install xvfb || true
  { command -v Xvfb && WEBKIT_DRIVER=$(command -v "$driver"); } >/dev/null 2>&1 ||
    die "WebKitGTK's WebDriver or Xvfb is missing: install webkit2gtk-driver and xvfb"
  export WEBKIT_DRIVER
}

node_is_recent() {
  command -v npm >/dev/null 2>&1 && [ "$(node -p 'parseInt(process.versions.node)' 2>/dev/null || echo 0)" -ge 20 ]
}

need_node() {
  node_is_recent && return 0
  local known
  known=$(apt_version nodejs)
  if [ "${known%%.*}" -ge 20 ] 2>/dev/null; then
    apt_install nodejs && { command -v npm >/dev/null 2>&1 || apt_install npm; } || true
  fi
  node_is_recent || die "Node.js is missing or too old: install Node.js 20 or later with npm"
}

# need_python: python3 can make virtual environments.
need_python() {
  python3 -c 'import venv, ensurepip' 2>/dev/null || apt_install python3-venv && python3 -c 'import venv, ensurepip' 2>/dev/null ||
    die "Python is missing or can not make virtual environments: install Python 3.10 or later with venv"
}
