#!/usr/bin/env bash
# `cliffracer check` on consumers in Python (boto3, Powertools) and Go, against the built engine.
# Usage: scripts/ci/check.sh WORKDIR   (a folder for what is installed; kept, so that a second run is quick)
# shellcheck source=scripts/ci/session.sh
. "$(dirname "$0")/session.sh"

languages=()
if command -v python3 >/dev/null; then
  python_with boto3=boto3 aws_lambda_powertools=aws-lambda-powertools jmespath=jmespath
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

own_engine
node "$root/scripts/ci/check/session.mjs" "$work" "${languages[@]}"
