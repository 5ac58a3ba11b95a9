import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, situation, World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = new World(situation(0));
  world.policy(`
default decision := {"allow": true}
decision := {"allow": false, "message": "no"} if input.path == concat("", [data.world, "/forbidden"])
`);
  world.file('not-executable', 'text\n');
  world.file('forbidden', '#!/bin/sh\n', 0o755);
  const { code, stderr } = await world.run(['true']);
  if (code !== 0) throw new Error(`no session can be started here: ${stderr}`);
  const tamper = `cp -a "$1" "$2" && sed -i 's/"exit_code":0/"exit_code":9/' "$2"/*/*.jsonl`;
  spawnSync('sh', ['-c', tamper, 'sh', world.journal, world.at('tampered')]);
});
afterAll(() => world[Symbol.dispose]());

const run = (...command: string[]) => ({ args: ['--', ...command] });

/** What makes each code of the table happen. */
const cases: Readonly<Record<string, readonly ({ readonly args: string[] } | { readonly cli: string[] })[]>> =
  {
    '0': [run('true'), { cli: ['--version'] }, { cli: ['journal', 'verify', 'JOURNAL'] }],
    '1': [{ cli: ['journal', 'verify', 'TAMPERED'] }],
    '2': [{ cli: ['run', '--', 'true'] }, { cli: ['journal', 'verify', '/nowhere'] }, { cli: ['nothing'] }],
    '125': [{ args: ['--policy', '/nowhere', '--', 'true'] }],
    '126': [run('./not-executable'), run('./forbidden')],
    '127': [run('./not-there'), run('no-such-program-anywhere')],
    '128+N': [run('sh', '-c', 'kill -TERM $$')],
    other: [run('sh', '-c', 'exit 3'), run('sh', '-c', 'exit 200')],
  };

function table(): string[] {
  const section = /^## Exit codes\n([^]*?)^## /m.exec(
    readFileSync(path.join(root, 'docs/cli.md'), 'utf8'),
  )?.[1];
  return [...(section ?? '').matchAll(/^\| ([\w+]+) \|/gm)].flatMap(([, code]) =>
    code === 'code' ? [] : [code ?? ''],
  );
}

test('[req: cli:exit-codes] the table has the codes that can be made to happen, and no other', () => {
  expect(table().toSorted()).toEqual(Object.keys(cases).toSorted());
});

test.each(Object.keys(cases))('[req: cli:exit-codes] %s', async (code) => {
  for (const one of cases[code] ?? []) {
    const main = [process.execPath, path.join(root, 'cli/src/main.js')];
    const line =
      'args' in one
        ? [...world.line().slice(0, -1), ...one.args]
        : [
            ...main,
            ...one.cli.map(
              (word) => ({ JOURNAL: world.journal, TAMPERED: world.at('tampered') })[word] ?? word,
            ),
          ];
    const { code: status, signal, stderr } = await world.runBare(line);
    const shown = JSON.stringify(one);
    if (code === '128+N') expect(signal, shown).toBe('SIGTERM');
    else if (code === 'other') expect(String(status), shown).toBe(line.at(-1)?.split(' ')[1]);
    else expect({ status, stderr, shown }).toMatchObject({ status: Number(code) });
  }
});
