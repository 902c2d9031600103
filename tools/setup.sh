#!/bin/sh
# Installs the dependencies and builds every package. Run by ./copyup, `npm start` and `npm test`;
# says nothing on stdout, because the command that follows owns it.
set -eu
cd "$(dirname "$0")/.."
exec 1>&2

# pnpm runs under whatever Node is on PATH (20 or newer); everything after it runs on node_modules/.bin/node (24).
# corepack fails on signatures and `packageManager` alone fails with ERR_PNPM_BAD_CONFIG_DEP, hence npx.
pnpm="npx -y pnpm@12.21.0"

want=$(cat package.json pnpm-lock.yaml pnpm-workspace.yaml packages/*/package.json | cksum)
have=$(cat node_modules/.copyup-installed 2>/dev/null || true)
if [ "$want" != "$have" ] || [ ! -x node_modules/.bin/node ]; then
  echo "copyup: installing dependencies (about half a minute the first time)"
  $pnpm install --frozen-lockfile --reporter=append-only >node_modules.log 2>&1 || { cat node_modules.log; rm -f node_modules.log; exit 1; }
  rm -f node_modules.log
  printf '%s\n' "$want" >node_modules/.copyup-installed
fi
PATH="$PWD/node_modules/.bin:$PATH" exec node tools/build.ts
