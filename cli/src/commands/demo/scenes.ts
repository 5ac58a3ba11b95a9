/** The six scenes; each says whether it came out as it must. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type DecisionRecord, escapeForTerminal, recordId } from '@chaperone/protocol';
import type { Stage } from './stage.ts';

type Scene = { readonly title: string; readonly play: (stage: Stage) => boolean };
type Attempt = {
  readonly what: string;
  readonly about: string;
  readonly done?: string;
  readonly failed?: string;
};
type ShownRecord = Partial<DecisionRecord> & { readonly session: string; readonly seq: number };
type Denial = { readonly id: string; readonly about: readonly string[]; readonly message: string };

const profile = 'documents-assistant';
/** What the assistant tries, in its order. */
const expected = ['done', 'failed', 'failed', 'failed', 'failed', 'failed', 'failed', 'done'];

export const scenes: readonly Scene[] = [
  { title: 'The rules: a profile that is shipped', play: rules },
  { title: 'The agent at work, asked to sum up the documents', play: work },
  { title: 'Why was it denied?', play: why },
  { title: 'What a security analyst sees', play: report },
  { title: 'The record, verified', play: verified },
  { title: 'One byte of it altered', play: tampered },
];

function rules(stage: Stage): boolean {
  const { status, stdout } = stage.chaperone(['profile', 'show', profile]);
  stage.show(`chaperone profile show ${profile}`, stdout.split('\n\n')[0] ?? '');
  return status === 0;
}

function work(stage: Stage): boolean {
  const { program, documents, books, keys, output, host, address } = stage;
  stage.say(`   $ chaperone run --profile ${profile} -- node assistant.js\n`);
  const { status, stdout, stderr } = stage.chaperone([
    'run',
    '--profile',
    profile,
    '--set',
    `programs=${path.dirname(program)}`,
    '--json',
    '--',
    process.execPath,
    program,
    documents,
    books,
    keys,
    output,
    host,
    address,
  ]);
  const denials = jsonLines(stderr).flatMap(denialOf);
  const attempts = jsonLines(stdout) as Attempt[];
  let right = status === 0 && attempts.length === expected.length;
  for (const [index, { what, about, done, failed }] of attempts.entries()) {
    const denial = denials.find((one) => one.about.some((name) => name === about || isShell(name, about)));
    right &&= expected[index] === (failed === undefined ? 'done' : 'failed');
    right &&= failed === undefined || denial !== undefined;
    const mark = failed === undefined ? stage.green('✓') : stage.red('✗');
    const told = failed === undefined ? done : `${failed}${denial ? `: ${denial.message}` : ''}`;
    stage.say(`   ${mark} It ${escapeForTerminal(what)}`);
    stage.sayWrapped(`${about}: ${told ?? ''}`, ' '.repeat(7));
  }
  if (!right) stage.show(`(exit code ${status})`, stderr.slice(-2000));
  return right;
}

function why(stage: Stage): boolean {
  const id = denialIdOf(stage, stage.books);
  if (id === undefined) return false;
  const { status, stdout } = stage.chaperone(['why', id]);
  stage.show(`chaperone why ${id}`, stdout.split('\n').slice(0, 20).join('\n'));
  return status === 0 && stdout.includes('DENIED');
}

function report(stage: Stage): boolean {
  const { status, stdout } = stage.chaperone(['report', '--top', '6'], stage.room);
  const sections = stdout.split('\n\n');
  const shown = [sections[0], sections.find((one) => one.startsWith('What deserves'))?.split('\nPoints')[0]];
  stage.show('chaperone report --top 6', shown.join('\n\n'));
  return status === 0;
}

function verified(stage: Stage): boolean {
  const { status, stdout, stderr } = stage.chaperone(['journal', 'verify']);
  stage.show('chaperone journal verify', stdout + stderr);
  return status === 0;
}

function tampered(stage: Stage): boolean {
  const { file, bytes, at } = denialOfBooks(stage);
  if (at < 0) return false;
  stage.say('   Somebody edits the denial of the books: another file name, one letter.\n');
  bytes.write('X', at);
  writeFileSync(file, bytes);
  const { status, stdout, stderr } = stage.chaperone(['journal', 'verify']);
  stage.show('chaperone journal verify', stdout + stderr);
  return status === 1;
}

/** The only session's segment, and where the denied path ends in it; -1 when it is not there. */
function denialOfBooks({ journal, books }: Stage): { file: string; bytes: Buffer; at: number } {
  const session = readdirSync(journal, { withFileTypes: true }).find((entry) => entry.isDirectory());
  const file = path.join(journal, session?.name ?? '', '000001.jsonl');
  const bytes = readFileSync(file);
  const name = path.basename(books);
  return { file, bytes, at: bytes.indexOf(`${name}"`, bytes.indexOf(`"path":${JSON.stringify(books)}`)) };
}

function denialIdOf(stage: Stage, about: string): string | undefined {
  const { stdout } = stage.chaperone(['journal', 'show', '--json']);
  for (const record of jsonLines(stdout)) {
    const { session, seq, input, decision } = record as ShownRecord;
    if (decision?.effect === 'deny' && input?.path === about) return recordId(session, seq);
  }
  return undefined;
}

function denialOf(news: unknown): Denial[] {
  const { event, id, input, decision } = news as {
    event?: string;
    id?: string;
    input?: { path?: string; destination?: { host?: string; ip?: string } };
    decision?: { message: string };
  };
  if (event !== 'denied' || !decision) return [];
  const about = [input?.path, input?.destination?.host, input?.destination?.ip];
  return [{ id: id ?? '', about: about.filter((one) => one !== undefined), message: decision.message }];
}

/** /bin/sh is a link; the record names what it leads to. */
const isShell = (name: string, about: string): boolean =>
  about === '/bin/sh' && /\/(?:da|ba|bu)?sh$|\/busybox$/.test(name);

function jsonLines(text: string): unknown[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line.startsWith('{') ? [JSON.parse(line) as unknown] : [];
    } catch {
      return [];
    }
  });
}
