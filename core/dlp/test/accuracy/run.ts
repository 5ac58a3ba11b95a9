/** `npm run dlp:accuracy -- FILE`: how often the detectors are right about cases. Exit codes: 0 it ran, 2 there is no readable file. */
import { parseArgs } from 'node:util';
import { escapeForTerminal } from '@chaperone/protocol';
import { DEFAULT_FILE, readCases } from './cases.ts';
import type { Case } from './cases.ts';
import { countsBy, judgeAll, reportOf, table } from './report.ts';
import type { Judged } from './report.ts';

const usage = `npm run -s dlp:accuracy -- [FILE] [--json] [--rules] [--misses[=SOURCE]] [--rule RULE]
  FILE      cases, one JSON object a line, also packed with gzip
  --json    one object on standard output instead of a table
  --rules   a line for each rule
  --misses  what was not found, and what fired and should not have; values are shortened
  --rule    only the cases of rules whose name contains this

A positive of the document track is found when any detector reports something inside or over one of its spans, or
with half of the shorter one in common (anything, when the case has none); one of the validator track, when any detector accepts the value as it stands alone.

A negative says that its own rule must not fire. It has fired when a detector for the same thing reports anything (validator track: accepts
the value). On the document track, where we have no detector for the same thing: when a credential of medium or high confidence is reported;
for texts about something else than secrets, anything of high confidence. Validator track: negatives that an option of the caller
makes so (a list of hosts, an e-mail without a name before it), not the value, cannot fire; the table says how many.`;

/** Characters ahead of a missed value. */
const SHOWN = 120;

process.exitCode = main(process.argv.slice(2));

function main(args: readonly string[]): number {
  let asked;
  try {
    asked = parseArgs({
      args: args.map((one) => (one === '--misses' ? '--misses=' : one)),
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        rules: { type: 'boolean', default: false },
        misses: { type: 'string' },
        rule: { type: 'string', default: '' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    console.error(escapeForTerminal(error instanceof Error ? error.message : String(error)));
    return 2;
  }
  const { values, positionals } = asked;
  if (values.help || positionals.length > 1) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const [file = DEFAULT_FILE] = positionals;
  let cases: readonly Case[];
  try {
    cases = readCases(file).filter(({ rule }) => rule.includes(values.rule));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.error(escapeForTerminal(`cannot read cases from ${file}: ${why}`));
    return 2;
  }
  const judged = judgeAll(cases);
  if (values.json) console.log(JSON.stringify(reportOf(judged)));
  else for (const line of lines(judged, values)) console.log(escapeForTerminal(line, 400));
  return 0;
}

function* lines(
  judged: readonly Judged[],
  { rules, misses }: { readonly rules: boolean; readonly misses?: string | undefined },
): Generator<string> {
  const { cases, bySource, byTrack, byStratum } = reportOf(judged);
  yield `${cases} cases`;
  yield '';
  yield* table('source', bySource);
  yield '';
  yield* table('track', { ...byTrack, ...byStratum });
  const open = judged.filter(({ verdict }) => !verdict.isJudged).length;
  if (open > 0) {
    yield '';
    yield `not judged: ${open} negatives of the validator track, see --help; counted as not fired`;
  }
  if (rules) yield '';
  if (rules)
    yield* table(
      'rule',
      countsBy(judged, ({ rule }) => rule),
    );
  if (misses === undefined) return;
  yield '';
  for (const { case: one, verdict } of judged)
    if (one.positive !== verdict.hit && one.source.includes(misses))
      yield `${one.positive ? 'missed' : `fired by ${verdict.by.join(', ')}`}  ${one.id}  ${one.rule}  ${shortened(one)}`;
}

/** Around the first span, with the middle of the value left out. */
function shortened({ text, spans }: Case): string {
  const { start, end } = spans[0] ?? { start: 0, end: text.length };
  const value = text.slice(start, end);
  const short = value.length > 24 ? `${value.slice(0, 12)}...${value.slice(-6)}` : value;
  return `${text.slice(Math.max(0, start - SHOWN), start)}[${short}]${text.slice(end, end + 40)}`.replaceAll(
    '\n',
    ' ',
  );
}
