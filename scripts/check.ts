/**
 * The one gate before a commit: each step prints one line, the first failure prints its output and stops.
 * Steps are child processes of this Node, so that every tool runs on the pinned version.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

type Step = { readonly name: string; readonly args: readonly string[] };

const root = fileURLToPath(new URL('..', import.meta.url));

/** Boundaries run before the other unit tests: a wrong import is the cheaper thing to hear first. */
const steps: readonly Step[] = [
  { name: 'format', args: ['node_modules/oxfmt/bin/oxfmt', '--check', '.'] },
  { name: 'lint', args: ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'] },
  { name: 'boundaries', args: [...vitest(), 'test/unit/boundaries.test.ts'] },
  { name: 'unused', args: ['node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints'] },
  { name: 'unit', args: [...vitest(), '--exclude', 'test/unit/boundaries.test.ts'] },
];

function vitest(): string[] {
  return ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', '--reporter', 'default'];
}

for (const step of steps) {
  const startedMs = performance.now();
  process.stdout.write(`${step.name.padEnd(12)}`);
  const result = spawnSync(process.execPath, step.args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 64 * 1024 * 1024,
  });
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  if (result.status !== 0) {
    process.stdout.write(`FAILED  ${seconds} s\n\n${result.stdout}${result.stderr}\n`);
    process.exit(1);
  }
  process.stdout.write(`ok  ${seconds} s\n`);
}
