/** Reads the members of one object of the configuration, and remembers which are known. */
import { isArray, isPlain, type Value } from '@chaperone/rego';
import { PdpError } from '../../errors.ts';

export type Plain = { readonly [key: string]: Value };

export function configError(message: string): PdpError {
  return new PdpError('config', `config error: ${message}`);
}

export class Fields {
  readonly where: string;
  private readonly value: Plain;
  private readonly known = new Set<string>();
  private readonly unknown: string[];

  /** @param unknown gets the names that nobody asked for, once `done` is called */
  constructor(value: Value | undefined, where: string, unknown: string[]) {
    if (value !== undefined && value !== null && !isPlain(value))
      throw configError(`${where || 'the configuration'} must be an object`);
    this.value = value ?? {};
    this.where = where;
    this.unknown = unknown;
  }

  get(name: string): Value | undefined {
    this.known.add(name);
    return Object.hasOwn(this.value, name) ? (this.value[name] ?? undefined) : undefined;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  text(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === 'string') return value;
    throw configError(`${this.at(name)} must be a string`);
  }

  flag(name: string): boolean {
    const value = this.get(name);
    if (value === undefined || typeof value === 'boolean') return value ?? false;
    throw configError(`${this.at(name)} must be true or false`);
  }

  /** A whole number; undefined when it is absent. */
  count(name: string, least = 0): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isSafeInteger(value))
      throw configError(`${this.at(name)} must be a whole number`);
    if (value < least)
      throw configError(`'${name}' must be at least ${least}${this.where ? ` in ${this.where}` : ''}`);
    return value;
  }

  texts(name: string): readonly string[] {
    const value = this.get(name);
    if (value === undefined) return [];
    if (isArray(value) && value.every((one) => typeof one === 'string')) return value as readonly string[];
    throw configError(`${this.at(name)} must be a list of strings`);
  }

  /** An object whose members are texts. */
  textsByName(name: string): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.entries(name).map(([key, value]) => {
        if (typeof value !== 'string') throw configError(`${this.at(name)}.${key} must be a string`);
        return [key, value];
      }),
    );
  }

  entries(name: string): [string, Value][] {
    const value = this.get(name);
    if (value === undefined) return [];
    if (!isPlain(value)) throw configError(`${this.at(name)} must be an object`);
    return Object.entries(value);
  }

  /** The member as an object of its own. */
  inner(name: string): Fields {
    return new Fields(this.get(name), this.at(name), this.unknown);
  }

  done(): void {
    for (const name of Object.keys(this.value)) if (!this.known.has(name)) this.unknown.push(this.at(name));
  }

  at(name: string): string {
    return this.where === '' ? name : `${this.where}.${name}`;
  }
}
