/** What explain and bench share: one rule of a policy, asked with one input. */
import { readFileSync } from 'node:fs';
import { compile, type Entrypoint, parseJson, RegoErrors, type Value } from '@chaperone/rego';
import { nodeHost } from '@chaperone/rego/node';
import { CliError } from '../../errors.ts';
import { type PolicySources, refusal } from './sources.ts';

/** @param rule `data.pkg.rule`, or with slashes and without `data` */
export function entrypointOf(sources: PolicySources, rule: string): Entrypoint {
  const path = rule.replace(/^data[./]/, '').replaceAll('.', '/');
  try {
    const program = compile(sources.modules, { data: sources.data, host: nodeHost() });
    if (program.has(path)) return program.entrypoint(path);
    const known = program.rules().map((one) => `data.${one.path.join('.')}`);
    throw new CliError(
      2,
      `there is no rule data.${path.replaceAll('/', '.')}; there are: ${known.join(', ')}`,
    );
  } catch (error) {
    throw error instanceof RegoErrors ? refusal(sources, error) : error;
  }
}

/** @param file `-` for standard input; undefined for no input */
export function readValue(file: string | undefined): Value | undefined {
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    throw new CliError(2, `cannot read the input ${file} (${code})`, { cause: error });
  }
  const value = parseJson(text);
  if (value === undefined) throw new CliError(2, `the input ${file} is not JSON`);
  return value;
}
