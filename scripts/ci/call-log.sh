#!/usr/bin/env bash
# An unchanged boto3 consumer on the built engine: calls, trace, why and blame name it and what it changed.
# Usage: scripts/ci/call-log.sh WORKDIR   (a folder for the Python environment; that of clients.sh will do)
set -eu
if [ $# -ne 1 ]; then
  echo "usage: $0 WORKDIR" >&2
  exit 2
fi
root="$(cd "$(dirname "$0")/../.." && pwd)"
mkdir -p "$1"
work="$(cd "$1" && pwd)"

if ! "$work/venv/bin/python" -c 'import boto3' 2>/dev/null; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check boto3
fi

unset AWS_PROFILE AWS_SESSION_TOKEN AWS_REGION AWS_ENDPOINT_URL AWS_IGNORE_CONFIGURED_ENDPOINT_URLS
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
CLIFFRACER_HOME="$(mktemp -d "$work/home.XXXXXX")"
export CLIFFRACER_HOME
cliffracer() { node "$root/bin/cliffracer.js" "$@"; }
trap 'cliffracer down >/dev/null 2>&1 || true; rm -rf "$CLIFFRACER_HOME"' EXIT

cliffracer up --no-provision --engine embedded --port 0
eval "$(cliffracer env --shell bash)"
AWS_SDK_UA_APP_ID=shop "$work/venv/bin/python" "$root/scripts/ci/call-log/setup.py"
AWS_SDK_UA_APP_ID=billing "$work/venv/bin/python" "$root/scripts/ci/call-log/consumer.py"

status=0
# check NAME PATTERN COMMAND...: the command succeeds, and what it prints has the pattern.
check() {
  local name="$1" pattern="$2" got
  shift 2
  if got="$("$@" 2>&1)" && grep -qE -- "$pattern" <<<"$got"; then
    printf '  ok    %s\n' "$name"
  else
    status=1
    printf '  FAIL  %s\n        expected: %s\n        got:      %s\n' "$name" "$pattern" "$got"
  fi
}

check 'calls names the consumer' 'billing +UpdateItem orders' cliffracer calls --as billing
check 'calls shows effects' 'orders/order-00001 state "new" -> "paid"' cliffracer calls --as billing --writes
check 'trace of an item' 'jobs  [0-9a-f]{8}' cliffracer trace orders/order-00001
check 'trace goes on to the next queue' 'mails  [0-9a-f]{8}' cliffracer trace orders/order-00001
check 'trace: one message waits' 'Not done: [0-9a-f]{8} to mails' cliffracer trace order-00002
check 'trace as a waterfall' 'jobs billing' cliffracer trace orders/order-00001 --format timeline
check 'blame names caller and message' 'UpdateItem by billing.*in jobs [0-9a-f]{8}, attempt 1' cliffracer blame orders order-00001
check 'why of a queue' 'billing: 2 messages' cliffracer why jobs
check 'why of a message that waits' 'never received' cliffracer why @last
check 'spans' 'spans of' cliffracer export otlp "$CLIFFRACER_HOME/spans.json"
message="$(cliffracer calls --as shop --operation SendMessage --limit 1 --json | grep -oE '"message_id":"[^"]+"' | head -1 | cut -d'"' -f4)"
check 'why of a message that was handled' 'billing deleted it in attempt 1' cliffracer why "$message"
exit "$status"
