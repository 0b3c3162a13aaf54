#!/usr/bin/env bash
# Programs of other languages against the built engine: sessions with boto3 and with the AWS CLI, both from PyPI.
# Usage: scripts/ci/clients.sh WORKDIR   (a folder for the Python environment; kept, so that a second run is quick)
set -eu
if [ $# -ne 1 ]; then
  echo "usage: $0 WORKDIR" >&2
  exit 2
fi
root="$(cd "$(dirname "$0")/../.." && pwd)"
mkdir -p "$1"
work="$(cd "$1" && pwd)"

if ! "$work/venv/bin/python" -c 'import boto3, awscli' 2>/dev/null; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check boto3 awscli
fi

unset AWS_PROFILE AWS_SESSION_TOKEN AWS_REGION AWS_ENDPOINT_URL AWS_IGNORE_CONFIGURED_ENDPOINT_URLS
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
CLIFFRACER_HOME="$(mktemp -d "$work/home.XXXXXX")"
export CLIFFRACER_HOME
cliffracer() { node "$root/bin/cliffracer.js" "$@"; }
trap 'cliffracer down >/dev/null 2>&1 || true; rm -rf "$CLIFFRACER_HOME"' EXIT

port="$("$work/venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
cliffracer up --no-provision --port "$port"
# What users are told to do: the variables that `cliffracer env` prints.
eval "$(cliffracer env --shell bash)"

status=0
"$work/venv/bin/python" "$root/scripts/ci/clients/boto3_session.py" || status=1
PATH="$work/venv/bin:$PATH" bash "$root/scripts/ci/clients/aws_cli_session.sh" "$work" || status=1
if grep -E ' (error|uncaught|unhandled):' "$CLIFFRACER_HOME"/engines/*.log; then
  echo 'the engine logged errors of its own'
  status=1
fi
exit "$status"
