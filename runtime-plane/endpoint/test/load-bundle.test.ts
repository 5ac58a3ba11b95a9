import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { buildBundle } from '@chaperone/policy/bundle';
import type { DecisionInput } from '@chaperone/protocol';
import { isBundleFile } from '../src/decide/bundle-file.ts';
import { openBundle } from '../src/decide/load-bundle.ts';
import { loadPolicyFiles } from '../src/decide/load-policy.ts';
import { openedPolicy } from '../src/session-profile.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));
const bundle = path.join(folder, 'policy');
const input: DecisionInput = { action: 'read_file', path: '/a' };
const signing = { algorithm: 'HS256', key: 'secret', keyId: 'any' } as const;
const verification = { algorithm: 'HS256', key: 'secret' } as const;

async function write(allow: boolean, options = {}): Promise<void> {
  const source = `package chaperone.access\n\ndecision := {"allow": ${allow}}\n`;
  writeFileSync(bundle, await buildBundle([{ name: 'p.rego', bytes: Buffer.from(source) }], options));
}

describe('[req: run:bundle] a bundle as a policy', () => {
  test('is known by its content; its revision names it, or else its digest', async () => {
    await write(true, { revision: 'r1' });
    expect(isBundleFile(bundle)).toBe(true);
    expect([isBundleFile(folder), isBundleFile('/dev/null'), isBundleFile('/nowhere')]).toEqual([
      false,
      false,
      false,
    ]);
    const first = await openBundle(bundle, {});
    expect(loadPolicyFiles(bundle, first).decide(input)).toMatchObject({ effect: 'allow', revision: 'r1' });
    await write(true);
    expect(loadPolicyFiles(bundle, await openBundle(bundle, {})).revision).toMatch(/^[0-9a-f]{12}$/);
    expect(() => loadPolicyFiles(bundle)).toThrow(/is a bundle/);
    expect(() => loadPolicyFiles([folder, bundle])).toThrow(/is a bundle/);
  });

  test('a signed one is opened with its key only, and then holds whatever becomes of the file', async () => {
    await write(true, { signing });
    await expect(openBundle(bundle, {})).rejects.toMatchObject({ code: 'bad_bundle' });
    await expect(openBundle(bundle, { verification: { ...verification, key: 'x' } })).rejects.toMatchObject({
      code: 'bad_bundle',
    });
    const set = await openedPolicy({ locations: [bundle] }, verification);
    expect(set.verified).toMatch(/^[0-9a-f]{64}$/);
    await write(false, { signing });
    const { locations, ...rest } = structuredClone(set);
    expect(loadPolicyFiles(locations, rest).decide(input).effect).toBe('allow');
    expect(await openedPolicy(set)).toBe(set);
  });

  test('one that was verified before must still be the same', async () => {
    await write(true, { signing });
    const { verified = '' } = await openedPolicy({ locations: [bundle] }, verification);
    const recorded = { locations: [bundle], verified };
    expect((await openedPolicy(recorded)).bundle?.revision).toMatch(/^[0-9a-f]{12}$/);
    for (const options of [{ signing }, {}]) {
      await write(false, options);
      await expect(openedPolicy(recorded)).rejects.toThrow(/not the bundle any more/);
    }
  });

  test('with a mistake it is refused with place and line; damaged, by word', async () => {
    const source = 'package chaperone.access\n\ndecision := x\n';
    writeFileSync(bundle, await buildBundle([{ name: 'a/p.rego', bytes: Buffer.from(source) }]));
    const opened = await openBundle(bundle, {});
    expect(() => loadPolicyFiles(bundle, opened)).toThrow(/a\/p\.rego:3:13: .*\n.*decision := x\n +\^/);
    writeFileSync(bundle, Buffer.from([0x1f, 0x8b, 8, 0]));
    await expect(openBundle(bundle, {})).rejects.toThrow(/is refused: the gzip data/);
    await expect(openBundle('/nowhere', {})).rejects.toMatchObject({ code: 'unreadable' });
  });

  test('a draft and the facts of a session join it', async () => {
    await write(false);
    const draft = 'package chaperone.other\n\nx := data.session.home\n';
    const opened = await openBundle(bundle, {});
    const policy = loadPolicyFiles(bundle, { ...opened, draft, data: { session: { home: '/h' } } });
    expect(policy.decide(input).effect).toBe('deny');
  });
});
