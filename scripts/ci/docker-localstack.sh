#!/usr/bin/env bash
# A Docker daemon and a LocalStack image without an image registry, for tests of `cliffracer up --engine localstack`.
#
#   scripts/ci/docker-localstack.sh start DIR    starts a daemon unless one answers, builds the image; prints exports
#   scripts/ci/docker-localstack.sh stop DIR     ends the daemon that `start` began
#
# DIR keeps the root file system and the daemon's data, so that a second run is fast. Needs root, Debian's packages and
# PyPI. What it says of its work goes to stderr: `eval "$(scripts/ci/docker-localstack.sh start DIR)"`.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
action="${1:?start or stop}"
work="${2:?a directory to work in}"
version=4.14.0
image=cliffracer/localstack:local
mkdir -p "$work"
work="$(cd "$work" && pwd)"
socket="$work/docker.sock"

say() { printf '%s\n' "$*" >&2; }

ours_runs() { [ -s "$work/dockerd.pid" ] && kill -0 "$(cat "$work/dockerd.pid")" 2>/dev/null; }

stop_daemon() {
  ours_runs || return 0
  kill "$(cat "$work/dockerd.pid")"
  for _ in $(seq 100); do ours_runs || break; sleep 0.1; done
}

# The storage driver first that copies nothing; where the kernel refuses it, the one that works everywhere.
start_daemon() {
  local driver
  for driver in overlay2 vfs; do
    say "starting dockerd with $driver"
    setsid dockerd --host "unix://$socket" --data-root "$work/docker" --exec-root "$work/exec" \
      --pidfile "$work/dockerd.pid" --storage-driver "$driver" "$@" </dev/null >"$work/dockerd.log" 2>&1 &
    for _ in $(seq 150); do
      docker --host "unix://$socket" version >/dev/null 2>&1 && return 0
      ours_runs || [ ! -s "$work/dockerd.pid" ] || break
      kill -0 $! 2>/dev/null || break
      sleep 0.2
    done
    stop_daemon
  done
  tail -n 20 "$work/dockerd.log" >&2
  return 1
}

install_packages() {
  local missing=()
  command -v dockerd >/dev/null || missing+=(docker.io)
  command -v iptables >/dev/null || missing+=(iptables)
  command -v debootstrap >/dev/null || missing+=(debootstrap)
  [ ${#missing[@]} -eq 0 ] && return 0
  say "installing ${missing[*]}"
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# LocalStack needs Python 3.13 or later, which Debian has since trixie.
build_image() {
  local root="$work/rootfs" suite=trixie
  if [ ! -f "$work/rootfs.$version.tar" ]; then
    rm -rf "$root"
    say "building a root file system of Debian $suite"
    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates "$suite" "$root" >"$work/debootstrap.log" 2>&1
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
    cp "$here/localstack-$version.txt" "$root/tmp/requirements.txt"
    say "installing LocalStack $version from PyPI"
    env -u PIP_FIND_LINKS chroot "$root" sh -c 'python3 -m venv /opt/localstack &&
      /opt/localstack/bin/pip install --quiet --no-cache-dir -r /tmp/requirements.txt &&
      rm -rf /var/cache/apt /var/lib/apt/lists /usr/share/doc /usr/share/man /usr/share/locale /tmp/*' >&2
    tar -C "$root" --one-file-system -cf "$work/rootfs.$version.tar.part" .
    mv "$work/rootfs.$version.tar.part" "$work/rootfs.$version.tar"
    rm -rf "$root"
  fi
  say "importing $image"
  docker import \
    --change 'ENTRYPOINT ["/opt/localstack/bin/localstack-supervisor"]' --change 'EXPOSE 4566' \
    --change 'ENV GATEWAY_LISTEN=0.0.0.0:4566 DNS_ADDRESS=0 SKIP_SSL_CERT_DOWNLOAD=1 DISABLE_EVENTS=1 OVERRIDE_IN_DOCKER=1' \
    "$work/rootfs.$version.tar" "$image" >/dev/null
}

case "$action" in
  start)
    install_packages
    if docker version >/dev/null 2>&1; then
      say 'using the Docker daemon that runs'
    else
      # Without iptables a port is still published, by Docker's own proxy.
      ours_runs || start_daemon || start_daemon --iptables=false
      export DOCKER_HOST="unix://$socket"
      printf 'export DOCKER_HOST=%q\n' "$DOCKER_HOST"
    fi
    docker image inspect "$image" >/dev/null 2>&1 || build_image
    printf 'export CLIFFRACER_TEST_LOCALSTACK_IMAGE=%q\n' "$image"
    ;;
  stop) stop_daemon ;;
  *) say "no such action: $action"; exit 2 ;;
esac
