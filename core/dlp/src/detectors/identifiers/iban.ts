import type { Detector } from '../../detector.ts';
import { mod97 } from './checksums.ts';

const kinds: Readonly<Record<string, string>> = { n: '[0-9]', a: '[A-Z]', c: '[0-9A-Z]' };

/** Structure by country after the check digits, from the registry of ISO 13616 that SWIFT keeps: n digits, a letters, c both. */
const structures =
  `AD 8n12c,AE 19n,AL 8n16c,AT 16n,AZ 4a20c,BA 16n,BE 12n,BG 4a6n8c,BH 4a14c,BI 23n,BR 23n1a1c,BY 4c4n16c,CH 5n12c,CR 18n,CY 8n16c,
  CZ 20n,DE 18n,DJ 23n,DK 14n,DO 4c20n,DZ 22n,EE 16n,EG 25n,ES 20n,FI 14n,FK 2a12n,FO 14n,FR 10n11c2n,GB 4a14n,GE 2a16n,GI 4a15c,GL 14n,
  GR 7n16c,GT 4c20c,HN 4a20n,HR 17n,HU 24n,IE 4a14n,IL 19n,IQ 4a15n,IR 22n,IS 22n,IT 1a10n12c,JO 4a4n18c,KW 4a22c,KZ 3n13c,LB 4n20c,
  LC 4a24c,LI 5n12c,LT 16n,LU 3n13c,LV 4a13c,LY 21n,MA 24n,MC 10n11c2n,MD 2c18c,ME 18n,MK 3n10c2n,MN 16n,MR 23n,MT 4a5n18c,MU 4a19n3a,
  MZ 21n,NI 4a20n,NL 4a10n,NO 11n,OM 3n16c,PK 4a16c,PL 24n,PS 4a21c,PT 21n,QA 4a21c,RO 4a16c,RS 18n,RU 14n15c,SA 2n18c,SC 4a20n3a,
  SD 14n,SE 20n,SI 15n,SK 20n,SM 1a10n12c,SN 2a22n,SO 19n,ST 21n,SV 4a20n,TL 19n,TN 20n,TR 6n16c,UA 6n19c,VA 18n,VG 4a16n,XK 16n,YE 4a4n18c`
    .split(/,\s*/)
    .map((entry) => [entry.slice(0, 2), entry.slice(3)] as const);

/** What stands behind the check digits, with what `gap` permits between two characters. */
function bodyOf(structure: string, gap: string): string {
  return structure.replaceAll(
    /(\d+)([nac])/g,
    (_, length: string, kind: string) => `(?:${gap}${kinds[kind] ?? ''}){${length}}`,
  );
}

const exact: ReadonlyMap<string, RegExp> = new Map(
  structures.map(([country, structure]) => [
    country,
    new RegExp(`^[A-Z]{2}[0-9]{2}${bodyOf(structure, '')}$`),
  ]),
);

/** As long as its country says: words may follow behind a blank. */
const written = structures
  .map(([country, structure]) => `${country}[ -]?[0-9]{2}${bodyOf(structure, '[ -]?')}`)
  .join('|');

/** Upper-case without separators. @returns whether ISO 7064 MOD 97-10 holds over the rearranged number */
export function isIban(value: string): boolean {
  if (exact.get(value.slice(0, 2))?.test(value) !== true) return false;
  return mod97(value.slice(4) + value.slice(0, 4)) === 1;
}

/** Whether the check digits hold, whatever the case and the separators. Refuses most of what has the form of one. */
function areDigitsRight(value: string): boolean {
  let rest = 0;
  let head = 0;
  let body = 0;
  for (; body < value.length && head < 4; body += 1) if (isCharacter(value.charCodeAt(body))) head += 1;
  for (let at = body; at < value.length; at += 1) rest = with97(rest, value.charCodeAt(at));
  for (let at = 0; at < body; at += 1) rest = with97(rest, value.charCodeAt(at));
  return rest === 1;
}

const isCharacter = (code: number): boolean => code !== 0x20 && code !== 0x2d;

function with97(rest: number, code: number): number {
  if (!isCharacter(code)) return rest;
  return code <= 57 ? (rest * 10 + code - 48) % 97 : (rest * 100 + (code & 0x5f) - 55) % 97;
}

export const iban: Detector = {
  id: 'iban',
  class: 'pii.iban',
  name: 'International bank account number (IBAN)',
  token: 'IBAN',
  find: { on: 'digits', min: 2, max: 34, before: 2, after: 36, ahead: 'letter' },
  pattern: new RegExp(`(?<![A-Za-z0-9])(?:${written})(?![A-Za-z0-9])`, 'i'),
  check: (value) => areDigitsRight(value) && isIban(value.replace(/[ -]/g, '').toUpperCase()),
  isProven: true,
  confidence: { alone: 75, supported: 85 },
  context: ['iban', 'bank', 'account', 'konto', 'compte', 'cuenta', 'conto', 'rekening'],
  source: 'ISO 13616, SWIFT IBAN registry',
};
