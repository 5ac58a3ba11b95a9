/** What is in force, and that nothing takes its place unless it is good. */
import { describe, expect, test } from 'vitest';
import type { DecisionInput } from '@chaperone/protocol';
import {
  buildBundle,
  type Bundles,
  type Merged,
  type Persistence,
  PolicyStore,
  type StoreOptions,
} from '../src/bundle/index.ts';
import { denyAll, loadPolicy, ownEngine, type Policy } from '../src/index.ts';
import { file } from './bundle-files.ts';

const input: DecisionInput = { action: 'read_file', path: '/a' };
const rule = (allow: boolean): string =>
  `package chaperone.access\n\ndecision := {"allow": ${allow}, "rules": ["r"]}\n`;
const signing = { algorithm: 'HS256', key: 'secret', keyId: 'k' } as const;
const verification = { keys: { k: { key: 'secret', algorithm: 'HS256' } } } as const;

const bundleOf = (allow: boolean, revision: string, options: object = {}): Promise<Uint8Array> =>
  buildBundle([file('p.rego', rule(allow))], { revision, ...options });

function aStore(options: Partial<StoreOptions<Policy>> = {}): PolicyStore<Policy> {
  const build = ({ modules, data, revision }: Merged, _bundles: Bundles): Policy =>
    loadPolicy({ modules, data, revision });
  return new PolicyStore({ build, initial: denyAll(), ...options });
}

function memory(): Persistence & { readonly copies: Map<string, Uint8Array[]> } {
  const copies = new Map<string, Uint8Array[]>();
  return {
    copies,
    save: async (name, bytes) => void copies.set(name, [bytes, ...(copies.get(name) ?? [])].slice(0, 2)),
    load: async (name) => copies.get(name) ?? [],
  };
}

const effect = (store: PolicyStore<Policy>): string => store.inForce.built.decide(input).effect;

describe('PolicyStore', () => {
  test('[req: policy:store:swap] before the first bundle everything is denied, with a reason of its own', () => {
    expect(aStore().inForce).toMatchObject({ generation: 0, revision: '' });
    expect(aStore().inForce.built.decide(input)).toMatchObject({ effect: 'deny', reason: 'policy_missing' });
    expect(denyAll().decideTracked(input).reads).toBeUndefined();
  });

  test('[req: policy:store:swap] a good bundle takes the place of the one before, and listeners hear of it', async () => {
    const store = aStore();
    const heard: number[] = [];
    store.onChange(() => {
      throw new Error('a listener that fails');
    });
    const stop = store.onChange(({ generation }) => heard.push(generation));
    expect(await store.activate({ main: await bundleOf(true, 'r1') })).toMatchObject({ ok: true });
    expect(effect(store)).toBe('allow');
    await store.activate({ main: await bundleOf(false, 'r2') });
    expect(effect(store)).toBe('deny');
    expect(store.inForce).toMatchObject({ revision: 'r2', generation: 2 });
    stop();
    await store.activate({ main: await bundleOf(false, 'r3') });
    expect(heard).toEqual([1, 2]);
  });

  test.each([
    ['junk', async () => new Uint8Array([1, 2, 3])],
    ['a cut archive', async () => (await bundleOf(false, 'r2')).subarray(0, 100)],
    ['a policy that does not answer', async () => [file('p.rego', 'package other\n\nx := 1\n')]],
    [
      'a policy with a mistake',
      async () => [file('p.rego', 'package chaperone.access\n\ndecision := nowhere\n')],
    ],
    [
      'a rule whose place data take',
      async () => [file('p.rego', rule(false)), file('chaperone/data.json', '{"access":1}')],
    ],
  ])('[req: policy:store:swap] after %s the old policy stays in force', async (_what, make) => {
    const store = aStore();
    await store.activate({ main: await bundleOf(true, 'r1') });
    const before = store.inForce;
    const activation = await store.activate({ main: await make() });
    expect(activation).toMatchObject({ ok: false });
    expect(!activation.ok && activation.error).toBeInstanceOf(Error);
    expect(store.inForce).toBe(before);
  });

  test('[req: policy:store:swap] several changes take effect together or not at all', async () => {
    const store = aStore();
    const data = (n: number): Promise<Uint8Array> =>
      buildBundle([file('x/data.json', `{"n":${n}}`)], { roots: ['x'], revision: `d${n}` });
    const main = await bundleOf(true, 'r1', { roots: ['chaperone'] });
    await store.activate({ main, other: await data(1) });
    expect(store.inForce.revision).toBe('main@r1 other@d1');
    expect((await store.activate({ main: new Uint8Array(), other: await data(2) })).ok).toBe(false);
    expect((await store.activate({ third: await data(3) })).ok).toBe(false);
    expect(store.inForce.revision).toBe('main@r1 other@d1');
    await store.activate({ other: null, third: await data(3) });
    expect(store.inForce.revision).toBe('main@r1 third@d3');
  });

  test('[req: policy:store:swap] the last one that was asked for holds, however long each takes', async () => {
    const store = aStore();
    const large = await buildBundle([
      file('p.rego', rule(false)),
      file('data.json', JSON.stringify({ n: 'x'.repeat(3_000_000) })),
    ]);
    const small = await bundleOf(true, 'small');
    await Promise.all([store.activate({ main: large }), store.activate({ main: small })]);
    expect(store.inForce).toMatchObject({ revision: 'small', generation: 2 });
  });

  test('[req: policy:store:swap] there is a policy at every moment, and questions meet one state', async () => {
    const store = aStore();
    const engine = ownEngine(() => store.inForce.built);
    await store.activate({ main: await bundleOf(true, 'r0') });
    let going = true;
    const asking = (async () => {
      const seen = new Set<string>();
      while (going) {
        const { effect: answer, revision, reason } = await engine.decide(input);
        expect(reason).toBe('policy');
        seen.add(`${answer} ${revision}`);
        await new Promise(setImmediate);
      }
      return seen;
    })();
    for (let i = 1; i <= 20; i += 1) await store.activate({ main: await bundleOf(i % 2 === 0, `r${i}`) });
    going = false;
    for (const one of await asking) expect(one).toMatch(/^(?:allow r\d*[02468]|deny r\d*[13579])$/);
  });

  test('[req: policy:store:last-good] the last good bundle is kept, and verified again after a restart', async () => {
    const persistence = memory();
    const options = { persistence, reading: () => ({ verification }) };
    const store = aStore(options);
    await store.activate({ main: await bundleOf(true, 'r1', { signing }) });
    await store.activate({ main: await bundleOf(false, 'r2', { signing }) });
    expect((await store.activate({ main: await bundleOf(false, 'unsigned') })).ok).toBe(false);
    const after = aStore(options);
    expect(await after.restore(['main', 'unknown'])).toMatchObject({
      problems: [],
      inForce: { revision: 'r2' },
    });

    const [newest = new Uint8Array()] = persistence.copies.get('main') ?? [];
    newest.fill(0, 30, 60);
    const next = await aStore(options).restore(['main']);
    expect(next.inForce.revision).toBe('r1');
    expect(next.problems).toMatchObject([{ name: 'main', error: { code: 'bad_archive' } }]);

    persistence.copies.set('main', [
      await bundleOf(true, 'forged'),
      await bundleOf(true, 'forged', { signing: { ...signing, key: 'x' } }),
    ]);
    const none = await aStore(options).restore(['main']);
    expect(none.inForce.generation).toBe(0);
    expect(none.problems).toMatchObject([
      { error: { code: 'unsigned' } },
      { error: { code: 'bad_signature' } },
    ]);
  });

  test('[req: policy:store:last-good] a copy that does not compile any more gives way to the one before', async () => {
    const persistence = memory();
    persistence.copies.set('main', [
      await buildBundle([file('p.rego', 'package chaperone.access\n\ndecision := nowhere\n')]),
      await bundleOf(true, 'r1'),
    ]);
    expect(await aStore({ persistence }).restore(['main'])).toMatchObject({
      inForce: { revision: 'r1' },
      problems: [{ name: 'main' }],
    });
  });

  test('[req: policy:store:last-good] a copy that cannot be kept or read is said, and stops nothing', async () => {
    const broken: Persistence = {
      save: () => Promise.reject(new Error('disk full')),
      load: () => Promise.reject(new Error('no disk')),
    };
    const store = aStore({ persistence: broken });
    expect(await store.activate({ main: await bundleOf(true, 'r1') })).toMatchObject({
      ok: true,
      notKept: { message: 'disk full' },
    });
    expect(effect(store)).toBe('allow');
    expect(await store.restore(['main'])).toMatchObject({
      problems: [{ error: { message: 'no disk' } }],
      inForce: { revision: 'r1' },
    });
  });
});
