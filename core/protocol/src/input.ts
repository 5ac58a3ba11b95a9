/**
 * A question that came from outside, as a `DecisionInput`. Facts that are known by name must have their type: a rule that reads
 * `destination.port` must not meet a text there. Facts under other names are the policy's own business and stay, as far as they
 * can be recorded as they are.
 */
import { actionNames, type DecisionInput, isActionName } from './action.ts';

/** `field` is dotted, `input` for the whole. */
export type InputProblem = { readonly field: string; readonly message: string };

export type ParsedInput =
  | { readonly ok: true; readonly input: DecisionInput }
  | { readonly ok: false; readonly problem: InputProblem };

/** A longer text is no path, argument or name that an operating system takes. */
const maxTextLength = 32_768;
/** Texts, names and numbers of one input together: its record has to be written before the answer. */
const maxTotalLength = 262_144;
const maxDepth = 16;

type Check = (value: unknown) => string | undefined;
type Fields = Readonly<Record<string, Check>>;

const isText: Check = (value) => (typeof value === 'string' ? undefined : 'must be a text');
const isTexts: Check = (value) =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')
    ? undefined
    : 'must be a list of texts';
const isTruth: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');
const isCount: Check = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : 'must be a whole number from 0';
const isInstant: Check = (value) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(value)
    ? undefined
    : 'must be a time in UTC, such as 2026-01-01T00:00:00Z';
const isBase64: Check = (value) =>
  typeof value === 'string' && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value)
    ? undefined
    : 'must be base64';
const isSha256: Check = (value) =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? undefined : 'must be 64 lower-case hex digits';
const isPort: Check = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= 65_535
    ? undefined
    : 'must be a port, from 0 to 65535';
const isObject: Check = (value) => (isRecord(value) ? undefined : 'must be an object');
const isObjects: Check = (value) =>
  Array.isArray(value) && value.every((one) => isRecord(one)) ? undefined : 'must be a list of objects';
const isAction: Check = (value) =>
  isActionName(value) ? undefined : `must be one of ${actionNames.join(', ')}`;

function isOneOf(...values: readonly string[]): Check {
  return (value) =>
    typeof value === 'string' && values.includes(value) ? undefined : `must be one of ${values.join(', ')}`;
}

const top: Fields = {
  action: isAction,
  path: isText,
  path_bytes: isBase64,
  target: isText,
  target_bytes: isBase64,
  operation: isText,
  user: isText,
  groups: isTexts,
  time: isInstant,
  mode: isOneOf('audit', 'enforce'),
};

const parts: Readonly<Record<string, Fields>> = {
  command: { argv: isTexts, cwd: isText, sha256: isSha256, interpreter: isText, script: isText },
  call: { name: isText, arguments: isObject },
  process: {
    pid: isCount,
    exe: isText,
    sha256: isSha256,
    roles: isTexts,
    ancestors: isTexts,
    container: isText,
  },
  agent: {
    id: isText,
    type: isText,
    risk: isText,
    capabilities: isTexts,
    trust: isText,
    session: isText,
  },
  device: { id: isText, attested: isTruth, attested_at: isInstant, posture: isObject },
  resource: {
    kind: isText,
    links: isCount,
    labels: isTexts,
    classification: isTexts,
    findings: isObjects,
    previous: isObject,
    label_change: isOneOf('none', 'added', 'raised', 'lowered', 'changed', 'removed'),
    size: isCount,
    mount: isOneOf('local', 'network', 'removable'),
    owner: isText,
  },
  destination: {
    host: isText,
    ip: isText,
    port: isPort,
    protocol: isText,
    method: isText,
    path: isText,
    query: isText,
    content_type: isText,
    region: isText,
    bytes: isCount,
    bytes_before: isCount,
    bucket: isText,
    first_seen: isTruth,
  },
  credential: { kind: isText, id: isText, provenance: isOneOf('vault', 'attested', 'unknown') },
};

const grant: Fields = {
  id: isText,
  action: isAction,
  path: isText,
  expires_at: isInstant,
  approved_by: isText,
};

/** Never throws. */
export function parseDecisionInput(value: unknown): ParsedInput {
  const problem = problemOf(value);
  // Every field that the type promises was looked at; the others are open.
  return problem === undefined
    ? { ok: true, input: value as unknown as DecisionInput }
    : { ok: false, problem };
}

function problemOf(value: unknown): InputProblem | undefined {
  if (!isRecord(value)) return { field: 'input', message: 'must be an object' };
  if (!Object.hasOwn(value, 'action')) return { field: 'action', message: 'is missing' };
  if (Object.hasOwn(value, 'pep'))
    return { field: 'pep', message: 'is set by the server alone, from the signature of the request' };
  const unfit = unrecordable(value, '', 0, { left: maxTotalLength });
  if (unfit !== undefined) return unfit;
  const wrong = wrongField(value, top, '');
  if (wrong !== undefined) return wrong;
  for (const [name, fields] of Object.entries(parts)) {
    if (!Object.hasOwn(value, name)) continue;
    const part = value[name];
    if (!isRecord(part)) return { field: name, message: 'must be an object' };
    const found = wrongField(part, fields, `${name}.`);
    if (found !== undefined) return found;
  }
  for (const [part, needed] of [
    ['call', 'name'],
    ['credential', 'kind'],
  ] as const)
    if (isRecord(value[part]) && !Object.hasOwn(value[part], needed))
      return { field: `${part}.${needed}`, message: 'is missing' };
  return Object.hasOwn(value, 'grants') ? wrongGrant(value['grants']) : undefined;
}

function wrongGrant(grants: unknown): InputProblem | undefined {
  if (!Array.isArray(grants)) return { field: 'grants', message: 'must be a list' };
  for (const [index, one] of (grants as unknown[]).entries()) {
    const at = `grants.${index}`;
    if (!isRecord(one)) return { field: at, message: 'must be an object' };
    for (const needed of ['id', 'action', 'expires_at'])
      if (!Object.hasOwn(one, needed)) return { field: `${at}.${needed}`, message: 'is missing' };
    const found = wrongField(one, grant, `${at}.`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function wrongField(value: Record<string, unknown>, fields: Fields, at: string): InputProblem | undefined {
  for (const [name, field] of Object.entries(value)) {
    const message = Object.hasOwn(fields, name) ? fields[name]?.(field) : undefined;
    if (message !== undefined) return { field: `${at}${name}`, message };
  }
  return undefined;
}

/** What a record could not hold as it is, or only at a length that nobody meant. */
function unrecordable(
  value: unknown,
  at: string,
  depth: number,
  total: { left: number },
): InputProblem | undefined {
  const field = at === '' ? 'input' : at.slice(0, 200);
  const bad = (message: string): InputProblem => ({ field, message });
  total.left -= typeof value === 'string' ? value.length + 3 : 8;
  if (total.left < 0) return { field: 'input', message: `is longer than ${maxTotalLength} characters` };
  if (depth > maxDepth) return bad(`nests deeper than ${maxDepth} levels`);
  if (typeof value === 'string')
    return value.length > maxTextLength ? bad(`is longer than ${maxTextLength} characters`) : undefined;
  if (typeof value === 'boolean' || value === null) return undefined;
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : bad('is a number that cannot be kept exactly');
  if (Array.isArray(value)) {
    for (const [index, one] of (value as unknown[]).entries()) {
      const found = unrecordable(one, `${at}${at === '' ? '' : '.'}${index}`, depth + 1, total);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isRecord(value)) return bad('is a number that cannot be kept exactly');
  for (const [name, one] of Object.entries(value)) {
    total.left -= name.length;
    const found = unrecordable(one, `${at}${at === '' ? '' : '.'}${name}`, depth + 1, total);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An object as JSON has it, whatever made it. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
