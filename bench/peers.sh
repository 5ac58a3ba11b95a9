#!/bin/sh
# Installs the sandboxes that Chaperone is measured against, as far as Debian and npm have them. None is needed:
# bench/run.ts says "not installed" for those that are missing.
set -u
cd "$(dirname -- "$0")" || exit 1

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq >/dev/null 2>&1
  # One by one: a release that lacks one still gets the others. socat and ripgrep are what srt needs.
  for package in bubblewrap firejail strace runsc socat ripgrep; do
    if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1; then
      echo "$package: installed"
    else
      echo "$package: not installed, apt-get could not"
    fi
  done
else
  echo 'bubblewrap firejail strace runsc socat ripgrep: not installed, that takes root and apt-get'
fi

# @latest, or npm picks an older one for the Node that it runs on; the bench starts it with Node 24.
mkdir -p .peers
if npm install --prefix .peers --ignore-scripts --no-audit --no-fund --loglevel=error @anthropic-ai/sandbox-runtime@latest >/dev/null; then
  echo 'srt: installed'
else
  echo 'srt: not installed, npm could not'
fi
