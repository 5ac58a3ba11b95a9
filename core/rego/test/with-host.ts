import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compile, marshal, RegoEvalError } from '../src/index.ts';
import type { Host, Value } from '../src/index.ts';
import { nodeHost } from '../src/node/index.ts';

/** What one expression gives with a host, as JSON text; `undefined`, or the error of strict evaluation. */
export function evaluate(expression: string, input: unknown = {}, host: Host = nodeHost()): string {
  const source = `package test\np := ${expression}`;
  const entry = compile([{ file: 'test.rego', source }], { host }).entrypoint('test/p');
  try {
    const value = entry.value(input, { strictBuiltinErrors: true });
    return value === undefined ? 'undefined' : marshal(value);
  } catch (error) {
    if (error instanceof RegoEvalError) return error.message;
    throw error;
  }
}

/** The same as a plain value; throws when it is none. */
export function valueOf(expression: string, input: unknown = {}, host?: Host): unknown {
  const text = evaluate(expression, input, host);
  return text === 'undefined' ? undefined : (JSON.parse(text) as unknown);
}

/** Without strict errors, every failure of a built-in is just undefined. */
export function isUndefined(expression: string, input: unknown = {}): boolean {
  const source = `package test\np := ${expression}`;
  const program = compile([{ file: 'test.rego', source }], { host: nodeHost() });
  return program.entrypoint('test/p').evaluate(input) === undefined;
}

/** The binary to compare with, or why there is none. */
export function oracle(): { readonly binary: string } | { readonly skip: string } {
  const binary = process.env['OPA_BIN'];
  if (binary !== undefined && binary !== '') return { binary };
  const skip = 'OPA_BIN names no opa binary to compare with';
  console.log(`skipped: comparison with OPA, because ${skip}`);
  return { skip };
}

/** What OPA gives for many expressions, as `evaluate` words it for each. Undefined results only, no strict errors. */
export function askOpa(binary: string, expressions: readonly string[], input: unknown): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'opa-'));
  try {
    const rules = expressions.map((expression, i) => `p${i} := ${expression}`);
    writeFileSync(path.join(folder, 'p.rego'), ['package test', ...rules].join('\n'));
    writeFileSync(path.join(folder, 'input.json'), JSON.stringify(input));
    const args = [
      'eval',
      '-f',
      'raw',
      '-d',
      path.join(folder, 'p.rego'),
      '-i',
      path.join(folder, 'input.json'),
      'data.test',
    ];
    const { stdout, stderr } = spawnSync(binary, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    if (stdout === '') throw new Error(stderr);
    const source = `package test\nq := json.unmarshal(input)`;
    const exact = compile([{ file: 'q.rego', source }])
      .entrypoint('test/q')
      .value(stdout.trim()) as Readonly<Record<string, Value>>;
    return expressions.map((_, i) => {
      const value = exact[`p${i}`];
      return value === undefined ? 'undefined' : marshal(value);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
