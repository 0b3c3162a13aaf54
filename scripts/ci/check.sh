#!/usr/bin/env bash
# `cliffracer check` on consumers in Python (boto3, Powertools) and Go, against the built engine.
# Usage: scripts/ci/check.sh WORKDIR   (a folder for what is installed; kept, so that a second run is quick)
set -eu
if [ $# -ne 1 ]; then
  echo "usage: $0 WORKDIR" >&2
  exit 2
fi
root="$(cd "$(dirname "$0")/../.." && pwd)"
mkdir -p "$1"
work="$(cd "$1" && pwd)"

languages=()
if command -v python3 >/dev/null; then
  if ! "$work/venv/bin/python" -c 'import boto3, aws_lambda_powertools, jmespath' 2>/dev/null; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check boto3 aws-lambda-powertools jmespath
  fi
  languages+=(python)
else
  echo 'Python is not installed: skipped'
fi
if command -v go >/dev/null; then
  (cd "$root/scripts/ci/check/go" && go build -o "$work/counter" .)
  languages+=(go)
else
  echo 'Go is not installed: skipped'
fi
if [ "${#languages[@]}" -eq 0 ]; then exit 0; fi

unset AWS_PROFILE AWS_SESSION_TOKEN AWS_REGION AWS_ENDPOINT_URL AWS_IGNORE_CONFIGURED_ENDPOINT_URLS
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
CLIFFRACER_HOME="$(mktemp -d "$work/home.XXXXXX")"
export CLIFFRACER_HOME
cliffracer() { node "$root/bin/cliffracer.js" "$@"; }
trap 'cliffracer down >/dev/null 2>&1 || true; rm -rf "$CLIFFRACER_HOME"' EXIT

port="$(node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')"
cliffracer up --no-provision --engine embedded --port "$port"
node "$root/scripts/ci/check/session.mjs" "$work" "${languages[@]}"
