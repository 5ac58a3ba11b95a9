import { digit, isDay, mod11x10, weigh } from './checksums.ts';
import { rowsFrom } from './spec.ts';

const two = (text: string, at: number): number => Number(text.slice(at, at + 2));
const last = (value: string): number => digit(value, value.length - 1);

/** Czech and Slovak birth numbers: women's months +50, +20 or +70 since 2004; nine digits until 1953, without a check digit. */
function isRodneCislo(value: string): boolean {
  const month = two(value, 2) % 50;
  const day = two(value, 4);
  if (value.length === 9) return two(value, 0) < 54 && isDay(1900 + two(value, 0), month, day);
  const year = two(value, 0) + (two(value, 0) < 54 ? 2000 : 1900);
  if (!isDay(year, year > 2003 && month > 20 ? month - 20 : month, day)) return false;
  const check = Number(value.slice(0, 9)) % 11;
  // Until 1985 a remainder of 10 was written as 0.
  return (year < 1986 ? check % 10 : check) === last(value);
}
const isIco = (value: string): boolean =>
  (11 - (weigh(value.slice(0, 7), [8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === digit(value, 7);
function isDic(value: string): boolean {
  if (value.length === 8) {
    return value[0] !== '9' && isIco(value);
  }
  if (value.length === 9 && value[0] === '6') {
    const sum = weigh(value.slice(1, 8), [8, 7, 6, 5, 4, 3, 2]) % 11;
    return (8 - ((10 - sum + 11) % 11) + 10) % 10 === digit(value, 8);
  }
  return isRodneCislo(value);
}
const isDph = (value: string): boolean =>
  (value[0] !== '0' && '234789'.includes(value[2] ?? '') && Number(value) % 11 === 0) || isRodneCislo(value);

const isNip = (value: string): boolean =>
  weigh(value.slice(0, 9), [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === last(value) && Number(value) > 0;
/** The century is in the month: +80 for 1800, +20 for 2000, and so on. */
function isPesel(value: string): boolean {
  const shift = Math.floor(two(value, 2) / 20);
  const year = [1900, 2000, 2100, 2200, 1800][shift] ?? 0;
  return (
    year + two(value, 0) < 2031 &&
    isDay(year + two(value, 0), two(value, 2) % 20, two(value, 4)) &&
    weigh(value, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0
  );
}
const regon9 = (value: string): boolean =>
  (weigh(value.slice(0, 8), [8, 9, 2, 3, 4, 5, 6, 7]) % 11) % 10 === digit(value, 8);
const isRegon = (value: string): boolean =>
  regon9(value) &&
  (value.length === 9 ||
    (weigh(value.slice(0, 13), [2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8]) % 11) % 10 === digit(value, 13));
const isPolishCard = (value: string): boolean => weighLetters(value) % 10 === 0;
const weighLetters = (value: string): number => weigh(value, [7, 3, 1, 9, 7, 3, 1, 7, 3]);

export const centralEurope = rowsFrom(
  'Zákon 133/2000 Sb. and ARES (Czechia), Slovak register, Dz.U. 1996 nr 142 and Ministerstwo Cyfryzacji (Poland), HR and SI tax administrations',
  [
    [
      'cz.rc',
      'id',
      'Czech birth number',
      '#{6}_#{3,4}',
      isRodneCislo,
      'rodné číslo,rodne cislo,r.č.,rč,birth number',
      { parted: 65 },
    ],
    [
      'cz.ico',
      'org',
      'Czech company number (IČO)',
      '#{3}_#{2}_#{3}',
      isIco,
      'ičo,ico,ič,identifikační číslo',
    ],
    ['cz.dic', 'vat', 'Czech VAT number (DIČ)', '#{8,10}', isDic, 'dič,dic,dph,vat', { prefix: 'CZ' }],
    [
      'sk.rc',
      'id',
      'Slovak birth number',
      '#{6}_#{3,4}',
      isRodneCislo,
      'rodné číslo,rodne cislo,r.č.,birth number',
      { parted: 65 },
    ],
    [
      'sk.dph',
      'vat',
      'Slovak VAT number (IČ DPH)',
      '#{10}',
      isDph,
      'dph,ič dph,ic dph,dič,vat',
      { prefix: 'SK' },
    ],
    [
      'pl.nip',
      'tax',
      'Polish tax number (NIP)',
      '#{3}_#{3}_#{2}_#{2}|#{3}_#{2}_#{2}_#{3}',
      isNip,
      'nip,vat,podatnik,numer identyfikacji podatkowej',
      { prefix: 'PL', parted: 65 },
    ],
    ['pl.pesel', 'id', 'Polish personal number (PESEL)', '#{11}', isPesel, 'pesel,numer ewidencyjny'],
    ['pl.regon', 'org', 'Polish business number (REGON)', '#{9}|#{14}', isRegon, 'regon'],
    [
      'pl.dowod',
      'card',
      'Polish identity card',
      '@{3}_#{6}',
      isPolishCard,
      'dowód,dowod osobisty,dowodu,seria i numer,identity card',
      { alone: 65 },
    ],
    ['sk.ico', 'org', 'Slovak company number (IČO)', '#{2}_#{3}_#{3}', isIco, 'ičo,ico'],
    [
      'cz.op',
      'card',
      'Czech identity card',
      '#{9}',
      undefined,
      'občanský průkaz,obcansky prukaz,číslo op',
      { supported: 65 },
    ],
    [
      'sk.op',
      'card',
      'Slovak identity card',
      '@{2}#{6}',
      undefined,
      'občiansky preukaz,číslo op',
      { supported: 75 },
    ],
    [
      'hr.oib',
      'tax',
      'Croatian personal number (OIB)',
      '#{11}',
      mod11x10,
      'oib,osobni identifikacijski',
      { prefix: 'HR' },
    ],
    [
      'si.ddv',
      'vat',
      'Slovenian tax number',
      '[1-9]#{7}',
      (v) =>
        (11 - (weigh(v.slice(0, 7), [8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === last(v) &&
        weigh(v.slice(0, 7), [8, 7, 6, 5, 4, 3, 2]) % 11 > 0,
      'ddv,davčna,davčna številka,vat,tax number',
      { prefix: 'SI' },
    ],
  ],
);
