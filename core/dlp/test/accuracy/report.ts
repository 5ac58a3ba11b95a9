/** How many cases the detectors are right about, by source and by track. */
import type { Case, Track } from './cases.ts';
import { judge } from './judge.ts';
import type { Verdict } from './judge.ts';

export type Counts = { positives: number; found: number; negatives: number; fired: number };

/** What `--json` prints. */
export type Report = {
  readonly cases: number;
  readonly bySource: Readonly<Record<string, Counts>>;
  readonly byTrack: Readonly<Record<Track, Counts>>;
  /** Parts of the above that have a goal of their own. */
  readonly byStratum: Readonly<Record<string, Counts>>;
};

/** Types of presidio whose values carry a check digit, or as much: NHS, ABA, Medicare numbers (MBI) by their strict form. */
const checkedTypes =
  /^presidio-(?:ABA_ROUTING_NUMBER|AU_(?:ABN|ACN|MEDICARE|TFN)|CA_SIN|CREDIT_CARD|CRYPTO|DE_(?:HEALTH_INSURANCE|ID_CARD|LANR|PASSPORT|SOCIAL_SECURITY|TAX_ID|VAT_ID)|ES_(?:NIE|NIF)|FI_PERSONAL_IDENTITY_CODE|IBAN_CODE|IN_(?:AADHAAR|GSTIN)|IT_(?:FISCAL_CODE|VAT_CODE)|KR_(?:BRN|FRN|RRN)|MEDICAL_LICENSE|NG_NIN|PL_PESEL|SE_(?:ORGANISATIONSNUMMER|PERSONNUMMER)|SG_(?:NRIC_FIN|UEN)|TH_TNIN|TR_NATIONAL_ID|UK_NHS|US_(?:MBI|NPI)|ZA_ID_NUMBER)$/;

function strata(judged: readonly Judged[]): Record<string, Counts> {
  const of = (name: string, isIn: (one: Case) => boolean): Record<string, Counts> =>
    countsBy(
      judged.filter((one) => isIn(one.case)),
      () => name,
    );
  return {
    ...of('document, secrets', ({ track, cls }) => track === 'document' && cls === 'secret'),
    ...of('presidio, types with a check digit', ({ rule }) => checkedTypes.test(rule)),
    ...of('presidio, other types', ({ rule, source }) => source === 'presidio' && !checkedTypes.test(rule)),
  };
}

export type Judged = { readonly case: Case; readonly verdict: Verdict };

export function judgeAll(cases: readonly Case[]): Judged[] {
  return cases.map((one) => ({ case: one, verdict: judge(one) }));
}

export function reportOf(judged: readonly Judged[]): Report {
  return {
    cases: judged.length,
    bySource: countsBy(judged, ({ source }) => source),
    byTrack: { document: counts(), validator: counts(), ...countsBy(judged, ({ track }) => track) },
    byStratum: strata(judged),
  };
}

/** In the order of the names. */
export function countsBy(judged: readonly Judged[], nameOf: (one: Case) => string): Record<string, Counts> {
  const all = new Map<string, Counts>();
  for (const { case: one, verdict } of judged) {
    const name = nameOf(one);
    const found = all.get(name) ?? counts();
    all.set(name, found);
    if (one.positive) {
      found.positives += 1;
      if (verdict.hit) found.found += 1;
    } else {
      found.negatives += 1;
      if (verdict.hit) found.fired += 1;
    }
  }
  return Object.fromEntries([...all].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function counts(): Counts {
  return { positives: 0, found: 0, negatives: 0, fired: 0 };
}

/** One line for each name. */
export function table(title: string, rows: Readonly<Record<string, Counts>>): string[] {
  const cells = Object.entries(rows).map(([name, { positives, found, negatives, fired }]) => [
    name,
    `${found} of ${positives}`,
    percent(found, positives),
    `${fired} of ${negatives}`,
    percent(fired, negatives),
  ]);
  const all = [[title, 'found', '', 'fired', ''], ...cells];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;
}
