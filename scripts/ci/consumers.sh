#!/usr/bin/env bash
# Consumers as their users write them, in four languages, against the built engine: test/consumers.
# Usage: scripts/ci/consumers.sh WORKDIR   (a folder for what is installed; kept, so that a second run is quick)
# shellcheck source=scripts/ci/session.sh
. "$(dirname "$0")/session.sh"
sources="$root/test/consumers"

# What a language's tools are missing for is said, and left out.
ready=()
# bring CONSUMER COMMAND INSTALL...: unless it was installed before
bring() {
  local consumer="$1" command="$2"
  shift 2
  # What was installed from other sources is installed anew.
  local version
  version="$(cd "$sources/$consumer" && find . -type f -exec cksum {} + | sort)"
  if ! command -v "$command" >/dev/null; then
    echo "skipped: $consumer ($command is not installed)"
  elif [ "$(cat "$work/$consumer/installed" 2>/dev/null)" = "$version" ] || { rm -rf "${work:?}/$consumer" && mkdir -p "$work/$consumer" &&
    "$@" "$work/$consumer" "$sources/$consumer" >"$work/$consumer.log" 2>&1 &&
    printf '%s\n' "$version" >"$work/$consumer/installed"; }; then
    ready+=("$consumer")
  else
    echo "skipped: $consumer (what it needs cannot be had here)"
    tail -n 3 "$work/$consumer.log"
  fi
}
with_npm() { cp "$2"/* "$1/" && (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund); }
with_pip() {
  cp "$2"/* "$1/" && python3 -m venv "$1/venv" &&
    "$1/venv/bin/pip" install --quiet --disable-pip-version-check -r "$1/requirements.txt"
}
with_go() { (cd "$2" && go build -o "$1/bootstrap" .); }
with_maven() { cp -r "$2"/* "$1/" && (cd "$1" && mvn -q -B compile dependency:copy-dependencies); }

bring sqs-consumer npm with_npm
bring powertools-node npm with_npm
bring boto3 python3 with_pip
bring powertools-python python3 with_pip
bring celery python3 with_pip
bring lambda-python python3 with_pip
bring go-loop go with_go
bring go-lambda go with_go
bring java mvn with_maven

own_engine
eval "$(cliffracer env --shell bash)"
node "$sources/session.mjs" "$work" "${ready[@]}"
