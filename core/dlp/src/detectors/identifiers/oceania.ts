import { digit, weigh } from './checksums.ts';
import { rowsFrom } from './spec.ts';

const last = (value: string): number => digit(value, value.length - 1);

export const isAbn = (value: string): boolean =>
  (weigh(value, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0 && value[0] !== '0';
const isAcn = (value: string): boolean =>
  (10 - (weigh(value.slice(0, 8), [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === last(value) && Number(value) > 0;
const isTfn = (value: string): boolean =>
  Number(value) > 0 &&
  (weigh(value, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0 ||
    (value.length === 8 && weigh(value, [10, 7, 8, 4, 6, 3, 5, 1]) % 11 === 0));
const isMedicare = (value: string): boolean =>
  weigh(value.slice(0, 8), [1, 3, 7, 9]) % 10 === digit(value, 8);

function isIrd(value: string): boolean {
  const number = Number(value);
  if (number < 10_000_000 || number > 150_000_000) return false;
  const body = value.padStart(9, '0').slice(0, 8);
  const check = (weights: readonly number[]): number => (11 - (weigh(body, weights) % 11)) % 11;
  const first = check([3, 2, 7, 6, 5, 4, 3, 2]);
  return (first < 10 ? first : check([7, 4, 3, 2, 5, 2, 7, 6])) === last(value);
}
const nzBanks = new Set([
  1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
  31, 33, 35, 38, 88,
]);
/** Payments NZ, Bank account number validation: the algorithm depends on the bank and, for most, on the base number. */
function isNzBank(value: string): boolean {
  const bank = Number(value.slice(0, 2));
  if (!nzBanks.has(bank)) return false;
  const base = value.slice(6, 13);
  const suffix = value.slice(13).padStart(4, '0');
  const branchAndBase = value.slice(2, 6) + base;
  if (bank === 8) return weigh(base, [7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
  if (bank === 9) return weighNz(base.slice(3) + suffix.slice(3), [5, 4, 3, 2, 1]) % 11 === 0;
  if (bank === 25 || bank === 33) return weigh(base, [1, 7, 3, 1, 7, 3, 1]) % 10 === 0;
  if (bank === 26 || bank === 28 || bank === 29)
    return weighNz(base + suffix.slice(1), [1, 3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
  if (bank === 31) return Number(base) >= 0;
  return Number(base) < 990_000
    ? weigh(branchAndBase, [6, 3, 7, 9, 0, 10, 5, 8, 4, 2, 1]) % 11 === 0
    : weigh(base, [0, 10, 5, 8, 4, 2, 1]) % 11 === 0;
}
const weighNz = (digits: string, weights: readonly number[]): number =>
  digits.split('').reduce((sum, each, at) => {
    let product = Number(each) * (weights[at] ?? 0);
    while (product > 9) product = Math.floor(product / 10) + (product % 10);
    return sum + product;
  }, 0);
const nhiLetters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
/** HISO 10046: AAANNNC, and AAANNAX since 2026. */
function isNhi(value: string): boolean {
  const number = (character: string): number =>
    /\d/.test(character) ? Number(character) : nhiLetters.indexOf(character) + 1;
  const sum = value
    .slice(0, 6)
    .split('')
    .reduce((total, each, at) => total + number(each) * (7 - at), 0);
  if (/^...\d{4}$/.test(value)) return sum % 11 !== 0 && (11 - (sum % 11)) % 10 === last(value);
  return nhiLetters[23 - (sum % 23) - 1] === value[6];
}

export const oceania = rowsFrom(
  'ATO, ASIC and Services Australia; IRD, Payments NZ and HISO 10046 (New Zealand)',
  [
    [
      'au.abn',
      'org',
      'Australian business number (ABN)',
      '#{2}_#{3}_#{3}_#{3}',
      isAbn,
      'abn,australian business,business number',
      { parted: 65 },
    ],
    [
      'au.acn',
      'org',
      'Australian company number (ACN)',
      '#{3}_#{3}_#{3}',
      isAcn,
      'acn,australian company,company number',
    ],
    [
      'au.tfn',
      'tax',
      'Australian tax file number (TFN)',
      '#{3}_#{3}_#{3}|#{8}',
      isTfn,
      'tfn,tax file',
      { parted: 65 },
    ],
    ['au.medicare', 'health', 'Australian Medicare number', '[2-6]#{3}_#{5}_#_#?', isMedicare, 'medicare'],
    [
      'au.passport',
      'pass',
      'Australian passport',
      '[A-Z]_#{7}|P[A-FUWXZ]_#{7}',
      undefined,
      'passport',
      { supported: 75 },
    ],
    [
      'au.driving',
      'drive',
      'Australian driver licence',
      '#{8,10}|#{6}@',
      undefined,
      "driver licence,drivers licence,driver's licence,licence number",
      { supported: 65 },
    ],
    [
      'nz.ird',
      'tax',
      'New Zealand IRD number',
      '#{2,3}_#{3}_#{3}',
      isIrd,
      'ird,inland revenue',
      { prefix: 'NZ' },
    ],
    [
      'nz.bank',
      'bank',
      'New Zealand bank account',
      '#{2}_#{4}_#{7}_#{2,3}',
      isNzBank,
      'account,bank,a/c',
      { parted: 65 },
    ],
    [
      'nz.nhi',
      'patient',
      'New Zealand health index (NHI)',
      '[A-HJ-NP-Z]{3}#{4}|[A-HJ-NP-Z]{3}#{2}[A-HJ-NP-Z]{2}',
      isNhi,
      'nhi,health index,patient',
    ],
    [
      'nz.driving',
      'drive',
      'New Zealand driver licence',
      '@{2}#{6}',
      undefined,
      'driver licence,licence number',
      { supported: 75 },
    ],
  ],
);
