#!/usr/bin/env bash
# The engines that PyPI brings, each in a virtual environment below DIR; prints exports that put their commands on PATH.
#
#   eval "$(scripts/ci/engines.sh DIR)"
#
# A second run with the same DIR only prints. LocalStack's packages need Python 3.13 or later; where there is none,
# LocalStack is left out, and said so.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
work="${1:?a directory to work in}"
mkdir -p "$work"
work="$(cd "$work" && pwd)"

say() { printf '%s\n' "$*" >&2; }

# install NAME PYTHON REQUIREMENT...: a virtual environment that is whole or not there
install() {
  local name="$1" python="$2"
  shift 2
  [ -f "$work/$name/installed" ] && return 0
  say "installing $name from PyPI"
  rm -rf "${work:?}/$name"
  "$python" -m venv "$work/$name"
  "$work/$name/bin/pip" install --quiet --disable-pip-version-check "$@" >&2
  touch "$work/$name/installed"
}

newer_python() {
  local python
  for python in python3.13 python3.14 python3 "$HOME"/.pyenv/versions/3.1[3-9].*/bin/python3; do
    command -v "$python" >/dev/null 2>&1 || continue
    "$python" -c 'import sys, venv; sys.exit(sys.version_info < (3, 13))' 2>/dev/null || continue
    printf '%s\n' "$python"
    return 0
  done
  return 1
}

install ministack python3 'ministack>=1.5'
install moto python3 'moto[server]>=5.2'
commands="$work/bin"
mkdir -p "$commands"
ln -sf "$work/ministack/bin/ministack" "$work/moto/bin/moto_server" "$commands/"
if python="$(newer_python)"; then
  install localstack "$python" -r "$here/localstack-4.14.0.txt"
  ln -sf "$work/localstack/bin/localstack-supervisor" "$commands/"
else
  say 'LocalStack is left out: no Python 3.13 or later is here'
fi
printf 'export PATH=%q:"$PATH"\n' "$commands"
