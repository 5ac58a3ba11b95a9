import type { Signature } from '../builtins/signatures.ts';
import { ANY, BOOLEAN, NULL, NUMBER, objectType, STRING } from './type.ts';
import type { Entries, Maybe, Property, Type } from './type.ts';

/** Reads one line of the table of built-ins. */
export function parseSignature(line: string): Signature {
  const space = line.indexOf(' ');
  const reader = new Reader(line, space + 1);
  const names: string[] = [];
  const args: Type[] = [];
  let variadic: Maybe = null;
  reader.take('(');
  while (!reader.try(')')) {
    if (reader.try('...')) variadic = reader.type();
    else {
      names.push(reader.name());
      args.push(reader.type());
    }
    reader.try(', ');
  }
  reader.take(' => ');
  let result: Maybe = null;
  if (!reader.try('void')) {
    names.push(reader.name());
    result = reader.type();
  }
  const flags = line.slice(reader.at).split(' | ').slice(1);
  const infix = /\| infix (\S+)/.exec(line)?.[1];
  return {
    name: line.slice(0, space),
    type: { t: 'function', args, names, variadic, result },
    relation: flags.includes('relation'),
    nondeterministic: flags.includes('nondeterministic'),
    deprecated: flags.includes('deprecated'),
    ...(infix === undefined ? {} : { infix }),
  };
}

class Reader {
  private readonly text: string;
  at: number;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  try(part: string): boolean {
    if (!this.text.startsWith(part, this.at)) return false;
    this.at += part.length;
    return true;
  }

  take(part: string): void {
    if (!this.try(part)) throw new Error(`bad signature: ${this.text}`);
  }

  /** The name before a type, or the empty string. */
  name(): string {
    const found = /[\w ]+(?=: )/y;
    found.lastIndex = this.at;
    const name = found.exec(this.text)?.[0] ?? '';
    if (name !== '') this.at += name.length + 2;
    return name;
  }

  private list<T>(close: string, one: () => T): T[] {
    const items: T[] = [];
    while (!this.try(close)) {
      items.push(one());
      this.try(', ');
    }
    return items;
  }

  type(): Type {
    if (this.try('any')) return this.try('<') ? { t: 'any', of: this.list('>', () => this.type()) } : ANY;
    if (this.try('array')) {
      const items = this.try('<') ? this.list('>', () => this.type()) : [];
      return { t: 'array', items, rest: this.bracketed() };
    }
    if (this.try('set')) return { t: 'set', of: this.bracketed() };
    if (this.try('object')) return this.object();
    if (this.try('null')) return NULL;
    if (this.try('boolean')) return BOOLEAN;
    if (this.try('number')) return NUMBER;
    this.take('string');
    return STRING;
  }

  private bracketed(): Maybe {
    if (!this.try('[')) return null;
    const type = this.type();
    this.take(']');
    return type;
  }

  private object(): Type {
    const property = (): Property => ({ key: this.name(), value: this.type() });
    const props = this.try('<') ? this.list('>', property) : [];
    let rest: Entries | null = null;
    if (this.try('[')) {
      const key = this.type();
      this.take(': ');
      rest = { key, value: this.type() };
      this.take(']');
    }
    return objectType(props, rest);
  }
}
