/** The bytes that are measured: files that a Linux machine with this repository has, and generated tables and logs. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

export type Corpus = {
  readonly name: string;
  /** Where it comes from, for the report. */
  readonly source: string;
  readonly files: readonly Buffer[];
};

const root = new URL('../..', import.meta.url).pathname;
const [leastBytes, mostBytes] = [512, 1 << 20];

const ofCode = ['node_modules/typescript', 'node_modules', '/usr/lib/python3'];
const ofText = ['/usr/share/doc', 'node_modules'];

export function corpora(totalBytes: number): Corpus[] {
  const code = taken(totalBytes, /\.(?:ts|js|mjs|py|c|h)$/, ofCode);
  const text = taken(totalBytes, /\.(?:md|txt|html)$|(?:README|NEWS|changelog)$/, ofText);
  const [codeFrom, textFrom] = [ofCode.join(', '), ofText.join(', ')];
  return [
    { name: 'code', source: `${codeFrom}; joined to 1 MB`, files: joined(code) },
    { name: 'text', source: `${textFrom}; joined to 1 MB`, files: joined(text) },
    {
      name: 'csv',
      source: 'generated: stock list',
      files: pieces(totalBytes, 'sku,name,description,category,stock,price,weight,updated\n', stockRow),
    },
    { name: 'logs', source: 'generated: server log', files: pieces(totalBytes, '', logLine) },
    {
      name: 'csv of people',
      source: 'generated: name, mail, phone, IBAN in each row',
      files: pieces(totalBytes >> 2, 'id,name,email,phone,iban,amount\n', personRow),
    },
    { name: 'files of code', source: `${codeFrom}; as they are`, files: code },
    { name: 'files of text', source: `${textFrom}; as they are`, files: text },
  ];
}

/** One behind the other, in files of `mostBytes`. */
function joined(files: readonly Buffer[]): Buffer[] {
  const all = Buffer.concat(files);
  return Array.from({ length: Math.ceil(all.length / mostBytes) }, (_, at) =>
    all.subarray(at * mostBytes, (at + 1) * mostBytes),
  );
}

export const bytesOf = ({ files }: Corpus): number => files.reduce((sum, { length }) => sum + length, 0);

function taken(most: number, names: RegExp, folders: readonly string[]): Buffer[] {
  const files: Buffer[] = [];
  let total = 0;
  for (const folder of folders.map((one) => path.resolve(root, one)))
    for (const file of filesBelow(folder)) {
      if (total >= most) return files;
      if (!names.test(file)) continue;
      const { size } = statSync(file);
      if (size < leastBytes || size > mostBytes) continue;
      files.push(readFileSync(file));
      total += size;
    }
  return files;
}

function* filesBelow(folder: string): Generator<string> {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(file);
    else if (entry.isFile()) yield file;
  }
}

type Random = (below: number) => number;

/** The same numbers each time. */
function randomNumbers(): Random {
  let state = 7;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** Files of about 1 MB. */
function pieces(total: number, header: string, row: (random: Random) => string): Buffer[] {
  const random = randomNumbers();
  const files: Buffer[] = [];
  for (let made = 0; made < total;) {
    let text = header;
    while (text.length < mostBytes - 300) text += row(random);
    files.push(Buffer.from(text));
    made += text.length;
  }
  return files;
}

const nouns = [
  'bracket',
  'hinge',
  'valve',
  'cable',
  'panel',
  'switch',
  'filter',
  'gasket',
  'bearing',
  'sleeve',
];
const colours = ['steel', 'black', 'galvanised', 'blue', 'clear', 'brass', 'matt', 'grey'];

const of = (random: Random, words: readonly string[]): string => words[random(words.length)] ?? '';
const two = (number: number): string => String(number).padStart(2, '0');

function stockRow(random: Random): string {
  const name = `${of(random, colours)} ${of(random, nouns)}`;
  const text = `${name} for ${of(random, nouns)} ${of(random, nouns)}s in ${of(random, colours)} finish`;
  const date = `2026-${two(1 + random(12))}-${two(1 + random(28))}`;
  return `AB-${1000 + random(9000)},${name},"${text}",${of(random, nouns)},${random(5000)},${random(900)}.${two(random(100))},${random(90)}.${random(10)},${date}\n`;
}

function logLine(random: Random): string {
  const time = `2026-11-22T${two(random(24))}:${two(random(60))}:${two(random(60))}.${100 + random(900)}Z`;
  const request = `GET /v1/${of(random, nouns)}s/${random(99_999)} ${random(9) === 0 ? 404 : 200}`;
  return `${time} INFO server[${random(9999)}] ${request} ${random(900)}ms 10.0.${random(256)}.${random(256)} trace=${random(1 << 24).toString(16)} "Mozilla/5.0 (X11; Linux x86_64)"\n`;
}

function personRow(random: Random): string {
  const name = `${of(random, ['Ann', 'Joris', 'Marta', 'Liam'])} ${of(random, ['Lee', 'Visser', 'Kowalska', 'Byrne'])}`;
  const mail = `${name.toLowerCase().replace(' ', '.')}${random(999)}@mail.test`;
  return `${random(99_999)},${name},${mail},+31 6 ${10_000_000 + random(80_000_000)},NL${10 + random(90)}ABNA0${100_000_000 + random(900_000_000)},${random(9999)}.${two(random(100))}\n`;
}
