/**
 * How an answer came about, in the shape of the Open Policy Agent's traces: events of rules that were entered, and left
 * or failed. A condition is told where it failed, with what it read; the others are not listed.
 */
import type { BodyTrace, Entrypoint, Json, Value } from '@chaperone/rego';
import { paramValues } from '../http/request.ts';
import type { DocumentPlan } from '../query/document.ts';

export type ExplainMode = 'off' | 'notes' | 'fails' | 'full' | 'debug';

type TraceEvent = {
  readonly op: 'enter' | 'exit' | 'fail';
  readonly query_id: number;
  readonly parent_id: number;
  readonly type: 'rule' | 'expr';
  readonly node: { readonly name?: string; readonly text?: string };
  readonly locals: readonly { readonly key: Json; readonly value: Json }[];
  readonly message?: string;
  readonly location: { readonly file: string; readonly row: number };
};

const modes = new Set<string>(['notes', 'fails', 'full', 'debug']);

export function explainMode(search: string): ExplainMode {
  return (paramValues(search, 'explain').find((value) => modes.has(value)) ?? 'off') as ExplainMode;
}

/** Events, or lines for people when it is to be pretty. */
export function explanationOf(
  mode: Exclude<ExplainMode, 'off'>,
  plan: DocumentPlan,
  input: Value | undefined,
  pretty: boolean,
): readonly (TraceEvent | string)[] {
  // What a policy says by `trace` is not kept, so there are no notes.
  if (mode === 'notes' || plan.entrypoint === null) return [];
  const bodies = bodiesOf(plan.entrypoint, input).filter(
    ({ outcome }) => mode !== 'fails' || outcome !== 'matched',
  );
  return pretty ? bodies.flatMap(linesOf) : bodies.flatMap(eventsOf);
}

function bodiesOf(entrypoint: Entrypoint, input: Value | undefined): readonly BodyTrace[] {
  return entrypoint.explain(input).bodies;
}

function eventsOf(body: BodyTrace, index: number): TraceEvent[] {
  const { rule, file, line, failed, value } = body;
  const ids = { query_id: index + 1, parent_id: 0 };
  const place = { location: { file, row: line } };
  const enter: TraceEvent = { op: 'enter', ...ids, type: 'rule', node: { name: rule }, locals: [], ...place };
  if (failed === undefined) {
    const message = value === undefined ? {} : { message: JSON.stringify(value) };
    return [
      enter,
      { op: 'exit', ...ids, type: 'rule', node: { name: rule }, locals: [], ...message, ...place },
    ];
  }
  const locals = failed.facts.map((fact) => ({ key: fact.name, value: fact.value ?? null }));
  const at = { location: { file: failed.file, row: failed.line } };
  return [enter, { op: 'fail', ...ids, type: 'expr', node: { text: failed.text }, locals, ...at }];
}

const placeWidth = 14;

function linesOf({ rule, file, line, failed, value }: BodyTrace): string[] {
  const show = (row: number, text: string): string => `${`${file}:${row}`.padEnd(placeWidth)}${text}`;
  const enter = show(line, `| Enter ${rule}`);
  if (failed === undefined)
    return [enter, show(line, `| | Exit ${rule}${value === undefined ? '' : ` = ${JSON.stringify(value)}`}`)];
  const facts = failed.facts.map(
    (fact) => `${fact.name} is ${fact.value === undefined ? 'undefined' : JSON.stringify(fact.value)}`,
  );
  return [
    enter,
    show(failed.line, `| | Fail ${failed.text}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`),
  ];
}
