#!/bin/sh
# The whole test: set-up, check, end-to-end. Works on a fresh clone with git, an older Node with npm, and a C compiler.
set -eu
cd "$(dirname -- "$0")/.."
sh scripts/set-up.sh
sh scripts/node scripts/check.ts
echo 'e2e'
exec sh scripts/node node_modules/vitest/vitest.mjs run --project e2e "$@"
