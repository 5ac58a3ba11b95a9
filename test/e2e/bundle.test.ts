/** A session under a signed bundle: what is denied stays denied, and without the key nothing starts. */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildBundle } from '@chaperone/policy/bundle';
import { collect, type Ended, few, World } from './world.ts';

test.each(few)(
  '[req: run:bundle] a signed bundle holds, whatever becomes of the file ($title)',
  async (situation) => {
    using world = new World(situation);
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    world.file('open.txt', 'open\n');
    world.file('closed.txt', 'closed\n');
    const rego = `package chaperone.access\n\ndefault decision := {"allow": true}\n\ndecision := {"allow": false, "reason": "closed"} if endswith(input.path, "/closed.txt")\n`;
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const bundle = await buildBundle([{ name: 'p.rego', bytes: Buffer.from(rego) }], {
      revision: 'signed-1',
      signing: { algorithm: 'EdDSA', key, keyId: 'k' },
    });
    writeFileSync(world.at('bundle.tar.gz'), bundle);
    writeFileSync(world.at('key.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
    const under = (args: readonly string[], script: string): Promise<Ended> =>
      collect(
        world.start(
          ['sh', '-c', script],
          ['ignore', 'pipe', 'pipe'],
          ['--policy', world.at('bundle.tar.gz'), ...args],
        ),
        60_000,
      );
    const verifying = ['--verification-key', world.at('key.pub'), '--verification-alg', 'EdDSA'];

    // 1. What the bundle denies cannot be read.
    const held = await under(verifying, 'cat open.txt; cat closed.txt');
    expect(held.stdout).toBe('open\n');
    expect(held.stderr).toMatch(/closed\.txt/);
    // 2. Without the key, or with a changed bundle, nothing starts.
    expect(await under([], 'echo started')).toMatchObject({ code: 125, stdout: '' });
    const changed = readFileSync(world.at('bundle.tar.gz'));
    changed[changed.length - 12] = (changed[changed.length - 12] ?? 0) ^ 1;
    writeFileSync(world.at('bundle.tar.gz'), changed);
    expect(await under(verifying, 'echo started')).toMatchObject({ code: 125, stdout: '' });
  },
);
