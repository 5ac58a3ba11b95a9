/** A whole input document, from a file or standard input. */
import { readFileSync } from 'node:fs';
import { type DecisionInput, isActionName } from '@chaperone/protocol';
import { CliError } from '../../errors.ts';

const texts = ['path', 'path_bytes', 'target', 'target_bytes', 'operation', 'user', 'time'] as const;
const objects = [
  'command',
  'call',
  'process',
  'agent',
  'device',
  'resource',
  'destination',
  'credential',
] as const;
const maxBytes = 1024 * 1024;

/** @param file `-` for standard input. Throws CliError. */
export function readInput(file: string): DecisionInput {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    throw new CliError(2, `cannot read ${file} (${why})`, { cause: error });
  }
  if (text.length > maxBytes) throw new CliError(2, `${file} is too long for an input document`);
  return parseInput(text);
}

/** Facts that this version does not know stay in it: the policy sees them. Throws CliError. */
export function parseInput(text: string): DecisionInput {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CliError(2, 'the input is not JSON', { cause: error });
  }
  if (!isObject(value)) throw new CliError(2, 'the input must be a JSON object');
  if (!isActionName(value['action'])) throw new CliError(2, 'the input has no known action');
  for (const name of texts) {
    if (Object.hasOwn(value, name) && typeof value[name] !== 'string')
      throw new CliError(2, `${name} of the input must be a text`);
  }
  for (const name of objects) {
    if (Object.hasOwn(value, name) && !isObject(value[name]))
      throw new CliError(2, `${name} of the input must be an object`);
  }
  return value as unknown as DecisionInput;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
