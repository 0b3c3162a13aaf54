#!/usr/bin/env bash
# One debugger session over two unchanged consumers, in Node.js and in Python, on the built engine.
# Usage: scripts/ci/debug.sh WORKDIR   (a folder for the Python environment; that of clients.sh will do)
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
consumers=()
end() {
  for pid in "${consumers[@]}"; do kill "$pid" 2>/dev/null || true; done
  cliffracer down >/dev/null 2>&1 || true
  rm -rf "$CLIFFRACER_HOME"
}
trap end EXIT

cliffracer up --no-provision --engine embedded --port 0
eval "$(cliffracer env --shell bash)"
"$work/venv/bin/python" "$root/scripts/ci/debug/world.py"
AWS_SDK_UA_APP_ID=orders node "$root/scripts/ci/debug/orders.mjs" &
consumers+=($!)
AWS_SDK_UA_APP_ID=mailer "$work/venv/bin/python" "$root/scripts/ci/debug/mailer.py" &
consumers+=($!)

# Whoever holds the queues first: the consumers must not take the message before the session begins.
cliffracer queue hold orders mails
cliffracer queue send orders --set sku=mug --set order=o-1
cliffracer debug --break 'queue = orders' --twice --json | tee "$CLIFFRACER_HOME/session"

# The second delivery of an order sells once more: the fault is in the difference.
node - "$CLIFFRACER_HOME/session" <<'JS'
const { readFileSync } = require('node:fs');
const facts = readFileSync(process.argv[2], 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const deliveries = facts.filter(({ kind }) => kind === 'step').flatMap((fact) => fact.deliveries);
const told = deliveries.map(({ caller, items }) => {
  const changes = items.flatMap((item) => item.changes.filter(({ attribute }) => attribute !== 'id'));
  return `${caller} ${changes.map(({ attribute, before = 'none', after }) => `${attribute} ${before} -> ${after}`)}`.trim();
});
const wanted = ['orders left 5 -> 4', 'orders left 4 -> 3', 'mailer state none -> sent', 'mailer'];
console.log(told.join('\n'));
if (JSON.stringify(told) !== JSON.stringify(wanted)) throw new Error(`wanted ${wanted.join(', ')}`);
JS
