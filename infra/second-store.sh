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

# moto does not say what calls cost, and every order of two operations takes too many stores.
without=(costs:: blocks:: interleavings in_every_order)

# What is known to fail, and why that is moto's doing. Anything else that fails, and any of these that does not, is news.
known=(
  # It crashes (500) on an UpdateItem that has a condition and changes nothing, which is how `{}` is answered: one row of 480.
  events::every_request_is_answered_as_its_row_says
  robustness::no_request_is_answered_with_500_or_a_panic
  # It does not know ClientRequestToken: a transaction whose answer was lost and that is sent again is done anew, and meets itself.
  lost_answers::a_write_of_a_task_is_answered_as_if_no_answer_had_been_lost
  lost_answers::what_is_made_is_made_once_whichever_answers_are_lost
  # It does not say how many units a write took, by which the test knows the writes.
  faults::a_store_that_is_not_available_is_answered_with_503_and_when_to_come_back_if_nothing_was_done
  # The rows of a large account are put into the embedded store past its API.
  workers::purge::an_account_leaves_nothing_however_often_its_purge_is_interrupted
)

cargo test --locked --test endpoints --no-run
"$venv/bin/moto_server" --host 127.0.0.1 --port "$port" >target/second-store.log 2>&1 </dev/null &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
  kill -0 "$server" 2>/dev/null || { tail -n 20 target/second-store.log >&2; exit 1; }
  sleep 0.2
done

run() { SECOND_STORE=http://127.0.0.1:$port cargo test --locked --test endpoints -- "${without[@]/#/--skip=}" "$@"; }
if (($#)); then
  run "$@"
  exit
fi
run | tee target/second-store.txt || true
grep -q '^test result: ' target/second-store.txt
failed=$(sed -n 's/^test \(.*\) \.\.\. FAILED$/\1/p' target/second-store.txt | sort)
diff <(printf '%s\n' "${known[@]}" | sort) <(printf '%s\n' "$failed")
printf 'What fails is what is known to.\n'
