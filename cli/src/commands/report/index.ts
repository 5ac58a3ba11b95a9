/** chaperone report: what agents did and were refused, over whole journals, and which rules seem to be missing. */
import { homedir } from 'node:os';
import path from 'node:path';
import { SessionError, withRule } from '@chaperone/endpoint/question';
import { defaultStateDir, listSessions, streamSession } from '@chaperone/endpoint/record';
import { type JournalRecord, type PolicyPlace, recordId } from '@chaperone/protocol';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode } from '../../errors.ts';
import { examples } from '../../examples.ts';
import { readEntry } from '../journal/entry.ts';
import { styleOf } from '../journal/table.ts';
import { Collected } from './collect.ts';
import { Never } from './never.ts';
import { Previews } from './preview.ts';
import { printReport, reportJson } from './print.ts';
import { type Candidate, suggestFor } from './suggest.ts';

type ReportOptions = { readonly json?: boolean; readonly top: number };

const defaultEntrypoint = 'chaperone/access/decision';
const maxTop = 1_000;

export function defineReport(): Command {
  const stateDir = defaultStateDir(process.env, homedir());
  const dir = path.join(stateDir, 'journal');
  return new Command('report')
    .description(
      'Sums up journals: what was done and denied, what deserves a look, which rules decide, and narrow rules for what none covers. It changes nothing.',
    )
    .argument('[journal...]', `the journals (default: ${dir})`)
    .option('--json', 'as one JSON object')
    .addOption(
      new Option('--top <count>', 'how many acts and suggestions to show').argParser(parseCount).default(20),
    )
    .addHelpText('after', examples('chaperone report', 'chaperone report --top 5 ./journal-of-last-week'))
    .action((given: string[], options: ReportOptions) => {
      process.exitCode = report(given.length === 0 ? [dir] : given, stateDir, options);
    });
}

/** Throws JournalError. */
function report(dirs: readonly string[], stateDir: string, options: ReportOptions): ExitCode {
  const own = [stateDir, ...dirs.flatMap((dir) => ownFolders(path.resolve(dir)))];
  const { policies, policy } = policiesOf(dirs);
  const never = new Never(own, policies);
  const collected = new Collected(never);
  for (const { record, id, first } of recordsOf(dirs, (damaged) => (collected.damaged += damaged))) {
    if (first) collected.startSession();
    if (record) collected.add(record, id);
  }
  const candidates = candidatesOf(collected, policy?.entrypoint ?? defaultEntrypoint, options.top);
  const previews = new Previews(candidates, never, (rego) => (policy ? withRule(policy, rego) : undefined));
  if (candidates.length > 0) {
    for (const { record } of recordsOf(dirs, () => {})) if (record) previews.add(record);
  }
  const suggestions = previews.done();
  const style = styleOf(process.stdout, process.env);
  process.stdout.write(
    options.json
      ? `${reportJson(collected, suggestions, options.top)}\n`
      : `${printReport(collected, suggestions, options.top, style, homedir()).join('\n')}\n`,
  );
  return 0;
}

/** A journal in its usual place has the rest of the state beside it. */
function ownFolders(dir: string): string[] {
  const above = path.dirname(dir);
  return path.basename(above) === 'chaperone' ? [dir, above] : [dir];
}

function candidatesOf(collected: Collected, entrypoint: string, top: number): Candidate[] {
  const found: Candidate[] = [];
  for (const gap of collected.gaps.all()) {
    if (found.length >= top) break;
    try {
      const made = suggestFor(gap, found.length + 1, entrypoint, collected.never);
      if (made) found.push(made);
    } catch (error) {
      // An entrypoint for which no single rule can be written.
      if (!(error instanceof SessionError)) throw error;
      return [];
    }
  }
  return found;
}

type Step = { readonly record?: JournalRecord; readonly id: string; readonly first: boolean };

/** One record in memory at a time. */
function* recordsOf(dirs: readonly string[], damaged: (lines: number) => void): Generator<Step> {
  for (const dir of dirs) {
    for (const session of listSessions(dir)) {
      yield { id: '', first: true };
      for (const { bytes, line } of streamSession(dir, session)) {
        const entry = readEntry(session, line, bytes);
        if ('record' in entry)
          yield { record: entry.record, id: recordId(session, entry.record.seq), first: false };
        else damaged(1);
      }
    }
  }
}

/** Where the policies of these sessions lie, and that of the last one. */
function policiesOf(dirs: readonly string[]): { policies: string[]; policy: PolicyPlace | undefined } {
  const policies = new Set<string>();
  let policy: PolicyPlace | undefined;
  for (const dir of dirs) {
    for (const session of listSessions(dir)) {
      for (const { bytes, line } of streamSession(dir, session)) {
        const entry = readEntry(session, line, bytes);
        if (!('record' in entry) || entry.record.kind !== 'session_start') break;
        for (const one of entry.record.policy?.locations ?? []) policies.add(one);
        policy = entry.record.policy ?? policy;
        break;
      }
    }
  }
  return { policies: [...policies], policy };
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!/^[0-9]{1,9}$/.test(text) || count > maxTop)
    throw new InvalidArgumentError(`It is not a number up to ${maxTop}.`);
  return count;
}
