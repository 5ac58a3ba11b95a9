/** A copy of a file without what was found in it. */
import { classify } from './classify.ts';
import type { DlpHost, Limits, Source } from './document.ts';
import { defaultLimits } from './documents/index.ts';

export type RedactOptions = {
  /** Classes to remove, with all below them; absent: every class that was found. */
  readonly classes?: readonly string[];
  /** Short stable name of a value: the same value gives the same name within a session, different values different ones. */
  readonly pseudonym: (value: string) => string;
};

export type Redacted =
  | {
      readonly ok: true;
      readonly bytes: Uint8Array;
      /** How many values of each class were replaced. */
      readonly removed: Readonly<Record<string, number>>;
    }
  /** Nothing is handed over: better no copy than half of one. */
  | { readonly ok: false; readonly why: string };

/** Replaces each finding by `[TOKEN:pseudonym]`, in place for text and office documents; other formats are refused. */
export function redact(
  source: Source,
  host: DlpHost,
  options: RedactOptions,
  limits: Limits = defaultLimits,
): Redacted {
  const { type, findings, complete } = classify(source, host, { ...limits, maxFindings: Infinity });
  if (!complete) return { ok: false, why: 'not all of it could be read' };
  if (!type.startsWith('text/')) return { ok: false, why: `${type} cannot be redacted` };
  const wanted = findings.filter((one) => options.classes?.some((name) => isWithin(one.class, name)) ?? true);
  const all = source.read(0, source.size);
  const parts: Uint8Array[] = [];
  const removed: Record<string, number> = {};
  let at = 0;
  for (const { start, end, class: name, detector } of wanted) {
    if (start < at) continue;
    const value = new TextDecoder('latin1').decode(all.subarray(start, end));
    const token = `[${detector.toUpperCase()}:${options.pseudonym(value)}]`;
    parts.push(all.subarray(at, start), new TextEncoder().encode(token));
    removed[name] = (removed[name] ?? 0) + 1;
    at = end;
  }
  parts.push(all.subarray(at));
  return { ok: true, bytes: joined(parts), removed };
}

/** Whether a class is `name` or lies below it. */
export function isWithin(one: string, name: string): boolean {
  return one === name || one.startsWith(`${name}.`);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
