#!/usr/bin/env bash
# A consumer in Python, unchanged, is stopped at each message: exec, queue hold, step, replay.
# Usage: step_session.sh CLIFFRACER PYTHON   (the program's file; an engine runs, and `cliffracer env` is in force)
set -eu
clients="$(cd "$(dirname "$0")" && pwd)"
program="$1"
python="$2"
cliffracer() { node "$program" "$@"; }

# expect TEXT COMMAND...: what the command prints has the text
expect() {
  local wanted="$1" output
  shift
  output="$("$@" 2>&1)" || true
  case "$output" in
    *"$wanted"*) ;;
    *) printf 'expected %s of: %s\n%s\n' "$wanted" "$*" "$output" >&2; exit 1 ;;
  esac
}

"$python" - <<'PYTHON'
import boto3
boto3.client('sqs').create_queue(QueueName='jobs')
boto3.client('dynamodb').create_table(
    TableName='orders', BillingMode='PAY_PER_REQUEST',
    AttributeDefinitions=[{'AttributeName': 'id', 'AttributeType': 'S'}],
    KeySchema=[{'AttributeName': 'id', 'KeyType': 'HASH'}],
)
PYTHON
expect 'jobs is held' cliffracer queue hold jobs
node "$program" exec --as billing -- "$python" "$clients/worker.py" &
worker=$!
trap 'kill "$worker" 2>/dev/null || true' EXIT
for id in o-1 o-2 o-3; do cliffracer queue send jobs --set "id=$id" >/dev/null; done

expect 'billing, attempt 1: acknowledged' cliffracer step jobs
expect 'orders/o-2 times 1 -> 2' cliffracer step jobs --twice
expect 'failed as asked: AccessDenied' cliffracer step jobs --fail-call 1
expect '"attempt":2,"caller":"billing","outcome":"acknowledged"' cliffracer step jobs --json
sent="$(cliffracer calls --operation SendMessage --resource jobs --json | grep -o '"message_id":"[^"]*"' | head -1 | cut -d'"' -f4)"
expect 'a copy of' cliffracer replay "$sent"
expect 'times 1 -> 2' cliffracer step jobs
kill "$worker"
wait "$worker" 2>/dev/null || true
expect 'nobody took message' sh -c "node '$program' queue send jobs --set id=o-4 && node '$program' step jobs --timeout 1"
expect 'jobs is no longer held: 1 message released' cliffracer queue release jobs --all
echo 'a Python consumer was stopped at each message'
