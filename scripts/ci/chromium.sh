#!/usr/bin/env bash
# Chromium for the tests in a browser, from Debian's packages where it is not there; prints an export of its path.
set -euo pipefail
if ! command -v chromium >/dev/null; then
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; } >&2
fi
printf 'export CLIFFRACER_CHROMIUM=%q\n' "$(command -v chromium)"
