/** A copy of a file without what was found in it. */
import { isWithin } from './class-names.ts';
import { classify, shippedScanner } from './classify.ts';
import { detectors, textDetectors } from './detectors/index.ts';
import type { DlpHost, Limits, Source } from './document.ts';
import { defaultLimits, extract } from './documents/index.ts';
import { mediaTypeOf } from './documents/media-type.ts';
import type { Finding } from './finding.ts';
import { addEdits, type Edits, type Naming, type PartText, Refusal } from './redact-edits.ts';
import { editPackage, joined } from './redact-package.ts';
import { editText } from './redact-text.ts';
import { editXml } from './redact-xml.ts';
import type { Scanner } from './scan/scanner.ts';
import { sourceOf } from './source.ts';

export type RedactOptions = {
  /** Classes to remove, with all below them; absent: every class that was found. */
  readonly classes?: readonly string[];
  /** Short name of a value: the same within a session, different values different ones; nobody shall find values by trying. */
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

/** What stands closer together after a redaction may be found only then. */
const maxRounds = 4;

/**
 * Replaces each finding by `[TOKEN:pseudonym]`, in place: in text, office documents, and archives of these; everything else is
 * refused. The copy is classified again, and is handed out only when nothing of the removed classes is found in it.
 * @param source must not change meanwhile
 * @param scanner what the policy looks for
 */
export function redact(
  source: Source,
  host: DlpHost,
  options: RedactOptions,
  limits: Limits = defaultLimits,
  scanner: Scanner = shippedScanner(),
): Redacted {
  const removed: Record<string, number> = {};
  const issued = new Set<string>();
  let current = source;
  try {
    for (let round = 0; round < maxRounds; round += 1) {
      const next = redactedOnce(current, host, options, { limits, scanner, issued, removed });
      if (!next) return { ok: true, bytes: current.read(0, current.size), removed };
      current = sourceOf(next);
    }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, why: error.message };
    throw error;
  }
  return { ok: false, why: 'something of what was removed is still found in the copy' };
}

type Run = {
  readonly limits: Limits;
  readonly scanner: Scanner;
  readonly issued: Set<string>;
  readonly removed: Record<string, number>;
};

/** @returns undefined when there is nothing to remove */
function redactedOnce(
  source: Source,
  host: DlpHost,
  { classes, pseudonym }: RedactOptions,
  { limits, scanner, issued, removed }: Run,
): Uint8Array | undefined {
  const { findings, complete } = classify(
    source,
    host,
    { ...limits, maxFindings: Infinity },
    scanner,
    classes,
  );
  if (!complete) throw new Refusal('not all of it could be read');
  const inClasses = findings.filter((one) => classes?.some((name) => isWithin(one.class, name)) ?? true);
  const whole = inClasses.find((one) => one.isValue === false && isMeant(one, classes));
  if (whole) throw new Refusal(`it is ${whole.class} as a whole, not by single values`);
  const wanted = inClasses.filter((one) => one.isValue !== false);
  if (wanted.length === 0) return undefined;
  const texts = textsOf(source, host, limits);
  const edits: Edits = new Map();
  const naming: Naming = { wordOf, pseudonym };
  for (const [part, found] of Map.groupBy(wanted, (finding) => finding.part)) {
    const text = texts.get(part);
    if (!text) throw new Refusal(`a value in ${part} is written in a way that cannot be replaced`);
    const own = ownTokens(text.text, issued);
    const fresh = found.filter(
      ({ start, end }) => !own.some((token) => start < token.end && token.start < end),
    );
    if (fresh.length === 0) continue;
    for (const { class: name } of fresh) removed[name] = (removed[name] ?? 0) + 1;
    for (const token of addEdits(edits, part, text, fresh, naming)) issued.add(token).add(encodeURI(token));
  }
  if (edits.size === 0) return undefined;
  const applied = new Set<string>();
  const result = rewritten(source, '', edits, texts, host, applied);
  if (!result || applied.size !== edits.size) throw new Refusal('not all of what was found could be reached');
  return result;
}

/**
 * Whether a finding of a text as a whole stands in the way. Source code is no secret for being that, unless its class is asked for
 * by its name; what a customer defined is meant whenever its class is.
 */
function isMeant({ detector, class: own }: Finding, classes: readonly string[] | undefined): boolean {
  const known = textDetectors.find(({ id }) => id === detector);
  if (!known) return true;
  return classes?.some((name) => isWithin(own, name) && isWithin(name, known.class)) ?? false;
}

/** Texts by part. A part may come in several pieces. */
function textsOf(source: Source, host: DlpHost, limits: Limits): Map<string, PartText> {
  const texts = new Map<string, PartText>();
  for (const item of extract(source, host, limits, true)) {
    if (item.kind !== 'text') continue;
    const known = texts.get(item.part);
    if (!known) texts.set(item.part, { text: item.text, origin: item.origin });
    else if (known.origin?.kind === 'plain' && item.origin?.kind === 'plain')
      texts.set(item.part, {
        text: joined([known.text, item.text], known.text.length + item.text.length),
        origin: known.origin,
      });
    // Offsets in such a part do not say which of its texts they are in.
    else texts.set(item.part, { text: known.text, origin: undefined });
  }
  return texts;
}

function rewritten(
  source: Source,
  part: string,
  edits: Edits,
  texts: ReadonlyMap<string, PartText>,
  host: DlpHost,
  applied: Set<string>,
): Uint8Array | undefined {
  const own = edits.get(part);
  if (own) {
    if (applied.has(part)) throw new Refusal(`${part} is there twice`);
    applied.add(part);
    const origin = texts.get(part)?.origin;
    const encoding = origin?.kind === 'plain' ? origin.encoding : 'utf-8';
    return editText(source.read(0, source.size), encoding, own, host);
  }
  const type = mediaTypeOf(source.read(0, 4096));
  if (type !== 'application/zip') throw new Refusal(`${type} cannot be rewritten`);
  return editPackage(source, part, edits, host, (content, name, isOffice) => {
    const changes = edits.get(name);
    if (!isOffice) return rewritten(sourceOf(content), name, edits, texts, host, applied);
    if (!changes) throw new Refusal('a document within the document holds some of it');
    applied.add(name);
    return editXml(content, changes);
  });
}

/** Where tokens stand that took the places of values before. */
function ownTokens(text: Uint8Array, issued: ReadonlySet<string>): { start: number; end: number }[] {
  if (issued.size === 0) return [];
  const found: { start: number; end: number }[] = [];
  const whole = new TextDecoder('latin1').decode(text);
  for (const { 0: token, index } of whole.matchAll(/(?:\[|%5B)[^\s[\]%:]{1,64}:[^\s[\]%:]{1,128}(?:\]|%5D)/g))
    if (issued.has(token)) found.push({ start: index, end: index + token.length });
  return found;
}

function wordOf({ token, detector, class: name }: Finding): string {
  const known =
    detectors.find(({ id }) => id === detector) ?? textDetectors.find(({ id }) => id === detector);
  return token ?? known?.token ?? name.split('.').at(-1)?.toUpperCase() ?? 'VALUE';
}
