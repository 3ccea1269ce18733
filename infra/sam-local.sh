#!/usr/bin/env bash
# The contract suite against the functions in containers, under `sam local start-api`. Run it from anywhere, as root, on Debian or
# Ubuntu; the first time takes a quarter of an hour, most of it for building the functions.
#
#     bash infra/sam-local.sh
#
# Needs cargo, a C compiler and Python 3.11, and reaches crates.io, PyPI and the distribution's packages. A Docker engine is
# installed where there is none, and started for as long as this runs where none runs. SAM's base image is made of the
# distribution's own packages, unless the engine has it already. PORT and DYNAMODB_PORT are 9000 and 8000 unless set.
# It writes to target/, ends what it started, and leaves behind the packages it installed and Docker's bridge.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

port=${PORT:-9000}
dynamodb_port=${DYNAMODB_PORT:-8000}
directory=$PWD/target/sam-local
venv=$PWD/target/ci/venv
architecture=x86_64
if [[ $(uname -m) == aarch64 ]]; then
  architecture=arm64
fi
image=public.ecr.aws/lambda/provided:al2023-$architecture
# An engine of this script's own has its images beside nobody else's.
engine=(--data-root "$directory/docker/data" --exec-root "$directory/docker/exec" --pidfile "$directory/docker/pid")
mkdir -p "$directory"

export PIP_DISABLE_PIP_VERSION_CHECK=1 SAM_CLI_TELEMETRY=0 PATH=$venv/bin:$PATH
# SAM resolves a region and credentials; nothing here talks to AWS.
export AWS_DEFAULT_REGION=eu-central-1 AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none AWS_EC2_METADATA_DISABLED=true

# --- What is started, and ended -----------------------------------------------------------------------------------------------

servers=()
made_image=

# serve <name> <command> [argument ...]: output goes to target/sam-local/<name>.log
serve() {
  local name=$1
  shift
  "$@" >"$directory/$name.log" 2>&1 </dev/null &
  servers=($! ${servers[@]+"${servers[@]}"})
}

# wait_for <name> <seconds> <condition ...>: until the condition holds, the server started last has ended, or time is up.
wait_for() {
  local name=$1 deadline=$((SECONDS + $2)) pid=${servers[0]}
  shift 2
  until "$@"; do
    if ! kill -0 "$pid" 2>/dev/null || ((SECONDS >= deadline)); then
      printf '%s is not ready. Its last lines:\n' "$name" >&2
      tail -n 40 "$directory/$name.log" >&2
      return 1
    fi
    sleep 0.2
  done
}

# SAM removes its containers when it is told to end; the engine is the last to go.
clean_up() {
  local status=$? pid
  trap - EXIT
  for pid in ${servers[@]+"${servers[@]}"}; do
    if [[ $pid != "${engine_pid:-}" ]]; then
      kill "$pid" 2>/dev/null || true
      wait "$pid" 2>/dev/null || true
    fi
  done
  if [[ -n $made_image ]]; then
    docker image rm --force "$image" "${image/al2023-/al2023-rapid-}" >/dev/null 2>&1 || true
  fi
  if [[ -n ${engine_pid:-} ]]; then
    kill "$engine_pid" 2>/dev/null || true
    wait "$engine_pid" 2>/dev/null || true
    rm -rf "$directory/docker"
  fi
  exit "$status"
}
trap clean_up EXIT

said_ready() { grep -q '^ready ' "$directory/store.log"; }
listening() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }
answers() { docker info >/dev/null 2>&1; }

# --- Tools --------------------------------------------------------------------------------------------------------------------

if ((EUID != 0)); then
  printf 'Run this as root: it installs packages, starts a Docker engine and unpacks a system.\n' >&2
  exit 2
fi

# install_missing <program> <package>
install_missing() {
  if ! command -v "$1" >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2"
  fi
}

install_missing dockerd docker.io
if [[ ! -x $venv/bin/sam ]]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --no-deps --require-hashes --only-binary :all: --requirement .ci/requirements.txt
fi

if ! answers; then
  serve engine dockerd "${engine[@]}"
  engine_pid=${servers[0]}
  wait_for engine 60 answers
fi

# The functions need a C library and a shell that puts the emulator in its place; any recent system has both. SAM looks for the
# image under this name and adds Lambda's Runtime Interface Emulator, which it brings along.
if ! docker image inspect "$image" >/dev/null 2>&1; then
  if [[ ! -f $directory/system.tar ]]; then
    install_missing debootstrap debootstrap
    system=$(mktemp --directory)
    # shellcheck source=/dev/null
    debootstrap --variant=minbase --include=ca-certificates "$(. /etc/os-release && printf '%s' "$VERSION_CODENAME")" "$system"
    tar --directory "$system" --create --file "$directory/system.tar" .
    rm -rf "$system"
  fi
  docker import --change 'WORKDIR /var/task' "$directory/system.tar" "$image"
  made_image=yes
fi

# --- The suite ----------------------------------------------------------------------------------------------------------------

# The first line builds all functions side by side; the second would do it one by one, and now only copies.
cargo lambda build --release --locked --package functions
sam build --config-file infra/samconfig.toml --build-dir "$directory/build" --parameter-overrides "Architecture=$architecture"
cargo test --locked --test contract --no-run

# What containers are told `host-gateway` is: this machine, as they see it.
bridge=$(docker run --rm --add-host store:host-gateway --entrypoint cat "$image" /etc/hosts | awk '$2 == "store" { print $1 }')
serve store cargo run --quiet --locked -- --dynamodb-only --dynamodb-host "$bridge" --dynamodb-port "$dynamodb_port" --data :memory:
wait_for store 300 said_ready

sed -e "s/:8000\"/:$dynamodb_port\"/" -e "s/:9000\"/:$port\"/" infra/sam-local.json >"$directory/environment.json"
serve sam sam local start-api --template "$directory/build/template.yaml" --config-file "$PWD/infra/samconfig.toml" \
  --env-vars "$directory/environment.json" --port "$port" --skip-pull-image --add-host host.docker.internal:host-gateway \
  --parameter-overrides "Architecture=$architecture"
wait_for sam 120 listening

BASE_URL=http://127.0.0.1:$port GATEWAY=sam-local cargo test --locked --test contract || {
  tail -n 60 "$directory/sam.log" >&2
  exit 1
}
