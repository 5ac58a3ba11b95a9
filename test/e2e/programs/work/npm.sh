# A package made, packed and installed, all without a network.
export npm_config_offline=true npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false npm_config_cache="$HOME/npm-cache"
mkdir lib app && cd lib && npm init -y >/dev/null && echo 'module.exports = 42;' >index.js && echo '#!/usr/bin/env node
console.log("ran", require("."), process.argv.slice(2));' >cli.js && npm pkg set bin.tool=cli.js scripts.postinstall='echo installed > installed' && npm pack --silent && cd ../app
npm init -y >/dev/null && npm install --silent ../lib/lib-1.0.0.tgz && npm ls 2>&1 | tail -n +2 && rm -rf node_modules && npm ci --silent && ls -A node_modules node_modules/.bin && node -p 'require("lib")' && npx tool a b && npm run --silent 2>&1 | head -3
npm install --silent no-such-package-of-chaperone; echo "exit $?"; cat node_modules/lib/installed
