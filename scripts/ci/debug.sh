#!/usr/bin/env bash
# One debugger session over two unchanged consumers, in Node.js and in Python, on the built engine.
# Usage: scripts/ci/debug.sh WORKDIR   (a folder for the Python environment; that of clients.sh will do)
# shellcheck source=scripts/ci/session.sh
. "$(dirname "$0")/session.sh"

python_with boto3=boto3

own_engine
eval "$(cliffracer env --shell bash)"
"$work/venv/bin/python" "$root/scripts/ci/debug/world.py"
AWS_SDK_UA_APP_ID=orders node "$root/scripts/ci/debug/orders.mjs" &
background+=($!)
AWS_SDK_UA_APP_ID=mailer "$work/venv/bin/python" "$root/scripts/ci/debug/mailer.py" &
background+=($!)

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
