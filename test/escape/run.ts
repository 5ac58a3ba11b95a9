/** `npm run escape`: all attacks; with `-- D` or `-- C8 D7`: those of a letter, or of an id. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const rows = process.argv.slice(2);
const wrong = rows.find((row) => !/^[A-F]\d*$/.test(row));
if (wrong !== undefined) {
  console.error(
    'usage: npm run escape -- [ROW…], where a row is a letter from A to F, or a letter with its number',
  );
  process.exit(2);
}
const names = rows.map((row) => (row.length === 1 ? `${row}\\d+` : row)).join('|');
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    'e2e',
    'test/escape',
    '--reporter',
    './test/escape/table.ts',
    ...(names === '' ? [] : ['-t', `(?:^|\\s)(?:${names}) `]),
  ],
  { stdio: 'inherit', cwd: path.resolve(import.meta.dirname, '../..') },
);
process.exit(status ?? 1);
