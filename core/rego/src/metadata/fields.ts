import { RegoError } from '../errors.ts';
import type { Location } from '../errors.ts';
import type { Json } from '../values.ts';

type Fields = Record<string, Json>;

/** The known fields of an annotation, in the form in which OPA gives them to policies and tools. */
export function parseFields(raw: unknown, at: Location): Fields {
  const fail = (message: string): never => {
    throw new RegoError('rego_parse_error', message, at);
  };
  if (!isRecord(raw)) return fail('yaml: a METADATA block must be a mapping');
  const fields: Fields = {};
  for (const name of ['scope', 'title', 'description'] as const) {
    const value = raw[name];
    if (value === undefined || value === null || value === '') continue;
    if (typeof value === 'object') fail(`yaml: ${name} must be a string`);
    fields[name] = String(value as string);
  }
  if (raw['entrypoint'] !== undefined && typeof raw['entrypoint'] !== 'boolean')
    fail('yaml: entrypoint must be true or false');
  if (raw['entrypoint'] === true) fields['entrypoint'] = true;
  const put = (name: string, make: (item: unknown) => Json): void => {
    const list = raw[name];
    if (list === undefined || list === null) return;
    if (!Array.isArray(list)) return fail(`yaml: ${name} must be a list`);
    if (list.length > 0) fields[name] = list.map((item: unknown) => make(item));
  };
  put('organizations', (item) =>
    typeof item === 'string' ? item : fail('yaml: organizations must be strings'),
  );
  put(
    'authors',
    (item) => author(item) ?? fail(`invalid author definition ${text(item)}: ${authorReason(item)}`),
  );
  put(
    'related_resources',
    (item) =>
      resource(item) ?? fail(`invalid related-resource definition ${text(item)}: ${resourceReason(item)}`),
  );
  put(
    'schemas',
    (item) => schema(item) ?? fail(`invalid schema declaration for path ${JSON.stringify(firstKey(item))}`),
  );
  for (const name of ['custom', 'compile', 'labels'] as const) {
    const value = raw[name];
    if (value === undefined || value === null) continue;
    if (!isRecord(value)) fail(`yaml: ${name} must be a mapping`);
    fields[name] = value as Json;
  }
  return fields;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function trimmed(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** `Jane Doe <jane@example.com>`, or `name` and `email`. */
function author(item: unknown): Json | null {
  let name = isRecord(item) ? trimmed(item['name']) : '';
  let email = isRecord(item) ? trimmed(item['email']) : '';
  if (typeof item === 'string') {
    const parts = item.split(/\s+/).filter((part) => part !== '');
    const last = parts.at(-1) ?? '';
    if (last.length >= 2 && last.startsWith('<') && last.endsWith('>')) {
      email = last.slice(1, -1);
      parts.pop();
    }
    name = parts.join(' ');
  }
  if (name === '' && email === '') return null;
  return { ...(name === '' ? {} : { name }), ...(email === '' ? {} : { email }) };
}

function authorReason(item: unknown): string {
  if (typeof item === 'string') return 'author is an empty string';
  return isRecord(item)
    ? "'name' and/or 'email' values required in object"
    : 'invalid value type, must be string or map';
}

/** An address, or `ref` and `description`. */
function resource(item: unknown): Json | null {
  const ref = typeof item === 'string' ? item : isRecord(item) ? trimmed(item['ref']) : '';
  if (ref === '') return null;
  const description = isRecord(item) ? trimmed(item['description']) : '';
  return { ...(description === '' ? {} : { description }), ref };
}

function resourceReason(item: unknown): string {
  if (typeof item === 'string') return 'ref URL may not be empty string';
  return isRecord(item) ? "'ref' value required in object" : 'invalid value type, must be string or map';
}

/** `input: schema.name` or `data.x: {…}`. */
function schema(item: unknown): Json | null {
  if (!isRecord(item)) return null;
  const [entry] = Object.entries(item);
  if (entry === undefined) return null;
  const [path, value] = entry;
  if (typeof value === 'string') return { path: reference(path), schema: reference(value) };
  return isRecord(value) ? { path: reference(path), definition: value as Json } : null;
}

function firstKey(item: unknown): string {
  return isRecord(item) ? (Object.keys(item)[0] ?? '') : '';
}

function reference(dotted: string): Json {
  return dotted.split('.').map((value, i) => ({ type: i === 0 ? 'var' : 'string', value }));
}
