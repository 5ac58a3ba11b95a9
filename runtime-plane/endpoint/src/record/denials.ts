/**
 * The file in which an agent reads what it was refused: one JSON object per line, the last ones of its session. It lies
 * in a folder of its own in the state directory, where the session can read it and nobody but us can write it.
 */
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { adviceFor, type ActionName, type DecisionInput, type DenyReason } from '@chaperone/protocol';
import { processStart } from './process-start.ts';
import { type Salt, scrubText } from './scrub.ts';

export type Denial = {
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Of the journal's record, for `chaperone why`; absent when it could not be recorded. */
  readonly id?: string;
  readonly action: ActionName;
  readonly path?: string;
  readonly target?: string;
  readonly host?: string;
  readonly ip?: string;
  readonly port?: number;
  /** The system call, where no policy was asked. */
  readonly call?: string;
  readonly reason: DenyReason;
  readonly message: string;
  readonly rules: readonly string[];
  /** What to do about it. */
  readonly hint: string;
};

const fileName = 'denials.jsonl';
const maxBytes = 256 * 1024;
/** What is left when the file is shortened: so that this happens once in many denials, not at each. */
const keptBytes = 192 * 1024;
const maxTextLength = 4_096;

/** @returns the path of a new, empty file of this session. Throws an errno error when it cannot be made. */
export function createDenials(stateDir: string, session: string): string {
  const base = path.join(stateDir, 'denials');
  mkdirSync(base, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(base)) {
    // Left by a supervisor that was killed.
    const [, pid = '', start = ''] = name.split('.');
    if (processStart(Number(pid)) !== start) rmSync(path.join(base, name), { recursive: true, force: true });
  }
  const folder = path.join(base, `${session}.${process.pid}.${processStart(process.pid) ?? ''}`);
  mkdirSync(folder, { mode: 0o700 });
  const file = path.join(folder, fileName);
  writeFileSync(file, '', { mode: 0o600, flag: 'wx' });
  return file;
}

export function removeDenials(file: string): void {
  rmSync(path.dirname(file), { recursive: true, force: true });
}

export class DenialsFile {
  readonly #file: string;
  readonly #salt: Salt;
  readonly #clock: () => number;
  #bytes = 0;

  constructor(file: string, salt: Salt, clock: () => number) {
    this.#file = file;
    this.#salt = salt;
    this.#clock = clock;
  }

  /** Never throws: the act is denied and recorded, whether or not the agent can be told why. */
  add(
    { action, path: name, target, destination, call }: Partial<DecisionInput> & { action: ActionName },
    id: string | undefined,
    decision: { reason: DenyReason; message: string; rules: readonly string[] },
  ): void {
    const text = (one: string): string => scrubText(one.slice(0, maxTextLength), this.#salt);
    const { host, ip, port } = destination ?? {};
    const denial: Denial = {
      time: new Date(this.#clock()).toISOString(),
      ...(id === undefined ? {} : { id }),
      action,
      ...(name === undefined ? {} : { path: name }),
      ...(target === undefined ? {} : { target }),
      ...(host === undefined ? {} : { host }),
      ...(ip === undefined ? {} : { ip }),
      ...(port === undefined ? {} : { port }),
      ...(call === undefined ? {} : { call: call.name }),
      reason: decision.reason,
      message: text(decision.message),
      rules: decision.rules.map(text),
      hint: adviceFor(decision.reason),
    };
    try {
      this.#append(Buffer.from(`${JSON.stringify(denial)}\n`));
    } catch {
      // A full disk, for example.
    }
  }

  #append(line: Buffer): void {
    if (this.#bytes + line.length > maxBytes) this.#shorten();
    appendFileSync(this.#file, line, { mode: 0o600 });
    this.#bytes += line.length;
  }

  /** A new file takes the place of the old one, so that a reader meets whole lines at any moment. */
  #shorten(): void {
    const all = readFileSync(this.#file);
    const from = all.indexOf(10, Math.max(0, all.length - keptBytes)) + 1;
    const kept = all.subarray(from);
    const draft = `${this.#file}.new`;
    writeFileSync(draft, kept, { mode: 0o600 });
    renameSync(draft, this.#file);
    this.#bytes = kept.length;
  }
}
