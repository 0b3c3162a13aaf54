#!/usr/bin/env bash
# `exec --intercept` with clients in many languages that know AWS's own addresses and no endpoint, against the built engine.
# Usage: scripts/ci/intercept.sh WORKDIR   (a folder for what is installed; its Python may be that of clients.sh)
set -eu
if [ $# -ne 1 ]; then
  echo "usage: $0 WORKDIR" >&2
  exit 2
fi
root="$(cd "$(dirname "$0")/../.." && pwd)"
here="$root/scripts/ci/intercept"
mkdir -p "$1"
work="$(cd "$1" && pwd)"

unset AWS_PROFILE AWS_SESSION_TOKEN AWS_REGION AWS_ENDPOINT_URL AWS_IGNORE_CONFIGURED_ENDPOINT_URLS
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
CLIFFRACER_HOME="$(mktemp -d "$work/home.XXXXXX")"
export CLIFFRACER_HOME
cliffracer() { node "$root/bin/cliffracer.js" "$@"; }
trap 'cliffracer down >/dev/null 2>&1 || true; rm -rf "$CLIFFRACER_HOME"' EXIT

port="$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')"
cliffracer up --no-provision --engine embedded --port "$port"
QUEUE_URL=https://sqs.us-east-1.amazonaws.com/000000000000/jobs
export QUEUE_URL
cliffracer exec -- node "$here/queue.mjs" "$root"

failed=0
# intercepted NAME COMMAND...: a program that sends `NAME` to the queue, prints what it receives, and is refused example.com
intercepted() {
  local name="$1" out="$work/out" err="$work/err"
  shift
  if cliffracer exec --intercept --as "$name" -- env -u AWS_ENDPOINT_URL CLIENT="$name" "$@" >"$out" 2>"$err" &&
    grep -qx "received $name" "$out" && grep -q '^refused: example.com' "$err"; then
    echo "$name: passed"
  else
    echo "$name: FAILED"
    cat "$out" "$err"
    failed=1
  fi
}

if [ ! -x "$work/venv/bin/aws" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check boto3 awscli
fi
intercepted boto3 "$work/venv/bin/python" "$here/worker.py"
PATH="$work/venv/bin:$PATH" intercepted aws-cli bash "$here/worker.sh"

npm install --prefix "$work" --no-save --ignore-scripts --no-audit --no-fund aws-sdk@2 >/dev/null 2>&1
intercepted sdk-for-javascript-v2 node "$here/worker-v2.cjs" "$work/node_modules/aws-sdk"
intercepted sdk-for-javascript-v3 node "$here/worker-v3.mjs" "$root"

if command -v go >/dev/null; then
  (cd "$here/go" && go build -o "$work/worker-go" .)
  intercepted go "$work/worker-go"
else
  echo 'Go is not installed: skipped'
fi
if command -v java >/dev/null; then
  intercepted java java "$here/Worker.java"
else
  echo 'Java is not installed: skipped'
fi
echo 'AWS CLI v2 comes from no package registry: skipped'

if compgen -G "${TMPDIR:-/tmp}/cliffracer-intercept-*" >/dev/null; then
  echo 'files are left behind'
  failed=1
fi
exit "$failed"
