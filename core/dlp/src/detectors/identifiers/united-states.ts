import { digit, luhn, weigh } from './checksums.ts';
import { rowsFrom } from './spec.ts';

/** SSA: area 000, 666 and 900 up, group 00 and serial 0000 are never issued; some became known from advertisements. */
function isSsn(value: string): boolean {
  const [area, group, serial] = [
    Number(value.slice(0, 3)),
    Number(value.slice(3, 5)),
    Number(value.slice(5)),
  ];
  return (
    area > 0 &&
    area !== 666 &&
    area < 900 &&
    group > 0 &&
    serial > 0 &&
    !published.has(value) &&
    !/^(\d)\1+$/.test(value)
  );
}
const published = new Set(['078051120', '457555462', '219099999', '123456789', '987654321']);
/** IRS: group 50-65, 70-88, 90-92, 94-99. */
function isItin(value: string): boolean {
  const group = Number(value.slice(3, 5));
  return (group > 49 && group < 66) || (group > 69 && group < 89) || (group > 89 && group !== 93);
}
const einPrefixes = new Set(
  '01 02 03 04 05 06 10 11 12 13 14 15 16 20 21 22 23 24 25 26 27 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 71 72 73 74 75 76 77 80 81 82 83 84 85 86 87 88 90 91 92 93 94 95 98 99'.split(
    ' ',
  ),
);
const isEin = (value: string): boolean => einPrefixes.has(value.slice(0, 2));
/** The prefix 80840 stands before an NPI when Luhn is computed. */
const isNpi = (value: string): boolean => luhn(`80840${value}`);
/** DEA: sum of places 1, 3, 5 and twice that of 2, 4, 6. */
const isDea = (value: string): boolean => weigh(value.slice(2, 8), [1, 2]) % 10 === digit(value, 8);
const isRouting = (value: string): boolean =>
  /^(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)/.test(value) &&
  weigh(value, [3, 7, 1]) % 10 === 0 &&
  Number(value) > 0;
/** MBI (CMS): no S, L, O, I, B, Z; the kinds of characters are fixed by place. */
const letter = '[AC-HJKMNP-RT-Y]';
const mbi = `[1-9]${letter}[0-9AC-HJKMNP-RT-Y]#_${letter}[0-9AC-HJKMNP-RT-Y]#_${letter}{2}#{2}`;

const vinValues = '0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ';
/** ISO 3779 with the check digit of 49 CFR 565. */
export const isVin = (value: string): boolean => {
  let sum = 0;
  for (let at = 0; at < 17; at += 1)
    sum +=
      (vinValues.indexOf(value[at] ?? '') % 10) *
      ([8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2][at] ?? 0);
  return (
    (sum % 11 === 10 ? 'X' : String(sum % 11)) === value[8] && /[A-Z]/.test(value) && /\d{4}$/.test(value)
  );
};

const driving =
  "driver license,driver's license,drivers license,driving licence,dl number,dl#,dln,license number,licence number,driver licence,permit,permis de conduire";

export const unitedStates = rowsFrom('SSA and IRS publications, CMS (NPI, MBI), DEA, ABA; 49 CFR 565 (VIN)', [
  [
    'us.ssn',
    'soc',
    'US social security number',
    '#{3}_#{2}_#{4}',
    isSsn,
    'ssn,social security,soc sec,ss#,social sec,ssa,ssns,ss number,ssn#',
    { parted: 65, supported: 85 },
  ],
  [
    'us.itin',
    'tax',
    'US individual taxpayer number (ITIN)',
    '9#{2}_[5-9]#_#{4}',
    isItin,
    'itin,individual taxpayer,taxpayer,tax id,tax payer,tin',
    { parted: 65 },
  ],
  [
    'us.ein',
    'tax',
    'US employer identification number (EIN)',
    '#{2}_#{7}',
    isEin,
    'ein,employer identification,fein,federal tax,tax id',
    { supported: 75 },
  ],
  ['us.atin', 'tax', 'US adoption taxpayer number (ATIN)', '9#{2}_93_#{4}', undefined, 'atin,adoption'],
  ['us.ptin', 'tax', 'US preparer tax number (PTIN)', 'P_#{8}', undefined, 'ptin,preparer'],
  [
    'us.tin',
    'tax',
    'US taxpayer number',
    '#{3}_#{2}_#{4}|#{2}_#{7}',
    (v) => isSsn(v) || isItin(v) || isEin(v),
    'taxpayer,tin,tax id',
    { supported: 75 },
  ],
  [
    'us.npi',
    'provider',
    'US national provider identifier (NPI)',
    '[12]#{3}_#{3}_#{3}',
    isNpi,
    'npi,national provider,provider id,provider number,prescriber',
    { parted: 65 },
  ],
  [
    'us.dea',
    'provider',
    'US DEA registration number',
    '[A-HJ-MPRSTUX][A-Z9]_#{7}',
    isDea,
    'dea,medical license,registration,certificate,prescriber',
    { alone: 65 },
  ],
  [
    'us.mbi',
    'health',
    'US Medicare beneficiary identifier (MBI)',
    mbi,
    undefined,
    'mbi,medicare,beneficiary',
    { alone: 65, supported: 85 },
  ],
  [
    'us.routing',
    'code',
    'US bank routing number (ABA)',
    '#{4}_#{4}_#|#{9}',
    isRouting,
    'aba,routing,rtn,bank,transit,abarouting,association#,wire',
  ],
  [
    'us.account',
    'bank',
    'US bank account number',
    '#{8,17}',
    undefined,
    'account number,account #,acct,bank account,checking,savings,account no',
    { supported: 65 },
  ],
  [
    'us.passport',
    'pass',
    'US passport number',
    '#{9}|[A-Z]_#{8}',
    undefined,
    'passport,passport number,passport#,travel document',
    { supported: 75 },
  ],
  [
    'us.driving',
    'drive',
    'US driver license number',
    '[A-Z]{1,2}_#{3,8}|[A-Z]_#{3}_#{3}_#{3}_#{3,4}|[A-Z]_#{12,13}|[A-Z]{2}#{2}_#{4,5}|#{7,12}|[A-Z]#{2}_#{2}_#{4}|#{3}@{2}#{4}',
    (v) => /\d{4}/.test(v),
    driving,
    { supported: 75 },
  ],
  [
    'us.green',
    'card',
    'US alien registration number',
    'A_#{8,9}|A_#{3}_#{3}_#{3}',
    undefined,
    'alien registration,uscis,green card,a-number,alien number',
    { supported: 75 },
  ],
  [
    'vin',
    'vehicle',
    'Vehicle identification number (VIN)',
    '[0-9A-HJ-NPR-Z]{17}',
    isVin,
    'vin,vehicle,chassis,fahrgestell,châssis,bastidor,telaio,car,fin',
  ],
]);
