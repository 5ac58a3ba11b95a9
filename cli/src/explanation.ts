/** How an answer came about, in lines for a person. Everything shown may come from an agent or a policy. */
import type { AnsweredAct } from '@chaperone/endpoint/question';
import {
  adviceFor,
  type Decision,
  type DecisionInput,
  escapeForTerminal,
  explainObligation,
  jsonForTerminal,
} from '@chaperone/protocol';
import { objectOf } from './notices.ts';
import { hang } from './wrap.ts';

type Trace = NonNullable<AnsweredAct['explanation']>['rules'][number];

const maxTextLength = 400;
const maxValueLength = 120;
const maxRules = 5;
const labelWidth = 10;

export function shown(text: string): string {
  return escapeForTerminal(text, maxTextLength);
}

export function row(label: string, text: string): string {
  return `  ${label.padEnd(labelWidth)}${text}`;
}

export function headline(input: Partial<DecisionInput>, decision: Decision): string {
  const operation = input.operation === undefined ? '' : ` (${shown(input.operation)})`;
  return `${decision.effect === 'allow' ? 'ALLOWED' : 'DENIED'}  ${input.action}${operation} ${shown(objectOf(input))}`;
}

/** Reason, rules and obligations of a decision. */
export function decisionLines(decision: Decision): string[] {
  const { effect, reason, policy_reason: own, message, rules, obligations } = decision;
  const code = own === undefined || own === reason ? reason : `${reason}, ${own}`;
  return [
    row('reason', `${shown(code)}: ${shown(message)}`),
    ...(rules.length > 0 ? [row('rules', shown(rules.join(', ')))] : []),
    ...obligations.map((one) => row('also', shown(explainObligation(one)))),
    ...(effect === 'deny' ? [row('advice', adviceFor(reason)), ...storeAdvice(rules)] : []),
  ];
}

/** Every shipped profile has this setting; nobody would guess it from what the floor says. */
function storeAdvice(rules: readonly string[]): string[] {
  return rules.flatMap((rule) => {
    const id = /^store:([a-z0-9_-]+)$/.exec(rule)?.[1];
    return id === undefined
      ? []
      : [row('', `If this agent needs these credentials: --profile … --set allow_stores=${id}`)];
  });
}

/** The lines as the terminal can hold them, what follows a label below its text. */
export function fitLines(lines: readonly string[], width: number | undefined): string[] {
  return lines.flatMap((line) => {
    const lead = /^ */.exec(line)?.[0].length ?? 0;
    const isRow = lead === 2 || lead === 2 + labelWidth;
    return hang(line, isRow ? 2 + labelWidth : lead + 2, width);
  });
}

/** What was asked of the policy or of what stands around it, and what came of it. */
export function pathLines({ by, limit, explanation, decision, input }: AnsweredAct): string[] {
  switch (by) {
    case 'own':
      return [];
    case 'limits':
      return limit ? [row('limit', limitText(limit))] : [];
    case 'move':
      return [row('moved', shown(decision.message)), ...ruleLines(explanation)];
    case 'label':
      return [row('label', shown(decision.message)), ...ruleLines(explanation)];
    case 'policy':
      return [...contentLines(input), ...ruleLines(explanation)];
    default:
      return by satisfies never;
  }
}

/** What was found in the file, where the policy looked: classes and figures, never a value. */
function contentLines({ resource }: AnsweredAct['input']): string[] {
  const { findings = [], labels = [] } = resource ?? {};
  const found = findings.map(
    ({ class: name, count, distinct, confidence }) =>
      `${count} × ${shown(name)} (${distinct === count ? '' : `${distinct} different, `}confidence ${confidence})`,
  );
  return [
    ...(found.length > 0 ? [row('content', found.join(', '))] : []),
    ...(labels.length > 0 ? [row('labels', shown(labels.join(', ')))] : []),
  ];
}

function limitText({ kind, path, by }: NonNullable<AnsweredAct['limit']>): string {
  const places = shown(by.join(', '));
  switch (kind) {
    case 'closed':
      return `${shown(path)}: ${places} is closed to every session: chaperone's own state, or what the floor never grants`;
    case 'sealed':
      return `${shown(path)}: ${places} can be read and never changed: the policy in force, or chaperone itself`;
    case 'not_granted':
      return `${shown(path)} is not among what the floor of the policy grants: ${places === '' ? 'nothing' : places}`;
    case 'desktop':
      return `${shown(path)}: the floor of the policy does not grant this part of the desktop: ${places}`;
    default:
      return kind satisfies never;
  }
}

/** What says most comes first; each failed rule with the condition that decided it. */
function ruleLines(explanation: AnsweredAct['explanation']): string[] {
  if (!explanation) return [];
  const { rules } = explanation;
  if (rules.length === 0) return [row('policy', 'no rule was tried')];
  const lines = rules.slice(0, maxRules).flatMap(traceLines);
  const hidden = rules.length - maxRules;
  return [
    '',
    '  What the policy tried:',
    ...lines,
    ...(hidden > 0 ? [`    and ${hidden} more (--json shows them)`] : []),
  ];
}

export function traceLines({ rule, file, line, outcome, failed, value }: Trace): string[] {
  const mark = { matched: '✓', failed: '✗', error: '!' }[outcome];
  const result = outcome === 'matched' && value !== undefined ? ` = ${json(value)}` : '';
  const head = `    ${mark} ${shown(rule)}  ${shown(file)}:${line}${outcome === 'error' ? '  error' : ''}${result}`;
  if (!failed) return [head];
  return [
    head,
    `        line ${failed.line} does not hold: ${shown(failed.text.replace(/\s+/g, ' ').trim())}`,
    ...failed.facts.map(
      ({ name, value: fact }) =>
        `          ${shown(name)} is ${fact === undefined ? 'not known' : json(fact)}`,
    ),
  ];
}

function json(value: unknown): string {
  const text = jsonForTerminal(value);
  return text.length > maxValueLength ? `${text.slice(0, maxValueLength)}…` : text;
}
