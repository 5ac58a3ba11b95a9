import type { Detector } from '../../detector.ts';

/** Length by country, from the registry of ISO 13616 that SWIFT keeps (release 99). */
const lengths: ReadonlyMap<string, number> = new Map(
  `AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24
   DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27
   GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20
   LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24
   PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25
   SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30`
    .split(/\s+/)
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** Upper-case without separators. @returns whether ISO 7064 MOD 97-10 holds over the rearranged number */
export function isIban(value: string): boolean {
  if (lengths.get(value.slice(0, 2)) !== value.length) return false;
  let rest = 0;
  for (const character of value.slice(4) + value.slice(0, 4)) {
    const digits = Number.parseInt(character, 36);
    rest = (rest * (digits > 9 ? 100 : 10) + digits) % 97;
  }
  return rest === 1;
}

export const iban: Detector = {
  id: 'iban',
  class: 'pii.iban',
  name: 'International bank account number (IBAN)',
  token: 'IBAN',
  find: { on: 'digits', min: 2, max: 34, before: 2, after: 36 },
  pattern: /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])/,
  check: (value) => isIban(value.replace(/[ -]/g, '').toUpperCase()),
  confidence: { alone: 75, supported: 85 },
  context: ['iban', 'bank', 'account', 'konto', 'compte', 'cuenta', 'conto', 'rekening'],
  source: 'ISO 13616, SWIFT IBAN registry',
};
