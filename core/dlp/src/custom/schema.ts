/** What customers define themselves, as the data of a bundle (`data.chaperone.dlp`) says it. */
import type { Band } from '../finding.ts';
import { CustomError } from './errors.ts';
import { lintPattern } from './lint.ts';

type Named = { readonly id: string; readonly class: string; readonly name: string };

export type CustomPattern = Named & {
  readonly pattern: string;
  readonly ignoreCase: boolean;
  /** Words of which one stands within `within` characters of the match. */
  readonly anchors: readonly string[];
  readonly within: number;
  readonly confidence: Band;
  readonly context: readonly string[];
};

export type CustomDictionary = Named & {
  readonly words: ReadonlyMap<string, number>;
  /** Sum of the weights of different words in one part. */
  readonly threshold: number;
  readonly confidence: Band;
};

/** Made by `exactIndexOf`. */
export type ExactData = Named & {
  readonly key: Uint8Array;
  readonly bloom: Uint8Array;
  readonly table: Uint8Array;
  readonly confidence: Band;
};

/** Made by `fingerprintsOf`. */
export type FingerprintedDocument = Named & {
  readonly prints: Uint8Array;
  /** Of its fingerprints, so many in one part. */
  readonly threshold: number;
  readonly confidence: Band;
};

export type Custom = {
  readonly patterns: readonly CustomPattern[];
  readonly dictionaries: readonly CustomDictionary[];
  readonly exact: readonly ExactData[];
  readonly fingerprints: readonly FingerprintedDocument[];
};

const mostWords = 20_000;
const mostDefinitions = 500;
/** Characters to each side: a window of less than 2 KB in all. */
const widest = 800;

type Fields = Readonly<Record<string, unknown>>;

/** @throws CustomError which says where and what */
export function parseCustom(value: unknown): Custom {
  const fields = fieldsOf(value, 'dlp', ['patterns', 'dictionaries', 'exact', 'fingerprints']);
  const custom: Custom = {
    patterns: listOf(fields, 'dlp', 'patterns', patternOf),
    dictionaries: listOf(fields, 'dlp', 'dictionaries', dictionaryOf),
    exact: listOf(fields, 'dlp', 'exact', exactOf),
    fingerprints: listOf(fields, 'dlp', 'fingerprints', fingerprintedOf),
  };
  const ids = Object.values(custom).flatMap((list: readonly Named[]) => list.map(({ id }) => id));
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined)
    throw new CustomError('custom_duplicate_id', `dlp: the id "${twice}" is used twice`);
  return custom;
}

function patternOf(value: unknown, where: string): CustomPattern {
  const fields = fieldsOf(value, where, [
    ...named,
    'pattern',
    'ignoreCase',
    'anchors',
    'within',
    'confidence',
    'context',
  ]);
  const pattern = textOf(fields, where, 'pattern');
  const wrong = lintPattern(pattern);
  if (wrong !== undefined) throw new CustomError('custom_pattern_unsafe', `${where}.pattern ${wrong}`);
  const anchors = textsOf(fields, where, 'anchors');
  if (anchors.length === 0 || anchors.some((word) => word.length < 3))
    throw malformed(
      `${where}.anchors`,
      'needs at least one word of 3 letters or more, which stands near each match',
    );
  return {
    ...namedOf(fields, where),
    pattern,
    ignoreCase: fields['ignoreCase'] === true,
    anchors,
    within: numberOf(fields, where, 'within', 100, widest),
    confidence: bandOf(fields, where),
    context: textsOf(fields, where, 'context'),
  };
}

function dictionaryOf(value: unknown, where: string): CustomDictionary {
  const fields = fieldsOf(value, where, [...named, 'words', 'threshold', 'confidence']);
  const given = fields['words'];
  const entries: [string, unknown][] = Array.isArray(given)
    ? given.map((word: unknown) => [typeof word === 'string' ? word : '', 1])
    : Object.entries(fieldsOf(given, `${where}.words`));
  if (entries.length > mostWords)
    throw new CustomError('custom_too_large', `${where}.words has more than ${mostWords} words`);
  const words = new Map<string, number>();
  for (const [word, weight] of entries) {
    if (word.length < 2) throw malformed(`${where}.words`, 'must be words of 2 letters or more');
    if (typeof weight !== 'number' || !(weight > 0))
      throw malformed(`${where}.words`, `"${word}" needs a weight above 0`);
    words.set(word, weight);
  }
  return {
    ...namedOf(fields, where),
    words,
    threshold: numberOf(fields, where, 'threshold', 1, 1_000_000),
    confidence: bandOf(fields, where),
  };
}

function exactOf(value: unknown, where: string): ExactData {
  const fields = fieldsOf(value, where, [...named, 'key', 'bloom', 'table', 'confidence']);
  const bloom = bytesOf(fields, where, 'bloom');
  if (bloom.length === 0 || (bloom.length & (bloom.length - 1)) !== 0)
    throw malformed(`${where}.bloom`, 'must be a power of two of bytes: make it with exactIndexOf');
  const table = bytesOf(fields, where, 'table');
  if (table.length % 12 !== 0) throw malformed(`${where}.table`, 'must have 12 bytes per value');
  return {
    ...namedOf(fields, where),
    key: bytesOf(fields, where, 'key'),
    bloom,
    table,
    confidence: bandOf(fields, where),
  };
}

function fingerprintedOf(value: unknown, where: string): FingerprintedDocument {
  const fields = fieldsOf(value, where, [...named, 'prints', 'threshold', 'confidence']);
  const prints = bytesOf(fields, where, 'prints');
  if (prints.length % 4 !== 0) throw malformed(`${where}.prints`, 'must have 4 bytes per fingerprint');
  const threshold = numberOf(fields, where, 'threshold', 4, 1_000_000);
  return { ...namedOf(fields, where), prints, threshold, confidence: bandOf(fields, where) };
}

const named = ['id', 'class', 'name'] as const;

function namedOf(fields: Fields, where: string): Named {
  const id = textOf(fields, where, 'id');
  const name = textOf(fields, where, 'class');
  if (!/^[a-z0-9_]+(?:\.[a-z0-9_]+)*$/.test(name))
    throw malformed(`${where}.class`, 'must be dotted lower-case words such as custom.project');
  if (!/^[a-z0-9_.-]+$/.test(id))
    throw malformed(`${where}.id`, 'must be lower-case letters, digits, dots and dashes');
  return { id, class: name, name: fields['name'] === undefined ? id : textOf(fields, where, 'name') };
}

function malformed(where: string, what: string): CustomError {
  return new CustomError('custom_malformed', `${where} ${what}`);
}

function fieldsOf(value: unknown, where: string, known?: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed(where, 'must be an object');
  const unknown = known && Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw malformed(where, `has the unknown field "${unknown}"`);
  return value as Fields;
}

function listOf<T>(
  fields: Fields,
  where: string,
  key: string,
  parse: (value: unknown, where: string) => T,
): T[] {
  const list = fields[key] ?? [];
  if (!Array.isArray(list)) throw malformed(`${where}.${key}`, 'must be a list');
  if (list.length > mostDefinitions)
    throw new CustomError('custom_too_large', `${where}.${key} has more than ${mostDefinitions} entries`);
  return list.map((one: unknown, index) => parse(one, `${where}.${key}[${index}]`));
}

function textOf(fields: Fields, where: string, key: string): string {
  const value = fields[key];
  if (typeof value !== 'string' || value === '') throw malformed(`${where}.${key}`, 'must be a text');
  return value;
}

function textsOf(fields: Fields, where: string, key: string): string[] {
  const value = fields[key] ?? [];
  if (!Array.isArray(value) || !value.every((one): one is string => typeof one === 'string' && one !== ''))
    throw malformed(`${where}.${key}`, 'must be a list of texts');
  return value;
}

function numberOf(fields: Fields, where: string, key: string, usual: number, most: number): number {
  const value = fields[key] ?? usual;
  if (typeof value !== 'number' || !(value > 0 && value <= most))
    throw malformed(`${where}.${key}`, `must be a number above 0, at most ${most}`);
  return value;
}

function bandOf(fields: Fields, where: string): Band {
  const value = fields['confidence'] ?? 75;
  if (value !== 85 && value !== 75 && value !== 65)
    throw malformed(`${where}.confidence`, 'must be 85, 75 or 65');
  return value;
}

function bytesOf(fields: Fields, where: string, key: string): Uint8Array {
  try {
    return Uint8Array.from(atob(textOf(fields, where, key)), (one) => one.charCodeAt(0));
  } catch {
    throw malformed(`${where}.${key}`, 'must be Base64');
  }
}
