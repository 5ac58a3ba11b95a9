import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultCases, readCases } from './cases.ts';
import { familyOf } from './families.ts';
import { judgeAll, reportOf } from './report.ts';
import type { Counts } from './report.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'accuracy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const valid = 'DE89370400440532013000';
const wrong = 'DE88370400440532013000';

/** Lines of a file with cases about IBANs; the first four are right. */
const lines = [
  { text: `ä😀 IBAN ${valid}`, positive: true, spans: [{ start: 9, end: 31, type: 'IBAN' }] },
  { text: `${valid} and IBAN ${valid}`, positive: true, spans: [] },
  { text: `IBAN ${wrong}`, positive: false },
  { text: valid, positive: true, spans: [{ start: 0, end: 22 }], track: 'validator', source: 'b' },
  // A finding elsewhere is not one of the span, and one of the same kind must not be there at all.
  { text: `ä😀 name of IBAN ${valid}`, positive: true, spans: [{ start: 4, end: 8 }] },
  { text: `IBAN ${valid}`, positive: false },
  { text: wrong, positive: true, track: 'validator', source: 'b' },
  { text: valid, positive: false, track: 'validator', source: 'b', rule: 'validatorjs-isIBAN' },
  // The caller's list says that it is wrong, not the value.
  {
    text: 'bob@acme.net',
    positive: false,
    track: 'validator',
    source: 'b',
    rule: 'validatorjs-isEmail',
    args: '[{"host_blacklist":["acme.net"]}]',
  },
].map((one, i) =>
  JSON.stringify({
    id: `a-${i}`,
    cls: 'pii',
    rule: 'presidio-IBAN_CODE',
    track: 'document',
    source: 'a',
    ...one,
  }),
);

function fileOf(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

describe('the accuracy runner', () => {
  const plain = fileOf('cases.jsonl', `${lines.join('\n')}\n`);
  const packed = fileOf('cases.jsonl.gz', gzipSync(lines.join('\n')));

  test('counts what is found within spans and what fires, of a packed file too', () => {
    const expected = {
      cases: 9,
      bySource: {
        a: { positives: 3, found: 2, negatives: 2, fired: 1 },
        b: { positives: 2, found: 1, negatives: 2, fired: 1 },
      },
      byTrack: {
        document: { positives: 3, found: 2, negatives: 2, fired: 1 },
        validator: { positives: 2, found: 1, negatives: 2, fired: 1 },
      },
      byStratum: {
        'presidio, types with a check digit': { positives: 5, found: 3, negatives: 2, fired: 1 },
      },
    };
    for (const file of [plain, packed]) expect(reportOf(judgeAll(readCases(file)))).toEqual(expected);
  });

  test('prints one object on standard output, or a table', () => {
    const run = (...args: string[]): string =>
      execFileSync(process.execPath, [path.join(import.meta.dirname, 'run.ts'), ...args], {
        encoding: 'utf8',
      });
    expect(JSON.parse(run(packed, '--json'))).toEqual(reportOf(judgeAll(readCases(plain))));
    const table = run(plain, '--misses');
    expect(table).toContain('not judged: 1 negatives of the validator track');
    expect(table).toMatch(/^a +2 of 3 +66\.7 % +1 of 2 +50\.0 %$/m);
    expect(table).toContain('missed  a-4  presidio-IBAN_CODE');
    expect(table).toContain('fired by iban  a-5');
  });

  test('names the line of what is no case', () => {
    const bad = fileOf('bad.jsonl', `${lines[0]}\n\n{"id":"x"}\n`);
    expect(() => readCases(bad)).toThrow('line 3: "positive" is not a boolean');
  });

  test('knows which detectors look for the same as a rule', () => {
    const known = [
      ...['nl.bsn', 'iban'].map((id) => ({ id, class: `pii.${id}` })),
      ...['github.token', 'generic.password'].map((id) => ({ id, class: 'credential' })),
    ];
    const of = (rule: string, cls: string): string[] => [...familyOf({ rule, cls, args: '' }, known)];
    expect(of('stdnum-nl.bsn', 'national-id')).toEqual(['nl.bsn']);
    expect(of('presidio-IBAN_CODE', 'pii')).toEqual(['iban']);
    expect(of('kingfisher.github.4', 'secret')).toEqual(['github.token']);
    expect(of('np.generic.1', 'secret')).toEqual([]);
  });
});

describe('accuracy on cases of other projects', () => {
  const cases = defaultCases();
  const share = ({ found, positives }: Counts): number => found / positives;

  test('credentials are found wherever other projects look for them', ({ skip }) => {
    if (typeof cases === 'string') return skip(cases);
    const secrets = judgeAll(cases.filter(({ track, cls }) => track === 'document' && cls === 'secret'));
    const { bySource, byTrack } = reportOf(secrets);
    for (const source of ['kingfisher', 'noseyparker', 'CredSweeper'])
      expect(
        share(bySource[source] ?? { positives: 1, found: 0, negatives: 0, fired: 0 }),
        source,
      ).toBeGreaterThanOrEqual(0.85);
    expect(share(byTrack.document)).toBeGreaterThanOrEqual(0.9);
  });
});
