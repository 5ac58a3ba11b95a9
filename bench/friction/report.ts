/** What was found out, as a table for the terminal, as Markdown, and as JSON. */
import { escapeForTerminal } from '@chaperone/protocol';
import type { Machine } from '../machine.ts';
import type { Result } from './perform.ts';
import type { Asked } from './records.ts';
import { areas, type Task } from './task.ts';

export type Report = { readonly machine: Machine; readonly results: readonly Result[] };
type Done = Extract<Result, { kind: 'done' }>;

export type Totals = {
  readonly tasks: number;
  readonly same: number;
  readonly acts: number;
  /** Denials and refusals that no profile promises, distinct. */
  readonly wrong: number;
  readonly questions: number;
};

export const questionsPer100Most = 1;

export const isWrong = ({ kind, closed }: Asked): boolean => kind !== 'approval' && closed === undefined;
const isDone = (result: Result): result is Done => result.kind === 'done';
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

export function totalsOf(results: readonly Result[]): Totals {
  const done = results.filter(isDone);
  return {
    tasks: done.length,
    same: done.filter(({ differences }) => differences.length === 0).length,
    acts: sum(done.map(({ acts }) => acts)),
    wrong: sum(done.map(({ asked }) => asked.filter(isWrong).length)),
    questions: sum(done.map(({ asked }) => asked.length)),
  };
}

export const per100 = ({ questions, acts }: Pick<Totals, 'questions' | 'acts'>): number =>
  acts === 0 ? 0 : (100 * questions) / acts;

/** Whether the goals are met: everything the same, nothing denied wrongly, at most one question per 100 acts. */
export function isMet(results: readonly Result[]): boolean {
  const totals = totalsOf(results);
  return totals.same === totals.tasks && totals.wrong === 0 && per100(totals) <= questionsPer100Most;
}

const rate = (totals: Pick<Totals, 'questions' | 'acts'>): string => per100(totals).toFixed(2);

/** One line for a task that has just ended. */
export function taskLine(result: Result): string {
  const name = result.task.name.padEnd(18);
  if (result.kind === 'skipped') return `${name}skipped: ${escapeForTerminal(result.why)}`;
  const { acts, asked, differences, bareMs, underMs } = result;
  const wrong = asked.filter(isWrong);
  const seconds = `${(bareMs / 1000).toFixed(1)} s, ${(underMs / 1000).toFixed(1)} s`;
  const verdict = differences.length === 0 ? 'same' : 'DIFFERENT';
  const head = `${name}${verdict.padEnd(10)}${String(acts).padStart(6)} acts  ${String(asked.length).padStart(3)} questions  ${String(wrong.length).padStart(3)} wrong  ${seconds}`;
  return [
    head,
    ...differences.slice(0, 8).map((text) => `    ${escapeForTerminal(text)}`),
    ...asked.map((one) => `    ${escapeForTerminal(askedText(one))}`),
  ].join('\n');
}

function askedText({ kind, action, object, program, reason, rules, times, record, closed }: Asked): string {
  const by = program === '' ? '' : ` by ${program}`;
  const because = [reason, ...rules].filter((text) => text !== '').join(', ');
  const note = closed === undefined ? '' : `; promised: ${closed}`;
  return `${kind}${times > 1 ? ` ×${times}` : ''}: ${action} ${object}${by} (${because}) ${record}${note}`;
}

export function totalLines({ results }: Report): string {
  const totals = totalsOf(results);
  return [
    `${totals.tasks} tasks, ${results.length - totals.tasks} skipped; ${totals.same} with the same result as bare`,
    `${totals.acts} acts, ${totals.wrong} wrong denials (goal 0), ${rate(totals)} questions per 100 acts (goal at most ${questionsPer100Most})`,
    '',
  ].join('\n');
}

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const cell = (text: string): string =>
  text.replaceAll('<', '&lt;').replaceAll('|', '\\|').replaceAll('\n', ' ');

export function markdownReport({ machine, results }: Report): string {
  const done = results.filter(isDone);
  const total = totalsOf(results);
  const byArea = areas
    .map((area) => ({ area, ...totalsOf(results.filter(({ task }) => task.area === area)) }))
    .filter(({ tasks }) => tasks > 0);
  const skipped = results.filter((result) => result.kind === 'skipped');
  const asked = done.flatMap((result) => result.asked.map((one) => ({ ...one, task: result.task })));
  return [
    '# How much Chaperone gets in the way',
    '',
    `Written by \`npm run friction -- --write\`. ${machine.date}: ${machine.kernel}, ${machine.system}.`,
    '',
    'Each task runs bare and under the shipped profile that fits, as an ordinary user in a new home folder. The same result:',
    'the same exit code, standard output and files. A question: a distinct denial or approval, as a person would be asked.',
    '',
    row(['work', 'tasks', 'same result', 'acts', 'wrong denials', 'questions per 100 acts']),
    row(['---', '---:', '---:', '---:', '---:', '---:']),
    ...byArea.map((one) => row([one.area, one.tasks, one.same, one.acts, one.wrong, rate(one)])),
    row(['**all**', total.tasks, total.same, total.acts, total.wrong, rate(total)]),
    '',
    '## Tasks',
    '',
    row(['task', 'what', 'profile', 'acts', 'denied', 'result', 'files']),
    row(['---', '---', '---', '---:', '---:', '---', '---']),
    ...done.map((result) =>
      row([
        result.task.name,
        cell(result.task.title),
        profileOf(result.task),
        result.acts,
        result.asked.length,
        result.differences.length === 0 ? 'same' : cell(result.differences.slice(0, 3).join('; ')),
        result.digest.slice(0, 8),
      ]),
    ),
    ...section(
      'Denied wrongly',
      asked.filter(isWrong).map((one) => `${one.task.name}: ${askedText(one)}`),
    ),
    ...section(
      'Denied as promised',
      asked.filter((one) => !isWrong(one)).map((one) => `${one.task.name}: ${askedText(one)}`),
    ),
    ...section(
      'Skipped',
      skipped.map(({ task, why }) => `${task.name}: ${why}`),
    ),
    '',
  ].join('\n');
}

function profileOf({ profile, settings = [] }: Task): string {
  const own = settings.filter((one) => one !== 'programs=~/.local/robot');
  return own.length === 0 ? profile : `${profile}, ${cell(own.join(', '))}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines.map((line) => `- ${cell(line)}`)];
}

export function jsonReport({ machine, results }: Report): string {
  return `${JSON.stringify({ machine, totals: totalsOf(results), results }, null, 2)}\n`;
}
