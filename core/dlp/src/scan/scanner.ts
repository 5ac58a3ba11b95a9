/** Detectors compiled for scanning. Make one per thread and keep it: compiling takes much longer than a small file. */
import { isWithin } from '../class-names.ts';
import type { CompiledCustom } from '../custom/compile.ts';
import { compiledCustom } from '../custom/compile.ts';
import type { Custom } from '../custom/schema.ts';
import type { Detector, TextDetector } from '../detector.ts';
import type { DlpHost } from '../document.ts';
import type { Whole } from './field.ts';
import { fieldIn, wholesOf } from './field.ts';
import type { Hit } from './hit.ts';
import type { Kernel } from './kernel.ts';
import { kernelOf } from './kernel.ts';
import type { Matcher } from './match.ts';
import type { Plan } from './plan.ts';
import { planOf } from './plan.ts';
import { Stream } from './stream.ts';
import { Candidates } from './candidates.ts';
import { numbersBytes } from './numbers.ts';
import { Support } from './support.ts';

/** A window below 128 KB: larger strings are slow to make. */
const windowBytes = 124 << 10;

export type ScannerOptions = {
  readonly detectors: readonly Detector[];
  readonly textDetectors?: readonly TextDetector[];
  /** Classes that are not looked for, with all below them. */
  readonly off?: readonly string[];
  /** What the customer defines, and what that needs of the host. */
  readonly custom?: { readonly definitions: Custom; readonly host: Pick<DlpHost, 'now' | 'keyedHash'> };
};

/** Milliseconds that a customer's pattern may take in one part. */
const customMs = 250;

export class Scanner {
  readonly plan: Plan;
  readonly textDetectors: readonly TextDetector[];
  readonly #kernel: Kernel;
  readonly #custom: CompiledCustom | undefined;
  readonly #timed: readonly Matcher[];
  /** Made when a text is first seen. */
  #candidates: Candidates | undefined;
  #support: Support | undefined;
  /** Made when a text of one value is first seen. */
  #fields: readonly Whole[] | undefined;

  /** @throws CustomError when the customer's definitions cannot be used; RangeError when they have too many words */
  constructor({ detectors, textDetectors = [], off = [], custom }: ScannerOptions) {
    const isOn = (one: { readonly class: string }): boolean => !off.some((name) => isWithin(one.class, name));
    this.#custom = custom && compiledCustom(custom.definitions, custom.host);
    const own = new Set(this.#custom?.detectors.filter(isOn));
    const clock = custom && { now: () => custom.host.now(), maxMs: customMs };
    this.plan = planOf([...detectors.filter(isOn), ...own], this.#custom?.lists, (one) =>
      own.has(one) ? clock : undefined,
    );
    this.#timed = this.plan.matchers.filter((matcher) => own.has(matcher.detector));
    this.textDetectors = textDetectors.filter(isOn);
    const { automaton, digits, asking } = this.plan;
    this.#kernel = kernelOf(
      automaton,
      windowBytes,
      digits.least,
      asking,
      numbersBytes(windowBytes, digits.detectors.length),
    );
  }

  /** A part from its beginning. One at a time: what the one before has not given yet is lost. @param only of these classes, with all below them: no other takes the place of one */
  open(textOf: (bytes: Uint8Array) => string = binaryText, only?: readonly string[]): Stream {
    for (const matcher of this.#timed) matcher.reset();
    return new Stream({
      plan: this.plan,
      kernel: this.#kernel,
      support: (this.#support ??= new Support(this.plan, this.#kernel)),
      candidates: (this.#candidates ??= new Candidates(this.plan.digits, this.#kernel)),
      textDetectors: this.textDetectors,
      textOf,
      only,
      lists: this.#custom?.openLists() ?? [],
      scans: this.#custom?.openScans() ?? [],
    });
  }

  /** What the value is that a part consists of. @param text all of the part, as binary text */
  fieldIn(text: string): Hit | undefined {
    this.#fields ??= wholesOf(this.plan.detectors.filter(({ isProven }) => isProven === true));
    return fieldIn(this.#fields, text);
  }

  /** Customers' patterns that took too long in the part that is under way, and find nothing more in it. */
  tooSlow(): string[] {
    return this.#timed.filter((matcher) => matcher.isTooSlow).map((matcher) => matcher.detector.id);
  }
}

/** One character per byte. */
export function binaryText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
