#!/usr/bin/env bash
# `exec --intercept` with clients in many languages that know AWS's own addresses and no endpoint, against the built engine.
# Usage: scripts/ci/intercept.sh WORKDIR   (a folder for what is installed; its Python may be that of clients.sh)
# shellcheck source=scripts/ci/session.sh
. "$(dirname "$0")/session.sh"
here="$root/scripts/ci/intercept"

own_engine
TMPDIR="$CLIFFRACER_HOME/tmp"
export TMPDIR
mkdir "$TMPDIR"
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

python_with boto3=boto3 awscli=awscli
intercepted boto3 "$work/venv/bin/python" "$here/worker.py"
PATH="$work/venv/bin:$PATH" intercepted aws-cli bash "$here/worker.sh"

# AWS CLI v2 is in no registry under its own name; as a Lambda layer it is, built for Linux on x86-64.
npm install --prefix "$work" --no-save --ignore-scripts --omit=peer --no-audit --no-fund \
  aws-sdk@2 @aws-cdk/asset-awscli-v2@2 >/dev/null 2>&1
if [ "$(uname -sm)" = 'Linux x86_64' ] && command -v unzip >/dev/null; then
  [ -d "$work/awscli" ] || unzip -q "$work/node_modules/@aws-cdk/asset-awscli-v2/lib/layer.zip" -d "$work"
  v2="$(echo "$work"/awscli/v2/2.*/dist)"
  "$v2/aws" --version
  PATH="$v2:$PATH" intercepted aws-cli-v2 bash "$here/worker.sh"
else
  echo 'AWS CLI v2 needs Linux on x86-64, and unzip: skipped'
fi

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

if compgen -G "$TMPDIR/cliffracer-intercept-*" >/dev/null; then
  echo 'files are left behind'
  failed=1
fi
exit "$failed"
