import { isArray, isObject, objectEntries, objectGet, RegoSet, keyOf } from '../values.ts';
import type { Key, Value } from '../values.ts';
import { members } from './collections.ts';
import { decimalQuotient, normal } from './numbers.ts';
import { operands } from './operands.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

const BINARY = ['', 'ki', 'mi', 'gi', 'ti', 'pi', 'ei'];
const DECIMAL = ['', 'k', 'm', 'g', 't', 'p', 'e'];

/** A number with a fraction as an exact quotient. */
function decimal(text: string): { n: bigint; d: bigint } | undefined {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/.exec(text);
  if (found === null || (found[2] === '' && (found[3] ?? '') === '')) return undefined;
  const fraction = found[3] ?? '';
  const exponent = Number(found[4] ?? 0);
  const n = BigInt(`${found[2] ?? ''}${fraction}`) * (found[1] === '-' ? -1n : 1n);
  const d = 10n ** BigInt(fraction.length);
  return exponent < 0 ? { n, d: d * 10n ** BigInt(-exponent) } : { n: n * 10n ** BigInt(exponent), d };
}

/**
 * Splits a quantity as OPA does: the number ends at the first character that cannot be part of one.
 * @returns null when the exponent has too many digits
 */
function quantity(text: string): readonly [string, string] | null {
  let end = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i] ?? '';
    if (!/[\d.eE+-]/.test(c)) {
      end = i;
      break;
    }
    if (!/[eE]/.test(c)) continue;
    const exponent = /^[+-]?(\d*)/.exec(text.slice(i + 1));
    if (!/^[\d+-]/.test(text.slice(i + 1))) {
      end = i;
      break;
    }
    if ((exponent?.[1] ?? '').length > 6) return null;
    if (/^[+-]/.test(text.slice(i + 1))) i += 1;
  }
  return [text.slice(0, end), text.slice(end)];
}

/** How the two built-ins for quantities differ. */
interface Units {
  readonly name: string;
  readonly what: string;
  /** The factor of a unit as a fraction; undefined for a unit that there is not. */
  readonly factor: (unit: string) => readonly [bigint, bigint] | undefined;
}

/** `m` is milli and `M` mega; else the first letter is of either case, and the second always `i`. */
const UNITS: Units = {
  name: 'units.parse',
  what: 'amount',
  factor: (unit) => (unit === 'm' ? [1n, 1000n] : scale(unit.toLowerCase())),
};

const BYTES: Units = {
  name: 'units.parse_bytes',
  what: 'byte amount',
  factor: (unit) => (unit === 'b' ? undefined : scale(unit.toLowerCase().replace(/b$/, ''))),
};

function scale(unit: string): readonly [bigint, bigint] | undefined {
  const [binary, metric] = [BINARY.indexOf(unit), DECIMAL.indexOf(unit)];
  if (metric >= 0) return [1000n ** BigInt(metric), 1n];
  return binary >= 0 ? [1024n ** BigInt(binary), 1n] : undefined;
}

/** The quantity as a quotient of integers. */
function parseQuantity(
  { fail }: BuiltinContext,
  v: Value | undefined,
  units: Units,
): readonly [bigint, bigint] | undefined {
  const text = operands(fail).string(v, 1);
  if (text === undefined) return undefined;
  const wrong = (why: string): undefined => fail.error(`${units.name}: ${why}`);
  const clean = text.replaceAll('"', '');
  if (clean.includes(' ')) return wrong('spaces not allowed in resource strings');
  const found = quantity(clean);
  if (found === null) return wrong('exponent too large');
  const [number, unit] = found;
  if (number === '') return wrong(`no ${units.what} provided`);
  const factor = units.factor(unit);
  if (factor === undefined)
    return wrong(
      units === BYTES ? `byte unit ${unit.toLowerCase()} not recognized` : `unit ${unit} not recognized`,
    );
  const amount = decimal(number);
  if (amount === undefined) return wrong(`could not parse ${units.what} to a number`);
  return [amount.n * factor[0], amount.d * factor[1]];
}

const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** Order of two versions by https://semver.org. */
function semverCompare(a: readonly string[], b: readonly string[]): Value {
  for (let i = 1; i <= 3; i += 1) {
    const [m, n] = [BigInt(a[i] ?? 0), BigInt(b[i] ?? 0)];
    if (m !== n) return m < n ? -1 : 1;
  }
  const [p, q] = [a[4], b[4]];
  if (p === undefined || q === undefined) return p === q ? 0 : p === undefined ? 1 : -1;
  return comparePrerelease(p.split('.'), q.split('.'));
}

function comparePrerelease(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const [x, y] = [a[i] ?? '', b[i] ?? ''];
    if (x === y) continue;
    const [nx, ny] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (nx !== ny) return nx ? -1 : 1;
    if (nx && ny) return BigInt(x) < BigInt(y) ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return Math.sign(a.length - b.length);
}

/** Every place below a value with its path, the value itself first. */
function walk(ctx: BuiltinContext, root: Value): Value[] {
  const out: Value[] = [];
  const visit = (path: readonly Value[], v: Value): void => {
    ctx.charge(1 + path.length);
    out.push([path, v]);
    if (isArray(v)) v.forEach((item, i) => visit([...path, i], item));
    else if (v instanceof RegoSet) for (const item of v.sorted()) visit([...path, item], item);
    else if (isObject(v)) for (const [k, item] of objectEntries(v)) visit([...path, k], item);
  };
  visit([], root);
  return out;
}

function neighbours(graph: Value, node: Value): readonly Value[] | undefined {
  return isObject(graph) ? members(objectGet(graph, node)) : undefined;
}

function reachable(ctx: BuiltinContext, v: Value | undefined, start: Value | undefined): Value | undefined {
  const op = operands(ctx.fail);
  const graph = op.object(v, 1);
  const from = graph === undefined ? undefined : (members(start) ?? ctx.fail.type(2, '{array, set}', start));
  if (graph === undefined || from === undefined) return undefined;
  const found = new RegoSet();
  const queue = [...from];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    ctx.charge(1);
    if (objectGet(graph, node) === undefined || found.has(node)) continue;
    found.add(node);
    queue.push(...(neighbours(graph, node) ?? []));
  }
  return found;
}

/** All longest paths without repeated nodes. */
function reachablePaths(
  ctx: BuiltinContext,
  v: Value | undefined,
  start: Value | undefined,
): Value | undefined {
  const op = operands(ctx.fail);
  const graph = op.object(v, 1);
  const from = graph === undefined ? undefined : (members(start) ?? ctx.fail.type(2, '{array, set}', start));
  if (graph === undefined || from === undefined) return undefined;
  const found = new RegoSet();
  // As in OPA, a node counts as seen for all later branches from the same start.
  const visit = (path: readonly Value[], seen: Set<Key>, node: Value): void => {
    ctx.charge(1 + path.length);
    if (objectGet(graph, node) === undefined) {
      found.add(path);
      return;
    }
    const next = [...path, node];
    const after = neighbours(graph, node) ?? [];
    if (after.length === 0) found.add(next);
    for (const other of after) {
      if (seen.has(keyOf(other))) found.add(next);
      else {
        if (objectGet(graph, other) !== undefined) seen.add(keyOf(node));
        visit(next, seen, other);
      }
    }
  };
  for (const node of from) if (objectGet(graph, node) !== undefined) visit([], new Set(), node);
  return found;
}

export function miscBuiltins(ctx: BuiltinContext): BuiltinTable {
  const op = operands(ctx.fail);
  const version = (text: string, at: number): readonly string[] | undefined =>
    SEMVER.exec(text) ??
    ctx.fail.error(`operand ${at}: string ${JSON.stringify(text)} is not a valid SemVer`);
  return {
    'units.parse': {
      arity: 1,
      fn: (v) => {
        const found = parseQuantity(ctx, v, UNITS);
        return found === undefined ? undefined : decimalQuotient(...found);
      },
    },
    'units.parse_bytes': {
      arity: 1,
      fn: (v) => {
        const found = parseQuantity(ctx, v, BYTES);
        return found === undefined ? undefined : normal(found[0] / found[1]);
      },
    },
    'semver.is_valid': { arity: 1, fn: (v) => typeof v === 'string' && SEMVER.test(v) },
    'semver.compare': {
      arity: 2,
      fn: (a, b) => {
        const first = op.string(a, 1);
        const second = first === undefined ? undefined : op.string(b, 2);
        const x = first === undefined || second === undefined ? undefined : version(first, 1);
        const y = x === undefined || second === undefined ? undefined : version(second, 2);
        return x === undefined || y === undefined ? undefined : semverCompare(x, y);
      },
    },
    walk: { arity: 1, relation: true, fn: (v) => (v === undefined ? [] : walk(ctx, v)) },
    'graph.reachable': { arity: 2, fn: (g, start) => reachable(ctx, g, start) },
    'graph.reachable_paths': { arity: 2, fn: (g, start) => reachablePaths(ctx, g, start) },
  };
}
