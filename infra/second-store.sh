#!/usr/bin/env bash
# The endpoint tests over moto, another implementation of DynamoDB, as a second opinion on expressions, keys and transactions. Run it from
# anywhere; it takes the better part of an hour, because moto answers some hundred calls in a second.
#
#     bash infra/second-store.sh                      # all that moto can judge
#     bash infra/second-store.sh sessions:: recovery  # the tests whose names have one of these in them
#
# Needs cargo, a C compiler and Python 3.11, and reaches crates.io and PyPI. SECOND_STORE_PORT is 5555 unless set. It writes to target/,
# and ends what it started.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

port=${SECOND_STORE_PORT:-5555}
venv=$PWD/target/second-store
if [[ ! -x $venv/bin/moto_server ]]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --no-deps --require-hashes --only-binary :all: --requirement infra/second-store/requirements.txt
fi

# What the embedded store does otherwise, and moto has not: what calls cost, so that nothing that counts units can be held; and a way in
# past the API, by which thousands of rows are put there at once. Every order of two operations takes too many stores.
without=(costs:: blocks:: interleavings in_every_order workers::purge::an_account)

cargo test --locked --test endpoints --no-run
"$venv/bin/moto_server" --host 127.0.0.1 --port "$port" >target/second-store.log 2>&1 </dev/null &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
  kill -0 "$server" 2>/dev/null || { tail -n 20 target/second-store.log >&2; exit 1; }
  sleep 0.2
done

SECOND_STORE=http://127.0.0.1:$port cargo test --locked --test endpoints -- "${without[@]/#/--skip=}" "$@"
