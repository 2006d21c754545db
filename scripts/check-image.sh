#!/usr/bin/env bash
# Builds the container image, runs it as a cluster would (not root, read-only, no capabilities, little memory), checks what
# is inside, and reports its size. With Docker it uses that. Without, on Debian as root, it installs buildah and podman and makes a
# stand-in for the official Node image from Debian and npm, so that it also works where no image registry is reached.
#
#   scripts/check-image.sh [--rebuild-base]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

image=localhost/kiosk-redis-consumer:check
base=docker.io/library/node:24-bookworm-slim
# The image of a megapixel among the jobs does not fit into 256 MiB.
memory=512m
store=(--storage-driver overlay)

say() { printf 'check-image: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

install_builders() {
  local missing=()
  for program in debootstrap buildah podman runc; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  [ ${#missing[@]} -eq 0 ] && return
  [ "$(id -u)" -eq 0 ] || fail "Docker is not running; without it, this needs root to install ${missing[*]}."
  say "Installing ${missing[*]} ..."
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "${missing[@]}" >/dev/null
}

# Debian with the Node of package.json and this machine's npm and certificates, under the name of the official image.
make_base() {
  [ "${1:-}" != --rebuild-base ] && podman "${store[@]}" image exists "$base" && return
  say "Making a stand-in for $base ..."
  local root mirror npm
  root=$(mktemp -d)
  trap 'rm -rf "$root"' RETURN
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1)
  debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$mirror" >/dev/null
  chroot "$root" useradd --uid 1000 --user-group --shell /usr/sbin/nologin node
  cp "$(readlink -f node_modules/.bin/node)" "$root/usr/local/bin/node"
  npm=$(readlink -f "$(command -v npm)")
  mkdir -p "$root/usr/local/lib/node_modules"
  cp -r "${npm%/bin/npm-cli.js}" "$root/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
  cp "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" "$root/etc/ssl/certs/ca-certificates.crt"
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}/*
  tar -C "$root" -c . | podman "${store[@]}" import --change 'CMD ["node"]' \
    --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' - "$base" >/dev/null
}

build() {
  if [ "$with" = docker ]; then
    docker build --quiet --tag "$image" . >/dev/null
  else
    buildah "${store[@]}" bud --quiet --pull-never --isolation chroot --network host --format docker \
      --tag "$image" . >/dev/null
  fi
}

# Runs the image with the given arguments; options for the container come before `--`.
in_container() {
  local options=()
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  shift
  "${run[@]}" "${options[@]}" "$image" "$@"
}

evaluate() { in_container --entrypoint node -- --eval "$1"; }

expect() {
  local what=$1 wanted=$2 found=$3
  [ "$found" = "$wanted" ] || fail "$what is \"$found\", but should be \"$wanted\"."
  say "ok: $what is $found"
}

node scripts/setup.mjs --redis
export PATH=$PWD/node_modules/.bin:$PATH
if docker info >/dev/null 2>&1; then
  with=docker
else
  with=podman
  install_builders
  make_base "$@"
fi

hardened=(--rm --read-only --cap-drop all --security-opt no-new-privileges --network host)
if [ "$with" = docker ]; then
  run=(docker run "${hardened[@]}")
else
  run=(podman "${store[@]}" --runtime "$(command -v runc)" run "${hardened[@]}" --no-healthcheck
    --ulimit nofile=20000:20000 --ulimit nproc=1000:1000)
fi

say "Building with $with ..."
build

expect 'the version' "$(node -p 'require("./package.json").version')" "$(in_container -- --version)"
expect 'the user' 1000 "$(evaluate 'console.log(process.getuid())')"
expect 'the Node inside' 24 "$(evaluate 'console.log(process.versions.node.split(".")[0])')"
expect 'the list of development packages' '' "$(evaluate '
  const { readdirSync } = require("node:fs");
  const unwanted = /^(typescript|prettier|oxlint|oxc-parser|protoc|s3rver|node-linux-.*|node-bin-.*|@types)$/;
  console.log(readdirSync("node_modules").filter((name) => unwanted.test(name)).join(" "));')"
expect 'the list of its parts' CycloneDX "$(evaluate 'console.log(JSON.parse(require("fs").readFileSync("sbom.json")).bomFormat)')"
in_container --env REDIS_HOST=redis --env CLOUD_PROVIDER=gke --env STORAGE_BUCKET=file:///data \
  -- check-config >/dev/null || fail 'check-config refuses good settings.'
say 'ok: check-config takes good settings'
if in_container --env REDIS_PORT=none -- check-config >/dev/null 2>&1; then
  fail 'check-config takes bad settings.'
fi
say 'ok: check-config refuses bad settings'

say "Running jobs with $memory of memory ..."
node scripts/check-image/run-jobs.ts "${run[@]}" --memory "$memory" --memory-swap "$memory" '{}' "$image" >&2 ||
  fail 'the jobs did not end as they should.'
say 'ok: jobs end done, a damaged file fails, SIGTERM ends the container with code 0'

size=$(if [ "$with" = docker ]; then docker image inspect --format '{{.Size}}' "$image"
  else podman "${store[@]}" image inspect --format '{{.Size}}' "$image"; fi)
base_size=$(if [ "$with" = docker ]; then docker image inspect --format '{{.Size}}' "$base" 2>/dev/null || echo 0
  else podman "${store[@]}" image inspect --format '{{.Size}}' "$base"; fi)
say "The image takes $((size / 1000000)) MB, $(((size - base_size) / 1000000)) MB of it on top of the Node image."
