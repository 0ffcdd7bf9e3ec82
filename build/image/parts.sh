# The parts of the image, for ./build-image. Sourced after build/tools.sh; root, work, app, context and epoch are set there.
# shellcheck shell=bash disable=SC2154

# Named by libraries in code that nothing here calls: beans to YAML, SQL types to JSON, data sources to meters.
unused_modules='java\.desktop|java\.sql'
# Not named by any class file: socket options, which java.base looks for when it runs; signals, which are called by reflection.
hidden_modules=jdk.net,jdk.unsupported

quietly() {
  local log=$work/log
  if ! "$@" </dev/null >"$log" 2>&1; then
    cat "$log" >&2
    die "failed: $1"
  fi
}

# What the manifest names, and nothing older that lies beside it.
class_path() {
  rm -rf "$work/manifest" && mkdir "$work/manifest"
  (cd "$work/manifest" && "$JAVA_HOME/bin/jar" xf "$root/push-service/target/push-service.jar" META-INF/MANIFEST.MF)
  tr -d '\r' <"$work/manifest/META-INF/MANIFEST.MF" |
    awk '/^ / { printf "%s", substr($0, 2); next } { printf "\n%s", $0 } END { print "" }' |
    sed -n 's/^Class-Path: //p'
}

maven_build() (
  cd "$root" && mvn -B -q -Dfast -pl push-service -am package org.cyclonedx:cyclonedx-maven-plugin:makeBom
)

build_application() {
  local jar
  quietly maven_build
  cp "$root/push-service/target/push-service.jar" "$root/push-service/target/sbom.cdx.json" \
    "$root/build/image/jvm.options" "$root/build/image/health" "$app"
  for jar in $(class_path); do
    cp "$root/push-service/target/$jar" "$app/lib"
  done
  chmod -R u=rwX,go=rX "$app"
}

# All classes in one place: a library that is a module may require another one that is left out.
needed_modules() {
  local jar classes=$work/classes
  rm -rf "$classes" && mkdir "$classes"
  for jar in "$app"/push-service.jar "$app"/lib/*.jar; do
    (cd "$classes" && "$JAVA_HOME/bin/jar" xf "$jar" && rm -rf META-INF module-info.class)
  done
  "$JAVA_HOME/bin/jdeps" --ignore-missing-deps --list-deps "$classes" |
    sed -n 's/^ *\(\(java\|jdk\)\.[a-z.]*\).*/\1/p' | grep -vxE "$unused_modules" | sort -u |
    { cat; echo "$hidden_modules"; } | paste -sd,
}

link_runtime() {
  quietly "$JAVA_HOME/bin/jlink" --add-modules "$(needed_modules)" --strip-debug --no-header-files --no-man-pages \
    --output "$app/runtime"
  chmod -R u=rwX,go=rX "$app/runtime"
}

# A cache is made by a run, and no two runs are the same to the byte: it is kept for as long as nothing that goes into it changes.
train_cache() {
  local key kept
  key=$({
    cd "$app" && find . -type f ! -name edgepush.aot -printf '%p %m %T@\n' | sort
    find . -type f ! -name edgepush.aot -print0 | sort -z | xargs -0 sha256sum
    sha256sum <"$root/build/image/Probe.java"
    uname -m
  } | sha256sum | cut -c 1-32)
  kept=$work/cache-$key.aot
  if [ ! -f "$kept" ]; then
    say "training the cache: a run that publishes over every transport"
    train "$kept.new"
    find "$work" -maxdepth 1 -name 'cache-*.aot' -delete
    mv "$kept.new" "$kept"
  fi
  cp "$kept" "$app/edgepush.aot"
  chmod 644 "$app/edgepush.aot"
  touch -d "@$epoch" "$app/edgepush.aot" "$app"
}

free_port() {
  local port
  for port in $(shuf -i 20000-32000 -n 20); do
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
  die "no free port"
}

# train FILE: with Redis, as production runs. The process writes the cache when it ends.
train() (
  local key=train-$RANDOM redis_port port private_port redis node ended=0
  need_redis
  redis_port=$(free_port) port=$(free_port) private_port=$(free_port)
  cat >"$work/train.yaml" <<END
namespaces:
  - name: all
    patterns: ["**"]
    anonymous-subscribe: true
publisher-keys:
  - name: train
    sha256: "$(printf %s "$key" | sha256sum | cut -d' ' -f1)"
END
  redis-server --bind 127.0.0.1 --port "$redis_port" --save '' --appendonly no >"$work/redis.log" 2>&1 &
  redis=$!
  env PUSH_CONFIG="$work/train.yaml" PUSH_HOST=127.0.0.1 PUSH_PORT="$port" PUSH_PRIVATE_PORT="$private_port" \
    PUSH_REDIS="redis://127.0.0.1:$redis_port" PUSH_DRAIN=1s \
    "$app/runtime/bin/java" "@$app/jvm.options" "-XX:AOTCacheOutput=$1" -jar "$app/push-service.jar" >"$work/train.log" 2>&1 &
  node=$!
  trap 'kill "$node" "$redis" 2>/dev/null || true' EXIT
  "$JAVA_HOME/bin/java" "$root/build/image/Probe.java" train "$port" "$private_port" "$key" >&2 ||
    { cat "$work/train.log" >&2; die "the training run failed"; }
  kill -TERM "$node"
  wait "$node" || ended=$?
  [ -s "$1" ] || { cat "$work/train.log" >&2; die "the training run left no cache, exit $ended"; }
)

# archive NAME FIND-TEST...: the files of the image that find so selects, and all folders, with one time and one owner.
archive() {
  local name=$1
  shift
  (
    cd "$work/root" || exit
    { printf '%s\n' opt opt/edgepush opt/edgepush/lib; find opt/edgepush \( -path 'opt/edgepush/runtime*' -o "!" -type d \) "$@" -print; } |
      sort -u | tar --no-recursion --format=gnu --mtime="@$epoch" --owner=0 --group=0 --numeric-owner -cf "$context/$name.tar" -T -
  )
}
