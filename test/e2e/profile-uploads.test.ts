/** The profile guarded-uploads with a real program and real servers: what arrives, what is answered instead, what is recorded. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { denials, main } from './programs/records.ts';
import { collect, type Ended, situations, World } from './world.ts';
import { Outside } from './world-egress.ts';

const curl = '/usr/bin/curl';
const lacks = !existsSync(curl);
if (lacks) console.log(`skipped: this machine has no ${curl}`);

const reads = 'docs.allowed.test';
const takes = 'files.allowed.test';
const unknown = 'evil-files.allowed.test';
const files = {
  plan: 'the tide is at noon\n',
  cards: 'name,card\nAda Lovelace,4111 1111 1111 1111\nAlan Turing,5500 0055 5555 5559\n',
  person: 'name,mail\nAda Lovelace,ada.lovelace@lovelace-engines.co.uk\n',
};

// As an ordinary user, once with namespaces and once without.
const users = situations.filter(({ identity }) => identity.name === 'user');
describe.skipIf(lacks).each(users)('[req: egress:policies] guarded-uploads ($title)', (situation) => {
  let outside: Outside;
  beforeAll(async () => {
    outside = await Outside.open();
  });
  afterAll(() => outside.close());

  type Request = { readonly host: string; readonly sends?: keyof typeof files };
  /** One program makes all of them, one after the other. */
  const curled = (world: World, requests: readonly Request[], more: readonly string[]): Promise<Ended> => {
    world.folder('outbox');
    for (const [name, text] of Object.entries(files)) world.file(`outbox/${name}`, text);
    const settings = [
      `hosts=${reads}`,
      `upload_hosts=${takes}`,
      `private_names=${reads}`,
      `private_names=${takes}`,
      `nameservers=127.0.0.1:${outside.ports.dns}`,
      `upstream_ca=${world.file('outside.pem', outside.authority.certificate)}`,
      `ports=${outside.ports.tls}`,
      `sources=${world.at('outbox')}`,
      `output=${world.at('fetched')}`,
      ...more,
    ].flatMap((one) => ['--set', one]);
    const options = ['--profile', 'guarded-uploads', ...settings, '-j', world.journal, '-i', world.isolation];
    const args = requests.flatMap(({ host, sends }) => [
      '--next',
      '-w',
      ' %{http_code}\n',
      '--max-time',
      '30',
      ...(sends === undefined ? [] : ['--data-binary', `@${world.at('outbox')}/${sends}`]),
      `https://${host}:${outside.ports.tls}/${sends ?? ''}`,
    ]);
    const command = [process.execPath, main, 'run', ...options, '--', curl, '-sS', ...args.slice(1)];
    return collect(world.bare(command, ['ignore', 'pipe', 'pipe']));
  };
  const refused = (reason: string): unknown => expect.stringMatching(`"reason":"${reason}".* 403$`);

  test('what may be read is read, what may be sent is sent, and nothing else arrives', async () => {
    using world = new World(situation);
    const ended = await curled(
      world,
      [
        { host: reads },
        { host: takes, sends: 'plan' },
        { host: takes, sends: 'cards' },
        { host: takes, sends: 'person' },
        { host: reads, sends: 'plan' },
        { host: unknown, sends: 'plan' },
      ],
      [],
    );
    expect(ended.stdout.trimEnd().split('\n')).toEqual([
      'hello 200',
      'hello 200',
      refused('upload.class'),
      refused('upload.residency'),
      refused('request.read_only'),
      ' 000',
    ]);
    expect(ended.code).toBe(6);
    expect(ended.stderr).toContain(`reaches ${reads} for the first time`);
    expect(outside.arrived.map(({ method, body }) => [method, body])).toEqual([
      ['GET', ''],
      ['POST', files.plan],
    ]);
    expect(outside.asked).not.toContain(unknown);
    const denied = denials(world).filter(({ input }) => input?.['destination'] !== undefined);
    expect(denied.slice(0, 4)).toMatchObject([
      {
        input: {
          action: 'http_request',
          destination: { host: takes, method: 'POST', path: '/cards' },
          resource: { classification: expect.arrayContaining(['financial.card']) },
          process: { exe: expect.stringContaining('curl') },
        },
        decision: { policy_reason: 'upload.class', rules: expect.arrayContaining(['class:financial.card']) },
      },
      { decision: { policy_reason: 'upload.residency' } },
      { input: { destination: { host: reads } }, decision: { policy_reason: 'request.read_only' } },
      {
        input: { action: 'resolve_name', destination: { host: unknown } },
        decision: { policy_reason: 'destination' },
      },
    ]);
    // What stays in a region goes to a host that is said to lie there.
    const there = await curled(world, [{ host: takes, sends: 'person' }], [`regions=${takes}=eu`]);
    expect(there.stdout).toBe('hello 200\n');
    expect(outside.arrived.at(-1)?.body).toBe(files.person);
  });
});
