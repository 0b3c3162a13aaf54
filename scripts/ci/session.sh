# What the scripts of this folder begin with, sourced: `. "$(dirname "$0")/session.sh"`. Their one argument is a folder for what they install,
# kept, so that a second run is quick. Sets `root` and `work`.
set -eu
if [ $# -ne 1 ]; then
  echo "usage: $0 WORKDIR" >&2
  exit 2
fi
root="$(cd "$(dirname "$0")/../.." && pwd)"
mkdir -p "$1"
work="$(cd "$1" && pwd)"

# python_with MODULE=PACKAGE...: a Python environment in $work/venv that has them
python_with() {
  if "$work/venv/bin/python" -c "import $(IFS=,; echo "${*%%=*}")" 2>/dev/null; then return; fi
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check "${@#*=}"
}

cliffracer() { node "$root/bin/cliffracer.js" "$@"; }

# What a script leaves running is ended with the engine.
background=()
end_session() {
  local pid
  for pid in "${background[@]}"; do kill "$pid" 2>/dev/null || true; done
  cliffracer down >/dev/null 2>&1 || true
  rm -rf "$CLIFFRACER_HOME"
}

# own_engine: an embedded engine, home and temporary files of the script's own, and nobody's AWS settings
own_engine() {
  unset AWS_PROFILE AWS_SESSION_TOKEN AWS_REGION AWS_ENDPOINT_URL AWS_IGNORE_CONFIGURED_ENDPOINT_URLS
  export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
  CLIFFRACER_HOME="$(mktemp -d "$work/home.XXXXXX")"
  export CLIFFRACER_HOME
  trap end_session EXIT
  cliffracer up --no-provision --engine embedded --port 0
}
