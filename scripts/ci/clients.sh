#!/usr/bin/env bash
# Programs of other languages against the built engine: sessions with boto3 and with the AWS CLI, both from PyPI.
# Usage: scripts/ci/clients.sh WORKDIR   (a folder for the Python environment; kept, so that a second run is quick)
# shellcheck source=scripts/ci/session.sh
. "$(dirname "$0")/session.sh"

python_with boto3=boto3 awscli=awscli

own_engine
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
