import { compile, RegoErrors } from '../src/index.ts';
import type { Json, Program, RegoError } from '../src/index.ts';

/** Compiles one module. */
export function program(source: string, dialect: 'v0' | 'v1' = 'v1', data: Json = {}): Program {
  return compile([{ file: 'test.rego', source, dialect }], { data });
}

/** Evaluates `data.test.<name>` of a module given without its package line. */
export function ask(body: string, name = 'p', input: unknown = {}, data: Json = {}): Json | undefined {
  return program(`package test\n${body}`, 'v1', data).entrypoint(`test/${name}`).evaluate(input);
}

/** The errors for which modules are refused. */
export function refusals(source: string, dialect: 'v0' | 'v1' = 'v1'): readonly RegoError[] {
  try {
    program(source, dialect);
  } catch (error) {
    if (error instanceof RegoErrors) return error.errors;
    throw error;
  }
  return [];
}

/** The first refusal as `code row:col`. */
export function refusal(body: string): string {
  const [first] = refusals(`package test\n${body}`);
  return first === undefined ? 'accepted' : `${first.code} ${first.row}:${first.col}`;
}
