/** What explain and bench share: one rule of a policy, asked with one input. */
import { readFileSync } from 'node:fs';
import { compile, type Entrypoint, parseJson, type Program, RegoErrors, type Value } from '@chaperone/rego';
import { authorHost } from './author-host.ts';
import { CliError } from '../../errors.ts';
import { type PolicySources, refusal } from './sources.ts';

const maxNames = 20;

/** @param rule `data.pkg.rule`, or with slashes and without `data` */
export function entrypointOf(sources: PolicySources, rule: string): Entrypoint {
  const path = rule.replace(/^data[./]/, '').replaceAll('.', '/');
  try {
    const program = compile(sources.modules, { data: sources.data, host: authorHost() });
    if (program.has(path)) return program.entrypoint(path);
    const known = knownRules(program);
    throw new CliError(2, `there is no rule data.${path.replaceAll('/', '.')}; there are: ${known}`);
  } catch (error) {
    throw error instanceof RegoErrors ? refusal(sources, error) : error;
  }
}

/** The names of a program's rules, for a person. */
export function knownRules(program: Program): string {
  const names = program.rules().map(({ path }) => `data.${path.join('.')}`);
  const more = names.length - maxNames;
  return `${names.slice(0, maxNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** @param file `-` for standard input; undefined for no input */
export function readValue(file: string | undefined): Value | undefined {
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    // Who has JSON at hand tries to give that.
    const advice = /^\s*[[{"]/.test(file) ? '; it takes a file, or - for JSON on standard input' : '';
    throw new CliError(2, `cannot read the input ${file} (${code})${advice}`, { cause: error });
  }
  const value = parseJson(text);
  if (value === undefined)
    throw new CliError(2, `${file === '-' ? 'standard input' : `the input ${file}`} is not JSON`);
  return value;
}
