/** How fast the policy engine decides, beside others on the same policy: `npm run bench:pdp`. */
import { writeFileSync } from 'node:fs';
import { describeMachine } from '../machine.ts';
import { parsed, runAs } from '../options.ts';
import { data, input, inputs, policyOf } from './documents.ts';
import { Folder, opaFigures, ownEngine, wasmEngine } from './engines.ts';
import type { Engine } from './engines.ts';
import { measure } from './measure.ts';
import { goals, markdown, own, row } from './report.ts';
import type { Report, Row } from './report.ts';

const usage = `npm run bench:pdp -- [--quick] [--write]
  --quick    one short round: shows that all works, says little about speed
  --write    bench/pdp/results.md is replaced
  OPA_BIN    names an opa binary: it makes the WebAssembly for opa-wasm, and is measured itself`;

const sizes = [30, 300, 3000] as const;

/** The decision as a text that is the same however an engine orders the members of a set. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).toSorted().join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}: ${canonical(item)}`)
    .toSorted()
    .join()}}`;
}

/** Throws Error when an engine gives another decision than this package. */
function assertSame({ name, decide }: Pick<Engine, 'name' | 'decide'>, reference: Engine): void {
  for (const given of inputs) {
    const [expected, got] = [canonical(reference.decide(given)), canonical(decide(given))];
    if (expected !== got) throw new Error(`${name} decides otherwise: ${got} instead of ${expected}`);
  }
}

/** The engines over a policy of one size, and the row of what measures itself. */
interface Prepared {
  readonly rules: number;
  readonly engines: readonly Engine[];
  readonly rows: readonly Row[];
}

async function prepare(size: number, opa: string | undefined): Promise<Prepared> {
  using folder = new Folder();
  const { source, rules } = policyOf(size);
  const reference = ownEngine(own, source, 'javascript');
  const engines: Engine[] = [reference, ownEngine(`${own}, closures`, source, 'closures')];
  if (opa !== undefined) engines.push(await wasmEngine(folder, opa, source));
  for (const engine of engines) assertSame(engine, reference);
  if (opa === undefined) return { rules, engines, rows: [] };
  const { decide, ...figures } = opaFigures(folder, opa, source, input);
  assertSame({ name: 'opa', decide }, reference);
  return { rules, engines, rows: [row(rules, 'opa', null, figures)] };
}

async function measured(opa: string | undefined, quick: boolean): Promise<Row[]> {
  const all: Prepared[] = [];
  for (const size of sizes) all.push(await prepare(size, opa));
  // All sizes take their turns together: how they compare must not depend on what else the machine does meanwhile.
  const engines = all.flatMap((one) => one.engines);
  const timings = measure(engines, input, quick ? 1 : 10, quick ? 50 : 250);
  return all.flatMap(({ rules, engines: some, rows }) => [
    ...some.map((engine) => row(rules, engine.name, engine.loadMs, timings.get(engine) ?? {})),
    ...rows,
  ]);
}

async function main(): Promise<void> {
  const { values } = parsed({
    options: { quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
  });
  const machine = describeMachine(new Date());
  const opa = process.env['OPA_BIN'];
  const absent = opa === undefined ? ['opa and opa-wasm, because OPA_BIN names no opa binary'] : [];
  const rows = await measured(opa, values.quick);
  const report: Report = { machine, rows, absent };
  const sizesText = `input ${JSON.stringify(input).length} B, data ${JSON.stringify(data).length} B`;
  process.stdout.write(`${markdown(report)}${sizesText}\n`);
  if (values.write) writeFileSync(new URL('results.md', import.meta.url), markdown(report));
  if (!values.quick && goals(rows).some(({ met }) => !met)) process.exitCode = 1;
}

await runAs('bench:pdp', usage, main);
