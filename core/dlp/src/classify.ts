/** One file from bytes to a classification. */
import { detectors, textDetectors } from './detectors/index.ts';
import type { DlpHost, Limits, Source } from './document.ts';
import { defaultLimits, extract } from './documents/index.ts';
import { plainOf } from './documents/plain.ts';
import type { Classification, Label, Problem } from './finding.ts';
import { fieldBytes } from './scan/field.ts';
import type { Hit } from './scan/hit.ts';
import { Scanner } from './scan/scanner.ts';
import type { Stream } from './scan/stream.ts';
import { Tally } from './tally.ts';
import { otherView } from './views.ts';

/** Bytes between two looks at the clock. */
const stepBytes = 1 << 16;
/** Held until the part that they are views of has ended. */
const maxViewBytes = 64 << 20;
/** Behind the name of the part. */
const viewMark = ' (resolved)';

let shipped: Scanner | undefined;

/** What ships, compiled when it is first needed: a cache of what never changes. */
export function shippedScanner(): Scanner {
  shipped ??= new Scanner({ detectors, textDetectors });
  return shipped;
}

/**
 * What the content of `source` is. Never throws for what the content is; what could not be read is in `problems`.
 * @param only classes to look for, with all below them; of findings that overlap only the surest is given, so that one of another class may stand for one of these
 */
export function classify(
  source: Source,
  host: DlpHost,
  limits: Limits = defaultLimits,
  scanner: Scanner = shippedScanner(),
  only?: readonly string[],
): Classification {
  const scan = new FileScan(host, limits, scanner, only);
  let type = 'application/octet-stream';
  const labels: Label[] = [];
  const problems: Problem[] = [];
  try {
    const plain = plainOf(source, limits);
    if (plain) {
      type = plain.type;
      scan.push('', plain.text);
    } else
      for (const item of extract(source, host, limits)) {
        if (item.kind === 'type') type = item.type;
        else if (item.kind === 'label') labels.push(item.label);
        else if (item.kind === 'problem') problems.push(item.problem);
        else if (!scan.push(item.part, item.text, item.isView)) break;
      }
    scan.endPart();
  } catch (error) {
    // Whatever went wrong, this content was not seen to its end, and that is what a policy has to know.
    const detail = error instanceof Error ? error.message : 'unknown error';
    problems.push({ code: 'unreadable', part: scan.part, detail: `could not be read to its end: ${detail}` });
  }
  problems.push(...scan.problems);
  return {
    type,
    classes: scan.tally.classes(),
    labels,
    findings: scan.tally.findings(),
    problems,
    complete: problems.length === 0,
    scannedBytes: scan.scannedBytes,
  };
}

/** The texts of one file on their way through a scanner, part by part. */
class FileScan {
  readonly tally: Tally;
  readonly problems: Problem[] = [];
  part = '';
  scannedBytes = 0;
  readonly #host: DlpHost;
  readonly #scanner: Scanner;
  readonly #only: readonly string[] | undefined;
  readonly #until: number;
  readonly #maxMs: number;
  #stream: Stream | undefined;
  #isView = false;
  /** All of the part that is under way, while it may be a field. */
  #field: string | undefined;
  #hasHits = false;
  /** Of the part that is under way. */
  #views: Uint8Array[] = [];
  #viewBytes = 0;

  constructor(
    host: DlpHost,
    { maxMs, maxFindings }: Limits,
    scanner: Scanner,
    only: readonly string[] | undefined,
  ) {
    this.#only = only;
    this.#host = host;
    this.#scanner = scanner;
    this.#maxMs = maxMs;
    this.#until = host.now() + maxMs;
    this.tally = new Tally(maxFindings);
  }

  /** @returns false when the time is up */
  push(part: string, text: Uint8Array, isView = false): boolean {
    if (this.#stream === undefined || part !== this.part) {
      this.endPart();
      this.#open(part, isView);
    }
    this.#keepView(text);
    return this.#scan(text);
  }

  endPart(): void {
    if (this.#stream === undefined) return;
    this.#close();
    const views = this.#views;
    this.#views = [];
    this.#viewBytes = 0;
    if (views.length === 0) return;
    this.#open(`${this.part}${viewMark}`, true);
    for (const view of views) if (!this.#scan(view)) break;
    this.#close();
  }

  #open(part: string, isView: boolean): void {
    this.part = part;
    this.#isView = isView;
    this.#stream = this.#scanner.open(this.#host.binaryText, this.#only);
    this.#field = '';
    this.#hasHits = false;
  }

  #scan(text: Uint8Array): boolean {
    this.#field =
      this.#field === undefined || this.#field.length + text.length > fieldBytes
        ? undefined
        : this.#field + this.#host.binaryText(text);
    for (let at = 0; at < text.length; at += stepBytes) {
      if (this.#host.now() > this.#until) {
        const detail = `not scanned within ${this.#maxMs} ms`;
        this.problems.push({ code: 'timeout', part: this.part, detail });
        return false;
      }
      const step = text.subarray(at, at + stepBytes);
      for (const hit of this.#stream?.push(step) ?? []) this.#add(hit);
      this.scannedBytes += step.length;
    }
    return true;
  }

  #add(hit: Hit): void {
    this.#hasHits ||= hit.isValue;
    if (this.#isView) this.tally.addView(hit, this.part);
    else this.tally.add(hit, this.part);
  }

  #keepView(text: Uint8Array): void {
    if (this.#viewBytes > maxViewBytes) return;
    const view = otherView(text);
    if (view === undefined) return;
    this.#views.push(view);
    this.#viewBytes += view.length;
    const detail = 'too much of it is written in other ways';
    if (this.#viewBytes > maxViewBytes) this.problems.push({ code: 'too_large', part: this.part, detail });
  }

  #close(): void {
    const stream = this.#stream;
    if (stream === undefined) return;
    for (const hit of stream.end()) this.#add(hit);
    const field = this.#hasHits ? undefined : this.#field && this.#scanner.fieldIn(this.#field);
    if (field) this.#add(field);
    this.tally.endPart(stream.refusedBy);
    for (const id of this.#scanner.tooSlow())
      this.problems.push({
        code: 'timeout',
        part: this.part,
        detail: `the pattern ${id} took too long and was not looked for to the end: make it simpler`,
      });
    this.#stream = undefined;
  }
}
