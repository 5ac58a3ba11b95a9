/** Detectors of identifiers from one line each: a layout, a check over the compact form, and the words around it. */
import type { Band } from '../../finding.ts';
import type { Confidence, Detector } from '../../detector.ts';
import { once } from '../once.ts';
import { compactForm } from './compact-form.ts';
import { checkedByForm } from './proof.ts';

/** `id` national_id, `tax`, `org`, `vat`, `soc` social security, `health`, `drive`, `bank`, … : the class of a detector. */
const classes = {
  id: 'pii.national_id',
  card: 'pii.id_card',
  tax: 'pii.tax_id',
  vat: 'pii.vat',
  org: 'pii.company_id',
  soc: 'pii.social_security',
  health: 'health.insurance',
  provider: 'health.provider',
  patient: 'health.patient',
  drug: 'health.drug',
  drive: 'pii.driving_licence',
  pass: 'pii.passport',
  vehicle: 'pii.vehicle',
  voter: 'pii.voter_id',
  student: 'pii.student_id',
  bank: 'financial.bank_account',
  code: 'financial.bank_code',
  security: 'financial.security',
  card_number: 'financial.card',
  invoice: 'financial.invoice',
  crypto: 'financial.crypto',
  network: 'network.address',
  device: 'network.device',
  product: 'product.code',
} as const;
export type Kind = keyof typeof classes;

type Check = (compact: string, value: string) => boolean;

export type Spec = {
  readonly id: string;
  readonly name: string;
  readonly kind: Kind;
  /**
   * A bounded regular expression in which `#` is a digit, `@` a letter and `_` an optional separator; alternatives at the
   * top level only. Letters are upper case and match without regard to case.
   */
  readonly layout: string;
  /** Country code that may stand before it, as in VAT numbers; the check does not see it. */
  readonly prefix?: string;
  /** Over the compact form: upper case, without separators; and the value as it stands. */
  readonly check?: Check;
  /** Supporting words, comma separated, in any script; lower case. */
  readonly context: string;
  /** What documents are searched for, where that is stricter than what a field may hold. */
  readonly document?: string;
  /** Band without context of a number written in the authority's groups, with a sign between them. */
  readonly parted?: Band;
  /** Band without context, where the form alone says enough. */
  readonly alone?: Band;
  readonly supported?: Band;
  readonly source: string;
};

/** One check digit in a shorter value is no surprise, and in one below `leastLength` none at all. */
const sureLength = 8;
const leastLength = 6;

const isAscii = /^[ -~]+$/;
const separator = '[ ./-]?';

/**
 * What words look like in binary text: one character for each byte of UTF-8. Case outside of ASCII is other bytes, so that
 * such words are there in each case; and as they are once a text of bytes was put in lower case.
 */
export function binaryWords(words: string): string[] {
  const parts = words.split(',').map((each) => each.trim());
  if (isAscii.test(words)) return [...new Set(parts)].filter((word) => word !== '');
  const encoder = new TextEncoder();
  const all = new Set<string>();
  for (const word of parts) {
    if (isAscii.test(word)) all.add(word);
    else
      for (const cased of [word, word.toUpperCase(), word.slice(0, 1).toUpperCase() + word.slice(1)]) {
        const bytes = String.fromCharCode(...encoder.encode(cased));
        all.add(bytes.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()));
        all.add(bytes.toLowerCase());
      }
  }
  all.delete('');
  return [...all];
}

/** Separators that are not where the authority writes them: one kind, and no two in a row, or it is another thing. */
function isEvenlyParted(value: string): boolean {
  const kinds = new Set(value.replace(/^\(?[A-Z]{2,3}\)?[ -]/i, '').match(/[\s.,/:·–_-]/gu));
  return kinds.size < 2 && !/[\s.,/:·–_-]{2}/u.test(value);
}

export function identifier(spec: Spec): Detector {
  const layout = spec.prefix === undefined ? spec.layout : prefixed(spec.layout, spec.prefix);
  const compact = once(() => new RegExp(`^(?:${expand(layout, '')})$`));
  const prefix = once(() => (spec.prefix === undefined ? undefined : new RegExp(`^(?:${spec.prefix})`)));
  const regular = once(() => new RegExp(`^(?:${expand(layout, separator)})$`, 'i'));
  const isParted = once(
    () => new RegExp(`^(?:[A-Z]{2}[ -]?)?(?:${partedForms(spec.layout) || '(?!)'})$`, 'i'),
  );
  // Neither inside of a word nor of a longer number with separators.
  const pattern = once(
    () =>
      new RegExp(
        `(?<![A-Za-z0-9]|[0-9][.-])(?:${expand(spec.document ?? layout, separator)})(?![A-Za-z0-9]|[.-][0-9])`,
        'i',
      ),
  );
  const alone: Band | 0 = spec.alone ?? 0;
  const isProven = spec.check !== undefined && !checkedByForm.has(spec.id);
  const confidence: Confidence = {
    alone,
    supported: spec.supported ?? (isProven && spec.kind !== 'org' ? 85 : 75),
  };
  return {
    id: spec.id,
    class: classes[spec.kind],
    name: spec.name,
    token: spec.id.toUpperCase().replace(/[^A-Z0-9]/g, '_'),
    find: { on: 'digits', ...runOf(layout), ...(spec.parted !== undefined && { isParted: true }) },
    get pattern() {
      return pattern();
    },
    check: (value) => {
      const form = compactForm(value);
      if (!compact().test(form)) return false;
      const affix = prefix();
      if (spec.check?.(affix === undefined ? form : form.replace(affix, ''), value) === false) return false;
      // Without separators it is as regular as can be.
      if (form !== value && !regular().test(value) && !isEvenlyParted(value)) return false;
      if (form.length < (confidence.supported > 75 ? sureLength : leastLength))
        return { alone: alone === 0 ? 0 : 65, supported: form.length < leastLength ? 65 : 75 };
      // A dot behind a dash or a slash is nobody's way to write a number.
      if (spec.parted === undefined || !isParted().test(value) || /[/-].*\./.test(value)) return true;
      return {
        alone: spec.parted,
        supported: confidence.supported,
        why: 'in the groups that the authority writes',
      };
    },
    isProven,
    alone: /^[A-Za-z0-9(][A-Za-z0-9 ().,/:·–-]{0,59}$/,
    confidence,
    context: binaryWords(spec.context),
    source: spec.source,
  };
}

/** A separator at each place that the authority has one; or only ahead of a single character at the end, a check digit. */
function partedForms(layout: string): string {
  return layout
    .split('|')
    .flatMap((form) => {
      const last = form.lastIndexOf('_');
      if (last < 0) return [];
      const isCheckDigit = /^_(?:[#@]|\[[^\]]*\])$/.test(form.slice(last));
      return [
        expand(form, '[ ./-]'),
        ...(isCheckDigit ? [`${expand(form.slice(0, last), '')}-${expand(form.slice(last + 1), '')}`] : []),
      ];
    })
    .join('|');
}

const prefixed = (layout: string, prefix: string): string =>
  layout
    .split('|')
    .map((alternative) => `(?:${prefix.replaceAll('|', '!')})?_${alternative}`)
    .join('|');

const expand = (layout: string, between: string): string =>
  layout.replaceAll('!', '|').replaceAll('#', '[0-9]').replaceAll('@', '[A-Z]').replaceAll('_', between);

type Atom = { readonly digits: 'all' | 'some' | 'none'; readonly min: number; readonly max: number };

/** How many digits in a run a layout has at least and at most, and how far it reaches around them. */
function runOf(layout: string): { min: number; max: number; before: number; after: number } {
  let [min, max, before, after] = [99, 0, 0, 0];
  for (const alternative of layout.split('|')) {
    const atoms = atomsOf(alternative);
    let best = { from: 0, to: 0, min: 0 };
    for (let from = 0; from < atoms.length; from += 1) {
      let sum = 0;
      for (let to = from; to < atoms.length && atoms[to]?.digits === 'all'; to += 1) {
        sum += atoms[to]?.min ?? 0;
        if (sum > best.min) best = { from, to: to + 1, min: sum };
      }
    }
    const reach = (part: readonly Atom[]): number => part.reduce((sum, atom) => sum + 2 * atom.max, 0);
    min = Math.min(min, best.min);
    max = Math.max(
      max,
      atoms.reduce((sum, atom) => sum + (atom.digits === 'none' ? 0 : atom.max), 0),
    );
    // Without a stretch of nothing but digits any digit may be the one that was found.
    before = Math.max(before, reach(best.min === 0 ? atoms : atoms.slice(0, best.from)));
    after = Math.max(after, reach(best.min === 0 ? atoms : atoms.slice(best.to)));
  }
  // A neighbour that one separator parts from it (a date, an amount) makes the run longer.
  return { min: Math.max(min, 1), max: max + 48, before, after };
}

const atom = /(#|_|@|\[[^\]]*\]|\(\?:[^)]*\)|\\?[^#_@[(])(?:\{(\d+)(?:,(\d+))?\}|(\?))?/g;

function atomsOf(layout: string): Atom[] {
  const atoms: Atom[] = [];
  for (const [, text = '', least, most, optional] of layout.matchAll(atom)) {
    if (text === '_') continue;
    const length = text.startsWith('(')
      ? Math.max(
          ...text
            .slice(3, -1)
            .split('!')
            .map((part) => part.replace(/\[[^\]]*\]/g, 'x').length),
        )
      : 1;
    const min = optional === undefined ? Number(least ?? 1) : 0;
    const max = optional === undefined ? Number(most ?? least ?? 1) : 1;
    atoms.push({ digits: digitsOf(text), min: min * length, max: max * length });
  }
  return atoms;
}

function digitsOf(text: string): Atom['digits'] {
  if (text === '#' || /^\[[0-9-]+\]$/.test(text) || /^[0-9]$/.test(text)) return 'all';
  return text === '@' || !/[0-9#]/.test(text) ? 'none' : 'some';
}

export type Row = readonly [
  id: string,
  kind: Kind,
  name: string,
  layout: string,
  check: Check | undefined,
  context: string,
  more?: Pick<Spec, 'prefix' | 'alone' | 'supported' | 'parted' | 'document'>,
];

/** The detectors of a country or a register, from rows. */
export const rowsFrom = (source: string, rows: readonly Row[]): Detector[] =>
  rows.map(([id, kind, name, layout, check, context, more]) =>
    identifier({ id, kind, name, layout, context, source, ...(check ? { check } : {}), ...more }),
  );
