import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { compile, RegoErrors } from '../src/index.ts';

/** A module without its package line, and all that is wrong with it: `code row:col message`. */
interface Case {
  readonly source: string;
  readonly strict?: true;
  readonly errors: readonly string[];
}

const cases = readFileSync(path.join(import.meta.dirname, 'check-cases.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

function refused({ source, strict }: Case): string[] {
  try {
    compile([{ file: 'test.rego', source: `package test\n${source}\n` }], { strict: strict === true });
    return [];
  } catch (error) {
    if (!(error instanceof RegoErrors)) throw error;
    // What is not supported here is a matter of other tests.
    return error.errors
      .filter((one) => one.code !== 'rego_unsupported')
      .map((one) => `${one.code} ${one.row}:${one.col} ${one.reason}`);
  }
}

interface OpaError {
  readonly code: string;
  readonly message: string;
  readonly location?: { readonly row: number; readonly col: number };
}

async function refusedByOpa(opa: string, dir: string, { source, strict }: Case): Promise<string[]> {
  writeFileSync(path.join(dir, 'test.rego'), `package test\n${source}\n`);
  const args = ['check', '--format', 'json', ...(strict === true ? ['--strict'] : []), 'test.rego'];
  const output = await promisify(execFile)(opa, args, { cwd: dir }).then(
    ({ stdout }) => stdout,
    (error: unknown) =>
      typeof error === 'object' && error !== null && 'stderr' in error && 'stdout' in error
        ? `${String(error.stdout)}${String(error.stderr)}`
        : Promise.reject(error as Error),
  );
  if (output.trim() === '') return [];
  const { errors } = JSON.parse(output) as { errors: readonly OpaError[] };
  return errors.map(
    ({ code, message, location }) => `${code} ${location?.row ?? 0}:${location?.col ?? 0} ${message}`,
  );
}

describe('compile-time checks', () => {
  test.each(cases)('$source', (found) => {
    expect(refused(found)).toEqual(found.errors);
  });

  test('the table is what OPA says', async ({ skip }) => {
    const opa = process.env['OPA_BIN'];
    if (opa === undefined) return skip(`OPA_BIN is not set: ${cases.length} cases are not compared with OPA`);
    const dir = mkdtempSync(path.join(tmpdir(), 'rego-check-'));
    const different: unknown[] = [];
    for (const found of cases) {
      const said = await refusedByOpa(opa, dir, found);
      if (said.join('\n') !== found.errors.join('\n')) different.push({ found, said });
    }
    expect(different).toEqual([]);
  }, 300_000);
});
