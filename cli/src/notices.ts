/**
 * What a person hears of denials while an agent runs: few lines, never the same one again and again, and none while a
 * program has the whole screen. What was held back is told when the terminal takes lines again, or at the end.
 */
import type { SessionNews } from '@chaperone/endpoint';
import { type DecisionInput, escapeForTerminal } from '@chaperone/protocol';

export type NoticeSink = {
  write(text: string): void;
  /** Is the terminal in line mode now? */
  takesLines(): boolean;
};

type Denied = Extract<SessionNews, { kind: 'denied' }>;
/** Told at the tick `due` at the earliest. */
type Held = { readonly line: string; readonly again: boolean; readonly due: number; count: number };

const linesPerTick = 5;
const maxHeld = 50;
const maxKnown = 500;
/** What comes again and again is told after 2, 4, 8 … ticks. */
const maxWaitTicks = 64;
const maxFieldLength = 160;
/** The terminal must have been in line mode for so many ticks: a full-screen program may leave it for a moment. */
const calmTicks = 2;

/** System calls that every runtime tries and does without; a line about each start of Node helps nobody. */
const triedByHabit: ReadonlySet<string> = new Set(['io_uring_setup', 'io_uring_enter', 'io_uring_register']);

export class Notices {
  readonly #sink: NoticeSink;
  readonly #held = new Map<string, Held>();
  /** How often each notice was told or held. */
  readonly #known = new Map<string, number>();
  readonly #notes: string[] = [];
  #budget = linesPerTick;
  #now = 0;
  #calm = calmTicks;
  #unlisted = 0;

  constructor(sink: NoticeSink) {
    this.#sink = sink;
  }

  /** An act that went on all the same (audit mode) is left to the summary. */
  denied(item: Denied): void {
    if (item.proceeded) return;
    const { action } = item.input;
    const why = field(item.decision.message);
    const asked = item.id === undefined ? '' : ` (chaperone why ${escapeForTerminal(item.id)})`;
    const what = `denied ${action} ${field(objectOf(item.input))}: ${why}`;
    this.#notice(what, `chaperone: ${what}${asked}`);
  }

  refused({ call, exe, id }: Extract<SessionNews, { kind: 'refused' }>): void {
    if (triedByHabit.has(call)) return;
    const what = `refused the system call ${field(call)} of ${field(exe)}`;
    const asked = id === undefined ? '' : ` (chaperone why ${escapeForTerminal(id)})`;
    this.#notice(what, `chaperone: ${what}${asked}`);
  }

  /** Anything else that the session has to say. */
  note(text: string): void {
    const line = `chaperone: ${escapeForTerminal(text)}`;
    if (this.#mayPrint()) this.#print(line);
    else if (this.#notes.length < maxHeld) this.#notes.push(line);
  }

  /** To be called once a second. */
  tick(): void {
    this.#now += 1;
    this.#budget = linesPerTick;
    this.#calm = this.#sink.takesLines() ? this.#calm + 1 : 0;
    if (this.#mayPrint()) this.#tellHeld();
  }

  /** Prints what is still held, whatever state the terminal is in: the agent has ended. */
  end(): void {
    this.#now = Infinity;
    this.#budget = linesPerTick;
    this.#tellHeld();
    const left = this.#unlisted + [...this.#held.values()].reduce((sum, { count }) => sum + count, 0);
    if (left > 0) this.#print(`chaperone: and ${left} more`);
  }

  #notice(key: string, line: string): void {
    const held = this.#held.get(key);
    const times = this.#known.get(key) ?? 0;
    if (held) {
      held.count += 1;
      return;
    }
    if (times === 0 && this.#budget > 0 && this.#mayPrint()) {
      this.#budget -= 1;
      this.#print(line);
    } else if (this.#held.size < maxHeld) {
      const wait = times === 0 ? 1 : Math.min(2 ** times, maxWaitTicks);
      this.#held.set(key, { line, again: times > 0, due: this.#now + wait, count: 1 });
    } else this.#unlisted += 1;
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(key, times + 1);
  }

  #mayPrint(): boolean {
    if (!this.#sink.takesLines()) this.#calm = 0;
    return this.#calm >= calmTicks;
  }

  #tellHeld(): void {
    for (const line of this.#notes.splice(0)) this.#print(line);
    for (const [key, { line, again, due, count }] of this.#held) {
      if (this.#budget <= 0) return;
      if (due > this.#now) continue;
      this.#budget -= 1;
      this.#held.delete(key);
      this.#print(`${line}${again ? ' again' : ''}${count === 1 ? '' : ` × ${count}`}`);
    }
  }

  #print(line: string): void {
    this.#sink.write(`${line}\n`);
  }
}

/** The last line of a session: how many acts were denied, and how to ask about them. */
export function summaryLine(
  counts: { readonly denied: number; readonly wouldBeDenied: number },
  journal: string | undefined,
): string | undefined {
  const { denied, wouldBeDenied } = counts;
  const where = journal === undefined ? '' : ` --journal ${escapeForTerminal(journal)}`;
  if (denied > 0)
    return `chaperone: ${acts(denied)} denied; \`chaperone why --last${where}\` explains the last one`;
  if (wouldBeDenied === 0) return undefined;
  const report = journal === undefined ? '' : ` ${escapeForTerminal(journal)}`;
  return `chaperone: ${acts(wouldBeDenied)} not held back but would have been denied; \`chaperone report${report}\` shows them`;
}

function acts(count: number): string {
  return count === 1 ? '1 act was' : `${count} acts were`;
}

function field(text: string): string {
  return escapeForTerminal(text, maxFieldLength);
}

/** What an act is about, in one line; untrusted text. */
export function objectOf({ path, target, destination, command, call }: Partial<DecisionInput>): string {
  if (destination) {
    const name = destination.host ?? destination.ip ?? '?';
    return `${name}${destination.port === undefined ? '' : `:${destination.port}`}`;
  }
  if (path !== undefined) return target === undefined ? path : `${path} -> ${target}`;
  return command?.argv?.join(' ') ?? call?.name ?? '';
}
