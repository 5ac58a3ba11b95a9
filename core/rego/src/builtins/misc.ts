import { isArray, isObject, objectEntries, objectGet, RegoSet, keyOf } from '../values.ts';
import type { Key, Value } from '../values.ts';
import { members } from './collections.ts';
import { normal } from './numbers.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

const BINARY = ['', 'ki', 'mi', 'gi', 'ti', 'pi', 'ei'];
const DECIMAL = ['', 'k', 'm', 'g', 't', 'p', 'e'];

/** A number with a fraction as an exact quotient. */
function decimal(text: string): { n: bigint; d: bigint } | undefined {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (found === null || (found[2] === '' && (found[3] ?? '') === '')) return undefined;
  const fraction = found[3] ?? '';
  const exponent = Number(found[4] ?? 0);
  const n = BigInt(`${found[2] ?? ''}${fraction}`) * (found[1] === '-' ? -1n : 1n);
  const d = 10n ** BigInt(fraction.length);
  return exponent < 0 ? { n, d: d * 10n ** BigInt(-exponent) } : { n: n * 10n ** BigInt(exponent), d };
}

/** Splits a quantity into number and unit; undefined when there is a blank or no number. */
function quantity(text: string): readonly [{ n: bigint; d: bigint }, string] | undefined {
  const clean = text.replaceAll('"', '');
  if (clean === '' || clean.includes(' ')) return undefined;
  const found = /^([+-]?[\d.]*(?:[eE][+-]?\d+)?)(.*)$/s.exec(clean);
  const number = decimal(found?.[1] ?? '');
  return number === undefined ? undefined : [number, found?.[2] ?? ''];
}

function parseUnits(v: Value | undefined): Value | undefined {
  const found = typeof v === 'string' ? quantity(v) : undefined;
  if (found === undefined) return undefined;
  const [{ n, d }, unit] = found;
  // `m` is milli and `M` mega; all other units ignore case.
  if (unit === 'm') return quotient(n, d * 1000n);
  const lower = unit.toLowerCase();
  const [binary, metric] = [BINARY.indexOf(lower), DECIMAL.indexOf(lower)];
  if (binary < 0 && metric < 0) return undefined;
  return quotient(n * (metric >= 0 ? 1000n ** BigInt(metric) : 1024n ** BigInt(binary)), d);
}

function parseBytes(v: Value | undefined): Value | undefined {
  const found = typeof v === 'string' ? quantity(v) : undefined;
  if (found === undefined) return undefined;
  const [{ n, d }, unit] = found;
  const lower = unit.toLowerCase().replace(/b$/, '');
  const [binary, metric] = [BINARY.indexOf(lower), DECIMAL.indexOf(lower)];
  if (binary < 0 && metric < 0) return undefined;
  return normal((n * (metric >= 0 ? 1000n ** BigInt(metric) : 1024n ** BigInt(binary))) / d);
}

function quotient(n: bigint, d: bigint): Value | undefined {
  return n % d === 0n ? normal(n / d) : normal(Number(n) / Number(d));
}

const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** Order of two versions by https://semver.org, undefined when one is not a version. */
function semverCompare(a: Value | undefined, b: Value | undefined): Value | undefined {
  const [x, y] = [a, b].map((v) => (typeof v === 'string' ? SEMVER.exec(v) : null));
  if (x === null || y === null || x === undefined || y === undefined) return undefined;
  for (let i = 1; i <= 3; i += 1) {
    const [m, n] = [BigInt(x[i] ?? 0), BigInt(y[i] ?? 0)];
    if (m !== n) return m < n ? -1 : 1;
  }
  const [p, q] = [x[4], y[4]];
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

function reachable(
  ctx: BuiltinContext,
  graph: Value | undefined,
  start: Value | undefined,
): Value | undefined {
  const from = members(start);
  if (graph === undefined || !isObject(graph) || from === undefined) return undefined;
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
  graph: Value | undefined,
  start: Value | undefined,
): Value | undefined {
  const from = members(start);
  if (graph === undefined || !isObject(graph) || from === undefined) return undefined;
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
  return {
    'units.parse': { arity: 1, fn: parseUnits },
    'units.parse_bytes': { arity: 1, fn: parseBytes },
    'semver.is_valid': { arity: 1, fn: (v) => typeof v === 'string' && SEMVER.test(v) },
    'semver.compare': { arity: 2, fn: semverCompare },
    walk: { arity: 1, relation: true, fn: (v) => (v === undefined ? [] : walk(ctx, v)) },
    'graph.reachable': { arity: 2, fn: (g, start) => reachable(ctx, g, start) },
    'graph.reachable_paths': { arity: 2, fn: (g, start) => reachablePaths(ctx, g, start) },
  };
}
