/**
 * YAML as OPA reads data documents: one document, plain scalars as YAML 1.2 has them plus binary numbers, octal numbers with a
 * leading zero and underscores; times, yes and no stay text.
 */
import type { Json } from '@chaperone/rego';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml';

/** Values that one document may expand to through its aliases. */
const maxNodes = 1_000_000;

/** Throws an Error with a message for the document's author. */
export function parseYaml(source: string): Json {
  const lines = new LineCounter();
  const document = parseDocument(source, {
    schema: 'failsafe',
    uniqueKeys: true,
    logLevel: 'error',
    lineCounter: lines,
    // Finding the place of every error would take the square of their number.
    prettyErrors: false,
  });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new Error(`${error.message.split('\n')[0] ?? 'not YAML'} at line ${line}, column ${col}`);
  }
  const targets = targetsOf(document.contents);
  let nodes = 0;
  const within = new Set<unknown>();
  const convert = (node: unknown): Json => {
    nodes += 1;
    if (nodes > maxNodes) throw new Error(`it expands to more than ${maxNodes} values`);
    if (node === null || node === undefined) return null;
    if (isAlias(node)) {
      const target = targets.get(node);
      if (target === undefined) throw new Error(`unknown alias ${node.source}`);
      return convert(target);
    }
    if (within.has(node)) throw new Error('an alias is inside of what it stands for');
    within.add(node);
    const value = collection(node);
    within.delete(node);
    return value;
  };
  const collection = (node: unknown): Json => {
    if (isScalar(node)) return scalar(node);
    if (isSeq(node)) {
      ordinary(node.tag);
      return node.items.map(convert);
    }
    if (!isMap(node)) throw new Error('a value of an unknown kind');
    ordinary(node.tag);
    const merged: [string, Json][] = [];
    const own: [string, Json][] = [];
    for (const { key, value } of node.items) {
      if (isScalar(key) && key.source === '<<' && key.type === 'PLAIN')
        merged.push(...mergedIn(convert(value)));
      else own.push([keyOf(convert(key)), convert(value)]);
    }
    const names = new Set(own.map(([name]) => name));
    if (names.size < own.length) throw new Error('a key is given twice');
    return Object.fromEntries([...merged, ...own]);
  };
  return convert(document.contents);
}

/** What each alias stands for: the last one of that name before it. */
function targetsOf(root: Node | null): ReadonlyMap<unknown, Node> {
  const named = new Map<string, Node>();
  const targets = new Map<unknown, Node>();
  visit(root, {
    Alias(_key, alias) {
      const target = named.get(alias.source);
      if (target) targets.set(alias, target);
    },
    Value(_key, node) {
      if (node.anchor !== undefined) named.set(node.anchor, node);
    },
  });
  return targets;
}

/** Lists and maps of other programs' types mean something that they do not say. */
function ordinary(tag: string | undefined): void {
  if (tag !== undefined && !['!', 'tag:yaml.org,2002:map', 'tag:yaml.org,2002:seq'].includes(tag))
    throw new Error(`the tag ${tag} is not supported`);
}

/** Of several sources the first one counts. */
function mergedIn(value: Json): [string, Json][] {
  const sources: readonly Json[] = Array.isArray(value) ? value : [value];
  return sources.toReversed().flatMap((source) => {
    if (typeof source !== 'object' || source === null || Array.isArray(source))
      throw new Error('<< takes a map or a list of maps');
    return Object.entries(source as { readonly [name: string]: Json });
  });
}

function keyOf(key: Json): string {
  if (key === null || typeof key === 'object') throw new Error('a key must be text, a number, true or false');
  return String(key);
}

function scalar(node: Scalar): Json {
  const source = typeof node.value === 'string' ? node.value : String(node.source ?? '');
  switch (node.tag) {
    case undefined:
      return node.type === 'PLAIN' ? plain(source) : source;
    case '!':
    case 'tag:yaml.org,2002:str':
      return source;
    default:
      throw new Error(`the tag ${node.tag} is not supported`);
  }
}

const int = /^[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/;

function plain(source: string): Json {
  if (/^(?:|~|null|Null|NULL)$/.test(source)) return null;
  if (/^(?:true|True|TRUE)$/.test(source)) return true;
  if (/^(?:false|False|FALSE)$/.test(source)) return false;
  if (/^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/.test(source))
    throw new Error(`${source} is no JSON number`);
  const digits = source.replaceAll('_', '');
  if (int.test(source)) {
    const negative = digits.startsWith('-');
    const bare = digits.replace(/^[-+]/, '').toLowerCase();
    const octal = /^0[0-7]+$/.test(bare) ? `0o${bare.slice(1)}` : bare;
    if (/^0\d*[89]/.test(bare)) return Number(digits);
    const value = BigInt(octal) * (negative ? -1n : 1n);
    const isExact = value >= -(2n ** 63n) && value < 2n ** 64n;
    // What does not fit into 64 bits becomes a double, as in OPA.
    const exact = isExact && !Number.isSafeInteger(Number(value)) ? value : Number(value);
    return exact as Json;
  }
  if (!float.test(source)) return source;
  const value = Number(digits);
  return Number.isFinite(value) ? value : source;
}
