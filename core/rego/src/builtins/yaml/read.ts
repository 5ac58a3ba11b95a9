import type { Document, YAMLMap } from 'yaml';
import { goFloat } from './write.ts';
import { objectFrom } from '../../values.ts';
import type { Value } from '../../values.ts';
import type { YamlLibrary } from './library.ts';
import { plainScalar } from './scalars.ts';
import type { Scalar } from './scalars.ts';

/** The text is not YAML, or has no JSON form. */
export class YamlError extends Error {}

/** The package wants an anchor's value once per alias; a text that is mostly aliases is refused, as by Go's library. */
const ALIASES_THAT_ARE_FEW = 100;
const NODES_THAT_ARE_FEW = 1000;
const MOSTLY = 0.99;

interface Anchor {
  readonly value: Value;
  readonly size: number;
}

/** Reads the first document of a text; the others must be YAML too. Throws YamlError. */
export function readYaml(library: YamlLibrary, text: string, charge: (steps: number) => void): Value {
  // The library takes microseconds for each character.
  charge(1 + text.length * 2);
  const found = library.parseAllDocuments(text, {
    schema: 'failsafe',
    version: '1.2',
    uniqueKeys: false,
    merge: false,
    logLevel: 'silent',
    // Places are looked up below for the one error that is told: for all of them that takes the square of their number.
    prettyErrors: false,
  });
  const documents: readonly Document[] = Array.isArray(found) ? found : [];
  for (const { errors } of documents) {
    const [error] = errors;
    if (error !== undefined) throw new YamlError(explain(error, text));
  }
  const bare = documents.slice(1).find(({ directives }) => directives?.docStart !== true);
  if (bare !== undefined) throw new YamlError('yaml: did not find expected <document start>');
  const [first] = documents;
  return first === undefined ? null : new Reader(library, charge).value(first.contents);
}

function explain(
  error: { readonly code: string; readonly message: string; readonly pos: readonly [number, number] },
  text: string,
): string {
  const line = text.slice(0, error.pos[0]).split('\n').length;
  const [short = ''] = error.message.split(/ at line \d|\n/);
  if (/Flow sequence/.test(short)) return `yaml: line ${line}: did not find expected ',' or ']'`;
  if (/Flow map/.test(short)) return `yaml: line ${line}: did not find expected ',' or '}'`;
  if (error.code === 'BAD_SCALAR_START' || error.code === 'TAB_AS_INDENT')
    return `yaml: ${line > 1 ? `line ${line}: ` : ''}found character that cannot start any token`;
  return `yaml: line ${line}: ${short.charAt(0).toLowerCase()}${short.slice(1)}`;
}

class Reader {
  private readonly anchors = new Map<string, Anchor | null>();
  private nodes = 0;
  private aliased = 0;

  private readonly library: YamlLibrary;
  private readonly charge: (steps: number) => void;

  constructor(library: YamlLibrary, charge: (steps: number) => void) {
    this.library = library;
    this.charge = charge;
  }

  value(node: unknown): Value {
    this.nodes += 1;
    this.charge(1);
    if (this.library.isAlias(node)) return this.alias(node.source);
    const { isMap, isScalar, isSeq } = this.library;
    const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined;
    const before = this.nodes;
    if (anchor !== undefined) this.anchors.set(anchor, null);
    const value = this.plain(node);
    if (anchor !== undefined) this.anchors.set(anchor, { value, size: this.nodes - before + 1 });
    return value;
  }

  private plain(node: unknown): Value {
    if (this.library.isMap(node)) return this.map(node);
    if (this.library.isSeq(node)) return node.items.map((item) => this.value(item));
    if (!this.library.isScalar(node)) return null;
    const scalar = this.scalar(node);
    if (typeof scalar === 'number' && !Number.isFinite(scalar))
      throw new YamlError(`json: unsupported value: ${goFloat(scalar)}`);
    return scalar;
  }

  private alias(name: string): Value {
    const found = this.anchors.get(name);
    if (found === undefined) throw new YamlError(`yaml: unknown anchor '${name}' referenced`);
    if (found === null) throw new YamlError(`yaml: anchor '${name}' value contains itself`);
    this.nodes += found.size;
    this.aliased += found.size;
    this.charge(found.size);
    if (
      this.aliased > ALIASES_THAT_ARE_FEW &&
      this.nodes > NODES_THAT_ARE_FEW &&
      this.aliased / this.nodes > MOSTLY
    )
      throw new YamlError('yaml: document contains excessive aliasing');
    return found.value;
  }

  private scalar(node: { value: unknown; tag?: string; type?: unknown; source?: string }): Scalar {
    const text = typeof node.value === 'string' ? node.value : (node.source ?? '');
    const tag = node.tag?.replace('tag:yaml.org,2002:', '!!');
    const implied = tag === undefined || tag === '!!str' ? undefined : plainScalar(text);
    const wrong = (): never => {
      throw new YamlError(`yaml: cannot decode !!str \`${text}\` as a ${tag ?? ''}`);
    };
    switch (tag) {
      case undefined:
        return node.type === 'PLAIN' || node.type === undefined ? plainScalar(text) : text;
      case '!!int':
        return typeof implied === 'bigint' || Number.isInteger(implied) ? (implied ?? null) : wrong();
      case '!!float':
        return typeof implied === 'number' || typeof implied === 'bigint' ? implied : wrong();
      case '!!bool':
        return typeof implied === 'boolean' ? implied : wrong();
      case '!!null':
        return implied === null ? null : wrong();
      case '!!binary':
        return decodeBinary(text);
      default:
        return text;
    }
  }

  private map(node: YAMLMap): Value {
    const own = new Map<string, Value>();
    const merged = new Map<string, Value>();
    for (const { key, value } of node.items) {
      if (this.isMerge(key)) this.merge(value, merged);
      else own.set(this.key(key), this.value(value));
    }
    for (const [k, v] of merged) if (!own.has(k)) own.set(k, v);
    return objectFrom(own);
  }

  private isMerge(key: unknown): boolean {
    return this.library.isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
  }

  /** Takes over the entries of other maps; the first that has a key wins. */
  private merge(node: unknown, into: Map<string, Value>): void {
    const list = this.library.isSeq(node) ? node.items : [node];
    for (const item of list) {
      const value = this.value(item);
      const entries = typeof value === 'object' && value !== null && !Array.isArray(value);
      if (!entries) throw new YamlError('yaml: map merge requires map or sequence of maps as the value');
      for (const [k, v] of Object.entries(value as Record<string, Value>)) if (!into.has(k)) into.set(k, v);
    }
  }

  private key(node: unknown): string {
    const { isAlias, isMap, isSeq, isScalar } = this.library;
    if (isMap(node) || isSeq(node)) throw new YamlError('yaml: invalid map key');
    const key = isAlias(node) ? this.value(node) : isScalar(node) ? this.scalar(node) : null;
    if (isScalar(node) && node.anchor !== undefined) this.anchors.set(node.anchor, { value: key, size: 1 });
    if (key === null) throw new YamlError('unsupported map key of type: %!s(<nil>), key: <nil>');
    if (typeof key === 'object') throw new YamlError('yaml: invalid map key');
    if (typeof key !== 'number' || Number.isInteger(key)) return String(key);
    if (Number.isNaN(key)) return '.nan';
    if (!Number.isFinite(key)) return key > 0 ? '.inf' : '-.inf';
    return goFloat(Math.fround(key) === key ? key : Number(key.toPrecision(8)));
  }
}

function decodeBinary(text: string): string {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll(/\s/g, '')), (c) => c.charCodeAt(0));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  } catch {
    throw new YamlError('yaml: !!binary value contains invalid base64 data');
  }
}
