/** Formats, then applies the linter's safe fixes. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const commands = [
  ['node_modules/oxfmt/bin/oxfmt', '.'],
  ['node_modules/oxlint/bin/oxlint', '--type-aware', '--fix'],
];

for (const args of commands) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
