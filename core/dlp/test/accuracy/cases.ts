import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

export type Track = 'document' | 'validator';

/** UTF-16 offsets in the text of the case. */
export type Span = { readonly start: number; readonly end: number };

/** One text, and whether one rule of one project finds something in it. */
export type Case = {
  readonly id: string;
  readonly text: string;
  readonly positive: boolean;
  /** What kind of data it is: `secret`, `pii`, `national-id`, ... */
  readonly cls: string;
  readonly rule: string;
  /** Arguments of the rule, such as a country: JSON as the project's test has it. */
  readonly args: string;
  readonly spans: readonly Span[];
  readonly track: Track;
  readonly source: string;
};

/** Where the cases are when no file is named. */
export const DEFAULT_FILE = path.join(
  process.env['CHAPERONE_SHARED_DATA'] ?? path.resolve(import.meta.dirname, '../../../../../shared/data'),
  'dlp/dev.jsonl.gz',
);

/** All cases of the default file, or (printed too) why there are none. */
export function defaultCases(): readonly Case[] | string {
  if (existsSync(DEFAULT_FILE)) return readCases(DEFAULT_FILE);
  const why = `there are no detection cases at ${DEFAULT_FILE}`;
  console.log(`skipped: the accuracy of detectors, because ${why}`);
  return why;
}

/** Reads `.jsonl` and, by its first bytes, `.jsonl.gz`. Throws an Error that names the line of what is no case. */
export function readCases(file: string): Case[] {
  const bytes = readFileSync(file);
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = (isPacked ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    try {
      return [parseCase(JSON.parse(line))];
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`line ${i + 1}: ${why}`, { cause: error });
    }
  });
}

function parseCase(value: unknown): Case {
  const fields = objectOf(value);
  const text = (name: string): string => {
    const found = fields[name];
    if (typeof found !== 'string') throw new Error(`"${name}" is not a string`);
    return found;
  };
  const { positive, spans, args } = fields;
  if (typeof positive !== 'boolean') throw new Error('"positive" is not a boolean');
  const track = text('track');
  if (track !== 'document' && track !== 'validator')
    throw new Error('"track" is neither document nor validator');
  if (spans !== undefined && spans !== null && !Array.isArray(spans))
    throw new Error('"spans" is not an array');
  return {
    id: text('id'),
    text: text('text'),
    positive,
    cls: text('cls'),
    rule: text('rule'),
    args: typeof args === 'string' ? args : '',
    spans: (spans ?? []).map(parseSpan),
    track,
    source: text('source'),
  };
}

function parseSpan(value: unknown): Span {
  const { start, end } = objectOf(value);
  if (typeof start !== 'number' || typeof end !== 'number' || !(start <= end))
    throw new Error('a span has no start and end');
  return { start, end };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('is not a JSON object');
  return value as Readonly<Record<string, unknown>>;
}
