#!/bin/sh
# Compiles the gate as one static program. GATE_FLAGS adds to the flags (a test build without Landlock, for one);
# GATE_OUT names the result.
set -eu
cd "$(dirname "$0")"
out=${GATE_OUT:-build/chaperone-gate}
mkdir -p "$(dirname "$out")"
tmp="$out.$$"
trap 'rm -f "$tmp"' EXIT
# shellcheck disable=SC2086
${CC:-cc} -std=gnu11 -O2 -g -static -pthread -Wall -Wextra -Wformat=2 -Wshadow -Werror=implicit-function-declaration \
  -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fno-strict-aliasing -Wno-format-nonliteral ${GATE_FLAGS:-} -o "$tmp" ./*.c
mv "$tmp" "$out"
