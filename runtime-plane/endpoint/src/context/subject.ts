/** Who acts: facts of a process that are dear to find are found only when a policy reads them. */
import { readFileSync } from 'node:fs';
import type { ContentLookup } from './content-lookup.ts';

/** What the enforcement point can look up about the held call, at the moment it is asked. */
export type Lookups = {
  /** Lower-case hex SHA-256 of the caller's executable, or undefined when it cannot be read. */
  exeDigest(): string | undefined;
  /** Of the file that an action is about; of a script's interpreter when `interpreter`. */
  objectDigest(interpreter: boolean): string | undefined;
  /** Executables of the caller's ancestors, nearest first. */
  ancestors(): readonly string[];
  /** What is in the object; absent where nothing can be looked into. */
  readonly content?: ContentLookup;
};

export type Person = { readonly user: string; readonly groups: readonly string[] };

/** Names by id from a passwd(5) or group(5) file; a number where there is no name. */
export class Names {
  readonly #file: string;
  #names: ReadonlyMap<number, string> | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  of(id: number): string {
    this.#names ??= read(this.#file);
    return this.#names.get(id) ?? String(id);
  }
}

function read(file: string): ReadonlyMap<number, string> {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // A host without this file has numbers only.
  }
  return new Map(
    text.split('\n').flatMap((line): [number, string][] => {
      const [name, , id] = line.split(':');
      return name && id ? [[Number(id), name]] : [];
    }),
  );
}
