#!/usr/bin/env bash
# Lambda handlers in Python (awslambdaric from PyPI) and Go (aws-lambda-go) behind `cliffracer dev`, against the built engine.
# Usage: scripts/ci/consumers.sh WORKDIR   (a folder for what is installed; kept, so that a second run is quick)
set -eu
if [ $# -ne 1 ]; then
  echo "usage: $0 WORKDIR" >&2
  exit 2
fi
root="$(cd "$(dirname "$0")/../.." && pwd)"
mkdir -p "$1/python" "$1/go"
work="$(cd "$1" && pwd)"

languages=()
if command -v python3 >/dev/null; then
  if ! "$work/python/venv/bin/python" -c 'import awslambdaric, boto3' 2>/dev/null; then
    python3 -m venv "$work/python/venv"
    "$work/python/venv/bin/pip" install --quiet --disable-pip-version-check awslambdaric boto3
  fi
  languages+=(python)
else
  echo 'Python is not installed: skipped'
fi
if command -v go >/dev/null; then
  (cd "$root/scripts/ci/consumers/go" && go build -o "$work/go/bootstrap" .)
  languages+=(go)
else
  echo 'Go is not installed: skipped'
fi

unset AWS_PROFILE AWS_SESSION_TOKEN AWS_REGION AWS_ENDPOINT_URL AWS_IGNORE_CONFIGURED_ENDPOINT_URLS
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
CLIFFRACER_HOME="$(mktemp -d "$work/home.XXXXXX")"
export CLIFFRACER_HOME
cliffracer() { node "$root/bin/cliffracer.js" "$@"; }
trap 'cliffracer down >/dev/null 2>&1 || true; rm -rf "$CLIFFRACER_HOME"' EXIT

port="$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')"
cliffracer up --no-provision --engine embedded --port "$port"
eval "$(cliffracer env --shell bash)"
node "$root/scripts/ci/consumers/session.mjs" "$work" "${languages[@]}"
