/** The report as tables that fit the terminal, and as JSON. Names in it come from agents and policies. */
import { escapeForTerminal, jsonForTerminal } from '@chaperone/protocol';
import { cutTo, fit, type Style } from '../journal/table.ts';
import type { Collected } from './collect.ts';
import { scoreOf, scoreText } from './risk.ts';
import type { Suggestion } from './suggest.ts';

const barWidth = 20;
const shownObjects = 5;
const shownRules = 30;
const maxActionWidth = 24;
const minObjectWidth = 12;
/** In a pipe nothing is cut, but one long name does not move everything else. */
const maxPadding = 60;
/** Score, count, outcome, and the gaps between all columns. */
const fixedRiskWidth = 5 + 6 + 8 + 5;

export function printReport(
  collected: Collected,
  suggestions: readonly Suggestion[],
  top: number,
  style: Style,
  home?: string,
): string[] {
  return [
    ...overview(collected, style),
    ...riskTable(collected, top, style, home),
    ...denials(collected, top, style),
    ...coverage(collected, style),
    ...suggested(collected, suggestions, style),
  ].flatMap((line) => fitted(line, style.width));
}

/** Tables are made to fit; sentences are wrapped, and rules (behind a tab) stay as they are. */
function fitted(line: string, width: number | undefined): string[] {
  if (width === undefined || line.startsWith('\t') || line.includes('\x1b')) return [line];
  if (line.startsWith(' ')) return [cutTo(line, width)];
  const lines = [''];
  for (const word of line.split(' ')) {
    const last = lines.at(-1) ?? '';
    const longer = last === '' ? word : `${last} ${word}`;
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(cutTo(word, width));
  }
  return lines;
}

function heading(text: string, { colour }: Style): string[] {
  return ['', colour ? `\x1b[1m${text}\x1b[0m` : text];
}

function overview(
  { sessions, acts, span, actions, damaged, forgotten, gaps }: Collected,
  style: Style,
): string[] {
  if (sessions.count === 0) return ['No session has been recorded yet.'];
  const day = (time: string | undefined): string => (time ?? '').slice(0, 16).replace('T', ' ');
  const total = acts.allowed + acts.denied + acts.wouldBeDenied + acts.refused;
  const rows: [string, number][] = [
    ['allowed', acts.allowed],
    ['denied', acts.denied],
    ['would be denied (went on)', acts.wouldBeDenied],
    ['system calls refused', acts.refused],
  ];
  const lost = forgotten + gaps.forgotten;
  return [
    `${plural(sessions.count, 'session')} (${sessions.enforce} enforce, ${sessions.audit} audit), ${plural(total, 'act')}, ${day(span.from)} to ${day(span.to)} UTC`,
    ...bars(rows, style),
    ...heading('Acts', style),
    ...bars(
      [...actions].toSorted(([, a], [, b]) => b - a),
      style,
    ),
    ...(damaged > 0
      ? [
          '',
          `${plural(damaged, 'line')} could not be read as records; \`chaperone journal verify\` says what happened.`,
        ]
      : []),
    ...(lost > 0
      ? [
          '',
          'There was too much to keep all of it apart: some of the rarer acts and gaps are counted and not listed.',
        ]
      : []),
  ];
}

function riskTable(collected: Collected, top: number, style: Style, home: string | undefined): string[] {
  const risky = collected.risky(top).map((act) => ({ ...act, object: underHome(act.object, home) }));
  if (risky.length === 0) return [];
  const longest = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));
  const actionWidth = Math.min(maxActionWidth, longest(['ACTION', ...risky.map(({ action }) => action)]));
  const whyWidth = longest(['WHY', ...risky.map(({ why }) => why)]);
  const rest =
    style.width === undefined
      ? undefined
      : Math.max(minObjectWidth, style.width - fixedRiskWidth - actionWidth - whyWidth);
  const padding = rest ?? Math.min(maxPadding, longest(['OBJECT', ...risky.map(({ object }) => object)]));
  const line = (
    score: string,
    count: string,
    outcome: string,
    action: string,
    object: string,
    why: string,
  ): string =>
    [
      fit(score, 5),
      fit(count, 6),
      fit(outcome, 8),
      fit(action, actionWidth),
      rest === undefined ? escapeForTerminal(object).padEnd(padding) : fit(object, rest),
      why,
    ]
      .join(' ')
      .trimEnd();
  return [
    ...heading('What deserves a look', style),
    line('SCORE', 'COUNT', 'OUTCOME', 'ACTION', 'OBJECT', 'WHY'),
    ...risky.map(({ points, count, outcome, action, object, why }) =>
      line(String(scoreOf(points, count)), String(count), outcome, action, object, why),
    ),
    `The first of them: chaperone why ${risky[0]?.first ?? ''}`,
    scoreText,
  ];
}

/** A recorded path is absolute, so `~/` cannot be mistaken for a folder of that name. */
function underHome(object: string, home: string | undefined): string {
  return home !== undefined && home !== '/' && object.startsWith(`${home}/`)
    ? `~${object.slice(home.length)}`
    : object;
}

function denials({ deniedBy }: Collected, top: number, style: Style): string[] {
  if (deniedBy.size === 0) return [];
  const rows = [...deniedBy.values()]
    .toSorted((a, b) => b.denied + b.wouldBeDenied - a.denied - a.wouldBeDenied)
    .slice(0, top)
    .map(({ reason, rules, denied, wouldBeDenied }): [string, number, string] => [
      `${reason}${rules.length === 0 ? '' : `: ${rules.join(', ')}`}`,
      denied + wouldBeDenied,
      wouldBeDenied === 0 ? '' : `${wouldBeDenied} went on`,
    ]);
  return [...heading('Denied and would be denied, by reason and rule', style), ...bars(rows, style)];
}

function coverage({ rules, fellToDefault, unnamed }: Collected, style: Style): string[] {
  if (rules.size === 0 && fellToDefault === 0 && unnamed === 0) return [];
  const rows = [...rules]
    .map(([name, { allowed, denied }]): [string, number, string] => [
      name,
      allowed + denied,
      `${allowed} allowed, ${denied} denied`,
    ])
    .toSorted(([, a], [, b]) => b - a);
  return [
    ...heading('Rules that decided', style),
    ...bars(rows.slice(0, shownRules), style),
    `${plural(fellToDefault, 'act')} fell to the default because no rule covers them; ${unnamed} were allowed by a rule that does not name itself.`,
  ];
}

function suggested({ gaps }: Collected, suggestions: readonly Suggestion[], style: Style): string[] {
  if (suggestions.length === 0 && gaps.neverSuggested === 0) return [];
  const lines = heading('Rules to consider', style);
  if (gaps.neverSuggested > 0)
    lines.push(
      `No rule is suggested for ${plural(gaps.neverSuggested, 'act')} on credentials, system secrets, more rights, what starts by itself or chaperone's own files.`,
    );
  if (suggestions.length === 0) return lines;
  lines.push(
    'Each is for you to judge and to paste, nothing is changed. Try it first: chaperone check --policy … -- ACT …',
  );
  for (const [index, { title, rego, package: name, preview }] of suggestions.entries()) {
    const objects = [...preview.objects].toSorted();
    const more = objects.length - shownObjects;
    lines.push(
      '',
      `${index + 1}. ${escapeForTerminal(title)}`,
      `   matches ${plural(preview.acts, 'recorded act')} on ${preview.more ? 'more than ' : ''}${plural(objects.length, 'different object')}, all denied only because no rule covers them`,
      ...objects.slice(0, shownObjects).map((one) => `     ${escapeForTerminal(one)}`),
      ...(more > 0 ? [`     and ${more} more`] : []),
      `   into package ${name}:`,
      // Never cut: it is to be copied.
      ...rego.split('\n').map((one) => `\t${escapeRego(one)}`),
    );
  }
  return lines;
}

/** What is quoted in a rule is plain text already (see gaps.ts); its backslashes are Rego's. */
function escapeRego(line: string): string {
  return line
    .split('\\')
    .map((part) =>
      part
        .split('\t')
        .map((one) => escapeForTerminal(one))
        .join('  '),
    )
    .join('\\');
}

/** A count with its share as a bar, and what else is to say. */
function bars(rows: readonly (readonly [string, number, string?])[], { width }: Style): string[] {
  const most = Math.max(1, ...rows.map(([, count]) => count));
  const digits = String(most).length;
  const longest = Math.max(0, ...rows.map(([name]) => name.length));
  const nameWidth = Math.min(
    longest,
    width === undefined ? 60 : Math.max(12, width - barWidth - digits - 26),
  );
  return rows.map(([name, count, rest = '']) => {
    const bar = '█'.repeat(Math.ceil((count / most) * barWidth));
    return `  ${fit(name, nameWidth)} ${String(count).padStart(digits)} ${bar.padEnd(rest === '' ? 0 : barWidth)} ${rest}`.trimEnd();
  });
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export function reportJson(collected: Collected, suggestions: readonly Suggestion[], top: number): string {
  const { sessions, acts, span, actions, deniedBy, rules, fellToDefault, unnamed, damaged, forgotten, gaps } =
    collected;
  return jsonForTerminal({
    sessions,
    acts,
    span,
    actions: Object.fromEntries(actions),
    risky: collected.risky(top).map((one) => ({ score: scoreOf(one.points, one.count), ...one })),
    denied_by: [...deniedBy.values()],
    rules: Object.fromEntries(rules),
    fell_to_default: fellToDefault,
    allowed_without_rule_id: unnamed,
    never_suggested: gaps.neverSuggested,
    damaged,
    forgotten: forgotten + gaps.forgotten,
    suggestions: suggestions.map(({ title, rego, package: name, acts: count, gap, preview }) => ({
      title,
      package: name,
      rego,
      acts: count,
      distinct: gap.paths.size,
      preview: {
        ...preview,
        samples: undefined,
        objects: [...preview.objects].toSorted().slice(0, top),
        distinct: preview.objects.size,
      },
    })),
  });
}
