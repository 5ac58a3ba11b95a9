/** Carries out a guide: writes the files that it shows and runs its commands, in an empty folder. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
/** The home folder that a guide speaks of. */
const home = '/home/ann';

const block = /^```(\w+)(?: (\S+))?\n([^]*?)^```$/gm;

/**
 * The guide with the output that its commands give now. Blocks with a name (` ```rego policy/a.rego `) are files, `console` blocks are commands
 * behind `$ ` and their output.
 *
 * @throws Error when the guide holds no command
 */
export function runGuide(guide: string): string {
  const base = realpathSync(mkdtempSync(path.join(tmpdir(), 'guide-')));
  try {
    const folder = path.join(base, 'brightwater');
    mkdirSync(folder);
    const program = path.join(base, 'bin/chaperone');
    mkdirSync(path.dirname(program));
    writeFileSync(program, `#!/bin/sh\nexec ${process.execPath} ${root}/cli/src/main.js "$@"\n`);
    chmodSync(program, 0o755);
    let count = 0;
    const ran = guide.replaceAll(block, (whole, kind: string, name: string | undefined, text: string) => {
      if (name !== undefined) {
        mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        writeFileSync(path.join(folder, name), text.replaceAll(home, base));
        return whole;
      }
      if (kind !== 'console') return whole;
      const commands = text.split('\n').filter((line) => line.startsWith('$ '));
      count += commands.length;
      return `\`\`\`console\n${commands.map((line) => shell(line, folder, base)).join('')}\`\`\``;
    });
    if (count === 0) throw new Error('no command in the guide');
    return ran;
  } finally {
    rmSync(base, { recursive: true });
  }
}

/** What must be the same in every run; times and sizes are not. */
export function stable(guide: string): string {
  return guide
    .replaceAll(/\d+(?:\.\d+)? (?:ms|µs)/g, 'N ms')
    .replaceAll(/, \d+ bytes/g, ', N bytes')
    .replaceAll(/revision [0-9a-f]{12}\b/g, 'revision N');
}

function shell(line: string, folder: string, base: string): string {
  const { stdout, stderr, status } = spawnSync('sh', ['-c', line.slice(2).replaceAll(home, base)], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: `${path.join(base, 'bin')}:${process.env['PATH'] ?? ''}`,
      HOME: base,
      NO_COLOR: '1',
    },
  });
  const output = `${stdout}${stderr}`.replaceAll(base, home);
  const ended = status === 0 ? '' : `(exit code ${status ?? 'none'})\n`;
  return `${line}\n${output}${ended}`;
}
