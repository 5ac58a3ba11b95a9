/** What programs send is looked into before it goes: payment cards are kept in, replaced, or copied, as the policy says. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { denials, readRecords, refusals } from './programs/records.ts';
import { collect, few, World } from './world.ts';
import { Outside } from './world-egress.ts';

const cards = ['4111111111111111', '5500005555555559', '340000000000009'];
const csv = `name,card number\n${cards.map((card, index) => `person ${index},${card}\n`).join('')}`;

const onCards = (answer: string): string => `import rego.v1

default decision := {"allow": true}

decision := ${answer} if {
	input.action == "http_request"
	"financial.card" in input.resource.classification
}
`;
const block = '{"allow": false, "reason": "cards", "message": "Card numbers stay here."}';
const oblige = (kind: string): string => `{"allow": true, "obligations": [{"kind": "${kind}"}]}`;

/** One after the other, whatever each says; the code of each answer follows it. */
const each = (lines: readonly (readonly string[])[]): string[] => [
  'sh',
  '-c',
  lines
    .map(
      (line) => `curl -sS --max-time 30 -w '\\n%{http_code}\\n' ${line.map((word) => `'${word}'`).join(' ')}`,
    )
    .join('\n'),
];

describe.each(few)('[req: egress:programs] uploads ($title)', (situation) => {
  let outside: Outside;
  beforeAll(async () => {
    outside = await Outside.open();
  });
  beforeEach(() => {
    outside.arrived.length = 0;
  });
  afterAll(() => outside.close());
  const place = (answer: string): World => {
    const world = new World(situation);
    outside.policy(world, onCards(answer), { body: { max_bytes: 100_000 } });
    world.file('cards.csv', csv);
    world.file('cards.csv.gz', gzipSync(csv));
    world.file('plain.csv', 'name,size\nshoe,42\n');
    world.file('large.csv', `${'a,1\n'.repeat(50_000)}${csv}`);
    return world;
  };
  const to = (): string => `https://drop.allowed.test:${outside.ports.tls}/echo`;

  test('a table with card numbers is blocked however it is sent, and the record says who sent what', async () => {
    using world = place(block);
    const ways = [
      ['--data-binary', '@cards.csv'],
      ['--http1.1', '--data-binary', '@cards.csv', '-H', 'Transfer-Encoding: chunked'],
      ['-T', 'cards.csv'],
      ['-F', 'file=@cards.csv', '-F', 'note=hello'],
      ['--data-binary', '@cards.csv.gz', '-H', 'Content-Encoding: gzip'],
    ];
    const plain = ['--data-binary', '@plain.csv'];
    const ended = await world.run(each([...ways, plain].map((way) => [...way, to()])));
    const answers = ended.stdout.split('\n').filter((line) => line !== '');
    const codes = answers.filter((line) => /^\d{3}$/.test(line));
    expect(codes, ended.stdout + ended.stderr).toEqual([...ways.map(() => '403'), '200']);
    expect(answers[0]).toMatch(/"reason":"cards".*"message":"Card numbers stay here\."/);
    expect(outside.arrived.map(({ body }) => body)).toEqual(['name,size\nshoe,42\n']);
    expect(denials(world)).toHaveLength(ways.length);
    for (const denial of denials(world))
      expect(denial).toMatchObject({
        input: {
          action: 'http_request',
          destination: { host: 'drop.allowed.test', path: expect.stringMatching(/^\/echo/) },
          process: { exe: expect.stringMatching(/curl$/), ancestors: [expect.stringMatching(/sh$/)] },
          resource: { classification: expect.arrayContaining(['financial.card']) },
        },
      });
    for (const card of cards) expect(JSON.stringify(readRecords(world))).not.toContain(card);
  });

  test('what is longer than is looked at does not go', async () => {
    using world = place(block);
    const ways = [
      ['--data-binary', '@large.csv'],
      ['--http1.1', '--data-binary', '@large.csv', '-H', 'Transfer-Encoding: chunked'],
      ['-F', 'file=@large.csv'],
    ];
    const ended = await world.run(each(ways.map((way) => [...way, to()])));
    expect(ended.stdout.match(/^\d{3}$/gm), ended.stdout + ended.stderr).toEqual(['413', '413', '413']);
    expect(outside.arrived).toEqual([]);
    expect(refusals(world)).toMatchObject(ways.map(() => ({ reason: 'egress', call: 'body_limits' })));
  });

  test('with `redact`, the far side gets tokens, and the outcome counts them', async () => {
    using world = place(oblige('redact'));
    const ways = [
      ['--data-binary', '@cards.csv'],
      ['-F', 'file=@cards.csv', '-F', 'note=hello'],
    ];
    const ended = await world.run(each(ways.map((way) => [...way, to()])));
    expect(ended.stdout.match(/^\d{3}$/gm), ended.stdout + ended.stderr).toEqual(['200', '200']);
    const [raw, form] = outside.arrived;
    expect(raw?.body).toMatch(/^name,card number\nperson 0,\S+\nperson 1,\S+\nperson 2,\S+\n$/);
    expect(form?.body).toMatch(/filename="cards\.csv"[^]*person 2,\S+\n[^]*name="note"\r\n\r\nhello\r\n/);
    for (const { body } of outside.arrived) for (const card of cards) expect(body).not.toContain(card);
    const outcomes = readRecords(world).filter((record) => 'redacted' in record);
    expect(outcomes).toMatchObject(ways.map(() => ({ kind: 'outcome', redacted: { 'financial.card': 3 } })));
  });

  test('under audit, the table goes as it is, and the record says what it holds', async () => {
    using world = place(block);
    const line = ['curl', '-sS', '--max-time', '30', '--data-binary', '@cards.csv', to()];
    const session = world.start(line, ['ignore', 'pipe', 'pipe'], ['--mode', 'audit']);
    expect(await collect(session)).toMatchObject({ code: 0, stdout: csv });
    expect(outside.arrived).toMatchObject([{ body: csv }]);
    expect(denials(world)).toMatchObject([
      { input: { mode: 'audit', resource: { classification: expect.arrayContaining(['financial.card']) } } },
    ]);
  });

  test('with `quarantine`, a copy stays here', async () => {
    using world = place(oblige('quarantine'));
    const ended = await world.run(each([['--data-binary', '@cards.csv', to()]]));
    expect(ended.stdout).toMatch(/\n200\n$/);
    expect(outside.arrived).toMatchObject([{ body: csv }]);
    const uploads = path.join(String(world.environment['XDG_STATE_HOME']), 'chaperone/uploads');
    const [session = ''] = existsSync(uploads) ? readdirSync(uploads) : [];
    const kept = readdirSync(path.join(uploads, session));
    const sent = readRecords(world).filter(({ input }) => input?.['action'] === 'http_request');
    expect(sent).toHaveLength(1);
    expect(kept).toEqual(sent.map(({ seq }) => `${session}:${seq}.body`));
    expect(readFileSync(path.join(uploads, session, kept[0] ?? ''), 'utf8')).toBe(csv);
  });
});
