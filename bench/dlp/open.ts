/**
 * What an open costs when a policy looks into the file: `node bench/dlp/open.ts [ROUNDS]`. Beside a bare open and beside an open whose
 * decision is not remembered but looks at no content, in the same rounds.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../figures.ts';

const root = path.resolve(import.meta.dirname, '../..');
const files = 40;
const sizes = { '10 KB': 10_000, '1 MB': 1_000_000 } as const;
/** Times that each file is opened before it is measured, and while. */
const runs = { first: [1, 0], again: [25, 1] } as const;

type Way = 'bare' | 'undetermined' | 'content';

/** Neither answer is ever remembered; both read one fact of the file. */
const policies: Readonly<Record<Exclude<Way, 'bare'>, string>> = {
  undetermined: 'input.resource.size >= 0',
  content: 'count([c | some c in input.resource.classification; startswith(c, "pii.")]) == 0',
};

function policyOf(condition: string, data: string): string {
  return `package chaperone.access
default decision := {"allow": true}
decision := {"allow": false} if { startswith(input.path, ${JSON.stringify(data)}); not fine }
fine if ${condition}
floor := {"read": ["/"], "write": ["/tmp"], "execute": ["/"]}`;
}

class Ground implements Disposable {
  readonly dir = mkdtempSync(path.join(tmpdir(), 'chaperone-bench-'));
  readonly #program = path.join(this.dir, 'opens');

  constructor() {
    const source = path.join(root, 'bench/programs/opens.c');
    const { status, stderr } = spawnSync('cc', ['-O2', '-o', this.#program, source], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    for (const [name, condition] of Object.entries(policies)) {
      mkdirSync(path.join(this.dir, name));
      writeFileSync(path.join(this.dir, name, 'a.rego'), policyOf(condition, path.join(this.dir, 'data')));
    }
  }

  /** Files that nobody has seen, of words and numbers. */
  fill(name: string, bytes: number): string {
    const folder = path.join(this.dir, 'data', name);
    mkdirSync(path.join(folder, 'd000'), { recursive: true });
    for (let index = 0; index < files; index += 1) {
      const line = `${randomBytes(24).toString('hex')} order ${index} was shipped on Monday and paid by transfer\n`;
      const text = line.repeat(Math.ceil(bytes / line.length)).slice(0, bytes);
      writeFileSync(path.join(folder, 'd000', `f${String(index).padStart(2, '0')}`), text);
    }
    return folder;
  }

  /** @returns microseconds for one open */
  open(way: Way, folder: string, [times, before]: readonly [number, number]): number {
    const command = [this.#program, folder, String(files), String(times), String(before)];
    const line =
      way === 'bare'
        ? command
        : [
            path.join(root, 'chaperone'),
            'run',
            '--quiet',
            '--policy',
            path.join(this.dir, way),
            '--journal',
            path.join(this.dir, 'journal'),
            '--',
            ...command,
          ];
    const { status, stdout, stderr } = spawnSync(line[0] ?? '', line.slice(1), { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${line.join(' ')}: ${stderr}`);
    return Number(stdout.split(' ')[1]) / 1_000 / files / times;
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true });
  }
}

const rounds = Number(process.argv[2] ?? 5);
using ground = new Ground();
const cells = new Map<string, number[]>();
for (let round = 0; round < rounds; round += 1) {
  for (const [size, bytes] of Object.entries(sizes)) {
    for (const way of ['bare', 'undetermined', 'content'] as const) {
      const folder = ground.fill(`${round} ${size} ${way}`, bytes);
      await sleep(2_500); // what has just changed is neither remembered nor handed over itself
      for (const [when, how] of Object.entries(runs)) {
        const key = `${size}\t${when}\t${way}`;
        cells.set(key, [...(cells.get(key) ?? []), ground.open(way, folder, how)]);
      }
      rmSync(folder, { recursive: true });
    }
  }
}
process.stdout.write(
  'size\topens\tbare µs\tuncached decision µs\twith content µs\tadded µs\t× bare\t× uncached\n',
);
for (const size of Object.keys(sizes)) {
  for (const when of Object.keys(runs)) {
    const [bare = 0, plain = 0, content = 0] = ['bare', 'undetermined', 'content'].map((way) =>
      median(cells.get(`${size}\t${when}\t${way}`) ?? []),
    );
    const figures = [bare, plain, content, content - plain, content / bare, content / plain];
    process.stdout.write(`${size}\t${when}\t${figures.map((one) => one.toFixed(1)).join('\t')}\n`);
  }
}
