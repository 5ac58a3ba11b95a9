/** Package managers, with the registries that they ask. */
import type { Task } from '../task.ts';

const packages = { area: 'packages', profile: 'developer-agent' } as const;

export const packaging: readonly Task[] = [
  {
    ...packages,
    name: 'npm-install',
    title: 'npm init, npm install of a web framework from the registry, and a request to it',
    needs: ['npm', 'node'],
    run: {
      sh: `npm init -y >/dev/null && npm install --silent --no-audit --no-fund express@4.21.2 && cat >s.js <<'END'
const express = require('express'), http = require('http');
const app = express();
app.get('/', (q, r) => r.send('hello'));
const s = app.listen(0, '127.0.0.1', () => http.get({ port: s.address().port, host: '127.0.0.1' }, (r) => r.pipe(process.stdout).on('unpipe', () => s.close())));
END
node s.js`,
    },
    leaves: ['work/node_modules/express/package.json', 'work/package-lock.json'],
    varies: ['work/package-lock.json', 'work/node_modules/.package-lock.json'],
  },
  {
    ...packages,
    name: 'npm-ci',
    title: 'npm ci from a lock file with packages that have programs, npm run, npm test, npx, npm ls',
    needs: ['npm', 'node'],
    setUp: String.raw`cat >package.json <<'END'
{"name":"app","version":"1.0.0","private":true,"scripts":{"test":"node --test","v":"semver 1.2.3 -i minor"},"dependencies":{"semver":"7.6.3","rimraf":"5.0.10"}}
END
mkdir test dist
printf 'const test = require("node:test"), assert = require("node:assert");\ntest("semver", () => assert(require("semver").gt("2.0.0", "1.9.9")));\n' >test/a.test.js
npm install --silent --no-audit --no-fund --package-lock-only`,
    run: {
      sh: 'npm ci --silent --no-audit --no-fund && npm run --silent v && npm test --silent >/dev/null && npx rimraf dist && npm ls --depth=0 | tail -3 && npm pack --silent',
    },
    leaves: ['work/node_modules/.bin/semver', 'work/app-1.0.0.tgz'],
    varies: ['work/package-lock.json', 'work/node_modules/.package-lock.json', 'work/app-1.0.0.tgz'],
  },
  {
    ...packages,
    name: 'npm-user-settings',
    title: "npm install where the person has an ~/.npmrc (npm's token would lie there)",
    needs: ['npm', 'node'],
    setUp: `printf 'fund=false\\naudit=false\\n' >~/.npmrc; printf '{"name":"app","version":"1.0.0","private":true}' >package.json`,
    run: { sh: "npm install --silent ms@2.1.3 && node -p \"require('ms')('2 days')\"" },
    leaves: ['work/node_modules/ms/package.json'],
    closed: [{ rule: 'store:npmrc', why: 'npm keeps its token there; allow_stores=npmrc opens it' }],
    varies: ['work/package-lock.json', 'work/node_modules/.package-lock.json'],
  },
  {
    ...packages,
    name: 'typescript',
    title: 'TypeScript from the registry: compile and run with source maps',
    needs: ['npm', 'node'],
    setUp: String.raw`printf '{"name":"app","version":"1.0.0","private":true}' >package.json
mkdir src
printf 'export const twice = (n: number): number => n * 2;\n' >src/twice.ts
printf 'import { twice } from "./twice";\nconsole.log(twice(21));\n' >src/main.ts
printf '{"compilerOptions":{"outDir":"out","module":"commonjs","target":"es2020","strict":true,"sourceMap":true,"incremental":true},"include":["src"]}' >tsconfig.json`,
    run: {
      sh: 'npm install --silent --no-audit --no-fund typescript@5.6.3 && npx tsc && node --enable-source-maps out/main.js',
    },
    leaves: ['work/out/main.js', 'work/out/main.js.map'],
    varies: ['work/package-lock.json', 'work/node_modules/.package-lock.json'],
  },
  {
    ...packages,
    name: 'native-addon',
    title: 'a native addon for Node, built by an install script with node-gyp',
    needs: ['npm', 'node', 'g++', 'make'],
    setUp: String.raw`printf '{"name":"addon","version":"1.0.0","private":true,"scripts":{"install":"node-gyp rebuild --nodedir=/usr"}}' >package.json
printf '{"targets":[{"target_name":"addon","sources":["addon.c"]}]}' >binding.gyp
cat >addon.c <<'END'
#include <node_api.h>
static napi_value Init(napi_env env, napi_value exports) {
  napi_value n;
  napi_create_int32(env, 42, &n);
  napi_set_named_property(env, exports, "answer", n);
  return exports;
}
NAPI_MODULE(NODE_GYP_MODULE_NAME, Init)
END`,
    run: {
      sh: 'npm install --silent --no-audit --no-fund && node -p "require(\'./build/Release/addon.node\').answer"',
    },
    leaves: ['work/build/Release/addon.node'],
    varies: ['work/build/**'],
  },
  {
    ...packages,
    name: 'venv',
    title: 'a virtual environment, and pip install from PyPI into it',
    needs: ['python3'],
    run: {
      sh: 'python3 -m venv .venv && .venv/bin/pip install -q --disable-pip-version-check six==1.16.0 click==8.1.7 && .venv/bin/python -c "import six, click; print(six.__version__, click.__name__)" && .venv/bin/pip list --format=freeze --disable-pip-version-check | grep -c .',
    },
    leaves: ['work/.venv/bin/python', 'work/.venv/pyvenv.cfg'],
    varies: ['work/.venv/**/RECORD'],
  },
  {
    ...packages,
    name: 'venv-env',
    title: 'a virtual environment that is called .env, with pytest from PyPI',
    needs: ['python3'],
    setUp: String.raw`printf 'from app import twice\n\n\ndef test_twice(tmp_path):\n    (tmp_path / "x").write_text("x")\n    assert twice(21) == 42\n' >test_app.py; printf 'def twice(n):\n    return 2 * n\n' >app.py`,
    run: {
      sh: 'python3 -m venv .env && .env/bin/pip install -q --disable-pip-version-check pytest==8.3.3 && .env/bin/pytest -q -p no:cacheprovider | grep -o "1 passed"',
    },
    leaves: ['work/.env/bin/pytest'],
    varies: ['work/.env/**/RECORD'],
  },
  {
    ...packages,
    name: 'pip-project',
    title: 'a Python project is built as a wheel and installed in editable form',
    needs: ['python3'],
    setUp: String.raw`mkdir -p src/thing
printf '[build-system]\nrequires = ["setuptools==75.3.0"]\nbuild-backend = "setuptools.build_meta"\n[project]\nname = "thing"\nversion = "1.0"\n[project.scripts]\nthing = "thing:main"\n' >pyproject.toml
printf 'def main():\n    print("thing")\n' >src/thing/__init__.py`,
    run: {
      sh: 'python3 -m venv v && v/bin/pip wheel -q --disable-pip-version-check --no-deps -w dist . && v/bin/pip install -q --disable-pip-version-check -e . && v/bin/thing && ls dist',
    },
    leaves: ['work/dist/thing-1.0-py3-none-any.whl', 'work/v/bin/thing'],
    varies: ['work/dist/*', 'work/v/**/RECORD', 'work/v/**/direct_url.json'],
    ignores: ['work/build/**'],
  },
  {
    ...packages,
    name: 'go-modules',
    title: 'a Go program with a module from the proxy',
    needs: ['go'],
    setUp: String.raw`printf 'module example.org/app\n\ngo 1.21\n\nrequire github.com/pkg/errors v0.9.1\n' >go.mod
printf 'package main\n\nimport (\n\t"fmt"\n\n\t"github.com/pkg/errors"\n)\n\nfunc main() { fmt.Println(errors.New("text")) }\n' >main.go
mkdir -p ~/go/pkg ~/.config/go/telemetry`,
    run: { sh: 'GOFLAGS=-mod=mod go mod tidy 2>/dev/null && go run .' },
    leaves: ['work/go.sum', 'go/pkg/mod'],
    ignores: ['.config/go/**', 'go/pkg/**'],
  },
];
