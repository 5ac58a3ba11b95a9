import { isArray, isPlain, own } from '../../values.ts';
import type { Plain, Value } from '../../values.ts';
import { SchemaError } from './schema.ts';

/** The parts of a schema document that can be referred to, by absolute reference; the document itself is ''. */
export class References {
  private readonly known = new Map<string, Value>();
  private readonly absolute = new Map<Plain, string>();

  constructor(document: Value) {
    this.collect(document, '');
    this.known.set('', document);
  }

  /** The reference in this node, made absolute. */
  of(node: Plain, written: string): string {
    return this.absolute.get(node) ?? written;
  }

  /** The part that an absolute reference means; nothing is fetched. */
  get(reference: string): Value {
    const whole = this.known.get(reference);
    if (whole !== undefined) return whole;
    const hash = reference.indexOf('#');
    const document = this.known.get(hash < 0 ? reference : reference.slice(0, hash));
    if (document !== undefined) return pointed(document, hash < 0 ? '' : reference.slice(hash + 1));
    throw new SchemaError(
      isAbsolute(reference)
        ? `remote reference ${reference} is not loaded`
        : `Reference ${reference.startsWith('/') ? '' : '/'}${reference} must be canonical`,
    );
  }

  private collect(node: Value, base: string): void {
    if (isArray(node)) {
      for (const item of node) this.collect(item, base);
      return;
    }
    if (!isPlain(node)) return;
    let here = base;
    const id = own(node, Object.hasOwn(node, 'id') ? 'id' : '$id');
    if (typeof id === 'string') {
      here = resolve(base, id);
      if (this.known.has(here)) throw new SchemaError(`Reference already exists: "${here}"`);
      this.known.set(here, node);
    }
    const reference = own(node, '$ref');
    if (typeof reference === 'string') this.absolute.set(node, resolve(here, reference));
    for (const k of Object.keys(node)) {
      const child = node[k] as Value;
      if (k === 'const' || k === 'enum') continue;
      if (k !== 'properties' && k !== 'dependencies' && k !== 'patternProperties') this.collect(child, here);
      // The names in these are no keywords.
      else if (isPlain(child))
        for (const name of Object.keys(child)) this.collect(child[name] as Value, here);
    }
  }
}

function isAbsolute(reference: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(reference);
}

function resolve(base: string, reference: string): string {
  const clean = reference.replace(/#$/, '');
  if (isAbsolute(clean) || base === '') return clean;
  const document = base.replace(/#.*$/s, '');
  if (clean.startsWith('#') || clean === '') return document + clean;
  try {
    return isAbsolute(base) ? new URL(clean, base).href.replace(/#$/, '') : clean;
  } catch {
    return clean;
  }
}

/** Follows a JSON pointer (RFC 6901) that was written in a URL's fragment. */
function pointed(document: Value, fragment: string): Value {
  let pointer: string;
  try {
    pointer = decodeURIComponent(fragment);
  } catch {
    throw new SchemaError(`invalid URL escape in reference #${fragment}`);
  }
  if (pointer === '') return document;
  if (!pointer.startsWith('/')) throw new SchemaError(`JSON pointer must be empty or start with a "/"`);
  let at: Value = document;
  for (const part of pointer.slice(1).split('/')) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    let next: Value | undefined;
    if (isPlain(at)) {
      next = own(at, name);
      if (next === undefined) throw new SchemaError(`Object has no key '${name}'`);
    } else if (isArray(at)) {
      next = /^\d+$/.test(name) ? at[Number(name)] : undefined;
      if (next === undefined) throw new SchemaError(`Out of bound array[0,${at.length}] index '${name}'`);
    } else throw new SchemaError(`Invalid token reference '${name}'`);
    at = next;
  }
  return at;
}
