/** What a session loads to look into files, and what becomes of it when a thread that looks is lost. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { content } from './world-content.ts';
import { collect, situation, World } from './world.ts';

/** Its session runs `module` first, in each of its threads. */
class HookedWorld extends World {
  constructor(index: number, module: (world: World) => string) {
    super(situation(index));
    this.folder('data');
    this.file('hook.mjs', module(this));
    this.file('log', '');
  }
  override get environment(): NodeJS.ProcessEnv {
    return { ...super.environment, NODE_OPTIONS: `--import=${this.at('hook.mjs')}` };
  }
}

const loads = (world: World): string => `
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { threadId } from 'node:worker_threads';
registerHooks({
  load(url, context, next) {
    appendFileSync(${JSON.stringify(world.at('log'))}, threadId + ' ' + url + '\\n');
    return next(url, context);
  },
});`;

async function loaded(policy?: (world: World) => string): Promise<string[]> {
  using world = new HookedWorld(0, loads);
  world.file('data/note.txt', 'nothing\n');
  if (policy) world.policy(policy(world));
  const { code, stdout, stderr } = await collect(
    world.start(['cat', 'data/note.txt', 'data/note.txt'], ['ignore', 'pipe', 'pipe']),
  );
  expect(code, stderr).toBe(0);
  expect(stdout).toBe('nothing\nnothing\n');
  return readFileSync(world.at('log'), 'utf8').trim().split('\n');
}

test('nothing that classifies is loaded where no rule asks for it, and once where one does [req: content:unloaded]', async () => {
  const without = await loaded();
  expect(without.filter((line) => line.endsWith('/session-worker.ts'))).toHaveLength(1);
  // What is told about content, and who looks after threads, classifies nothing.
  const light = /\/core\/dlp\/src\/(?:facts|node\/threads)\.ts$/;
  expect(without.filter((line) => line.includes('/core/dlp/') && !light.test(line))).toEqual([]);
  const asking = await loaded((world) => content({ under: world.at('data'), sensitive: 'deny' }));
  expect(asking.filter((line) => line.endsWith('/core/dlp/src/index.ts'))).toHaveLength(1);
});

/** The first thread after that of the decision loop ends as soon as it runs. */
const kills = (): string => `
let seen = 0;
process.on('worker', (worker) => {
  seen += 1;
  if (seen === 2) worker.once('online', () => worker.terminate());
});`;

test('a lost thread costs one open, with a reason; the session goes on [req: content:lost]', async () => {
  using world = new HookedWorld(1, kills);
  world.policy(content({ under: world.at('data'), sensitive: 'deny' }));
  world.file('data/large.txt', 'nothing but words and more words\n'.repeat(20_000));
  const { code, stdout, stderr } = await collect(
    world.start(
      [
        'python3',
        '-c',
        `
for _ in range(2):
    try: print(len(open(${JSON.stringify(world.at('data/large.txt'))}).read()))
    except PermissionError: print("refused")
`,
      ],
      ['ignore', 'pipe', 'pipe'],
      ['--verbose'],
    ),
  );
  expect(code, stderr).toBe(0);
  expect(stdout).toBe('refused\n660000\n');
  expect(stderr).toContain('the thread that looks into files ended');
  expect(stderr).toContain(path.basename(world.at('data/large.txt')));
  expect((await world.verify()).code).toBe(0);
});
