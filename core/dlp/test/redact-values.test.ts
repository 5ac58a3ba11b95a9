/** Values of many kinds within texts of many forms: what is around them survives byte for byte, and nothing of them does. */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  classify,
  detectors,
  parseCustom,
  redact,
  type Redacted,
  Scanner,
  sourceOf,
  textDetectors,
} from '../src/index.ts';
import { host, seenIn } from './extracted.ts';
import { docxOf, paragraph, xlsxOf } from './zip-writer.ts';

const keyed = (value: string): string => createHmac('sha256', 'key').update(value).digest('hex').slice(0, 12);
const classes = ['pii.iban', 'pii.email', 'financial.card', 'credential'];
const run = (bytes: Uint8Array, only?: readonly string[]): Redacted =>
  redact(sourceOf(bytes), host, { pseudonym: keyed, ...(only && { classes: only }) });

function copyOf(bytes: Uint8Array, only?: readonly string[]): Buffer {
  const made = run(bytes, only);
  if (!made.ok) throw new Error(made.why);
  return Buffer.from(made.bytes);
}

/** Zeros only are a placeholder. */
const digits = (length: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[0-9]{${length}}$`)).filter((text) => new Set(text).size > 4);
const iban = digits(18).map((account) => {
  const rest = Number(BigInt(`${account}131400`) % 97n);
  return `DE${String(98 - rest).padStart(2, '0')}${account}`;
});
const card = digits(11).map((account) => {
  const body = `4539${account}`;
  const sum = [...body].reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
});
const mail = fc
  .tuple(fc.stringMatching(/^[a-z]{4,9}$/), fc.stringMatching(/^[a-z]{5,9}$/))
  .map(([name, domain]) => `${name}@${domain}.org`);
const secret = fc.stringMatching(/^[A-Za-z0-9]{36}$/).map((random) => `gh${'p'}_${random}`);
const record = fc.record({ iban, card, mail });
type Row = { readonly iban: string; readonly card: string; readonly mail: string };

/** Each form of a text with `rows` in it. */
const forms: Readonly<Record<string, (rows: readonly Row[]) => string>> = {
  csv: (rows) => `iban;card;mail\r\n${rows.map((row) => Object.values(row).join(';')).join('\r\n')}\r\n`,
  json: (rows) => JSON.stringify({ rows, isLast: true, count: rows.length }, undefined, 2),
  code: (rows) =>
    `const accounts = [\n${rows.map(({ iban: account, mail: to }) => `  ['${account}', "${to}"], // ü\n`).join('')}];\n`,
  log: (rows) =>
    rows.map(({ mail: from, card: paid }) => `INFO <${from}> paid with card ${paid} — done\n`).join(''),
};

test.each(Object.entries(forms))(
  '[req: dlp:redaction] %s: classes are gone, everything else stays, and a second redaction changes nothing',
  (_, write) => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), (rows) => {
        const text = write([...rows, ...rows]);
        const { classes: before } = classify(sourceOf(Buffer.from(text)), host);
        const wanted = classes.filter((name) => before.some((one) => one.class.startsWith(name)));
        const copy = copyOf(Buffer.from(text), classes);
        const { classes: after } = classify(sourceOf(copy), host);
        expect(wanted.length).toBeGreaterThan(0);
        expect(after.filter((one) => classes.some((name) => one.class.startsWith(name)))).toEqual([]);
        let expected = text;
        for (const value of rows.flatMap((row) => Object.values(row))) {
          const word = value.includes('@') ? 'EMAIL' : value.startsWith('DE') ? 'IBAN' : 'CARD';
          const name = `[${word}:${keyed(value.toLowerCase())}]`;
          expected = expected.replaceAll(value, name);
        }
        expect(copy.toString()).toBe(expected);
        expect(copyOf(copy, classes).equals(copy)).toBe(true);
      }),
      { numRuns: 25, seed: 1 },
    );
  },
);

test('secrets keep their case apart, and a text in UTF-16 its encoding', () => {
  fc.assert(
    fc.property(secret, secret, (one, other) => {
      const text = `first: ${one}\nagain: ${one}\nother: ${other}\n`;
      const copy = copyOf(Buffer.from(`\ufeff${text}`, 'utf16le')).toString('utf16le');
      const lines = copy.slice(1).split('\n');
      expect(copy).not.toContain(one.slice(8));
      expect(lines[0]?.slice(7)).toBe(lines[1]?.slice(7));
      expect(lines[0]?.slice(7)).not.toBe(lines[2]?.slice(7));
      expect(lines[2]).toMatch(/^other: \[[A-Z_0-9]+:[0-9a-f]+\]$/);
    }),
    { numRuns: 25, seed: 1 },
  );
});

test('numbers in cells and values over several runs are replaced where they stand', () => {
  fc.assert(
    fc.property(card, iban, (number, account) => {
      const sheet = copyOf(
        xlsxOf(`<row><c r="A1" t="s"><v>0</v></c></row><row><c r="A2"><v>${number}</v></c></row>`, ['card']),
      );
      const cells = seenIn(sheet).texts['xl/worksheets/sheet1.xml'];
      expect(cells).toBe(`card\n[CARD:${keyed(number)}]\n`);
      const [start, rest] = [account.slice(0, 9), account.slice(9)];
      const page = seenIn(copyOf(docxOf(paragraph('to ', start, rest, ' now')))).texts['word/document.xml'];
      expect(page).toBe(`to [IBAN:${keyed(account.toLowerCase())}] now`);
    }),
    { numRuns: 25, seed: 1 },
  );
});

test('a class is removed where a surer one covers it, too, when only that class is asked for', () => {
  const text = Buffer.from('see postgres://user:kT8vQ2mZx7Lp4RwN@bank.org/db\n');
  const { classes: found } = classify(sourceOf(text), host);
  expect(found.map((one) => one.class)).toEqual(['credential.connection_string']);
  expect(copyOf(text, ['pii.email']).toString()).toMatch(/^see postgres:\/\/user:\[EMAIL:\w+\]\/db\n$/);
  expect(copyOf(text).toString()).toMatch(/^see postgres:\/\/\[[A-Z_]+:\w+\]@bank\.org\/db\n$/);
});

test('what describes a text as a whole stands in the way only of who asks for it by name', () => {
  const code = `import { readFile } from 'node:fs/promises';\nexport async function main(path: string): Promise<void> {\n  const text = await readFile(path, 'utf8');\n  for (const line of text.split('\\n')) {\n    if (line.length > 10) console.log(line.trim());\n  }\n  const owner = 'DE89370400440532013000';\n  return;\n}\n`;
  const bytes = Buffer.from(code);
  expect(classify(sourceOf(bytes), host).findings.some(({ isValue }) => isValue === false)).toBe(true);
  expect(copyOf(bytes).toString()).toContain('[IBAN:');
  expect(copyOf(bytes, ['pii']).toString()).toContain('[IBAN:');
  expect(run(bytes, ['source_code']).ok).toBe(false);
});

test('what a policy defines is removed, and what it turned off stays', () => {
  const badge = { id: 'badge', class: 'custom.badge', name: 'Badge', pattern: 'BADGE-[0-9]{6}' };
  const definitions = parseCustom({ patterns: [{ ...badge, anchors: ['badge'] }] });
  const scanner = new Scanner({ detectors, textDetectors, off: ['pii.iban'], custom: { definitions, host } });
  const text = Buffer.from('IBAN DE89370400440532013000, mail ann@bank.org, BADGE-004711.\n');
  const made = redact(sourceOf(text), host, { pseudonym: keyed }, undefined, scanner);
  expect(made).toMatchObject({ ok: true, removed: { 'pii.email': 1, 'custom.badge': 1 } });
  expect(made.ok && Buffer.from(made.bytes).toString()).toMatch(
    /^IBAN DE89370400440532013000, mail \[EMAIL:\w+\], \[\w+:\w+\]\.\n$/,
  );
});
