import { base36, digit, isDay, luhn, mod11x2, weigh } from './checksums.ts';
import { isEan } from './german-speaking.ts';
import { rowsFrom } from './spec.ts';

const two = (text: string, at: number): number => Number(text.slice(at, at + 2));
const last = (value: string): number => digit(value, value.length - 1);
const isFullDay = (text: string): boolean => isDay(Number(text.slice(0, 4)), two(text, 4), two(text, 6));

const provinces = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)/;
/** GB 11643-1999; fifteen digits before. */
const isResident = (value: string): boolean =>
  provinces.test(value) &&
  (value.length === 15
    ? isDay(1900 + two(value, 6), two(value, 8), two(value, 10))
    : isFullDay(value.slice(6, 14)) && Number(value.slice(6, 10)) > 1850 && mod11x2(value));
const usccAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
/** GB 32100-2015: base 31, weights powers of 3. */
function isUscc(value: string): boolean {
  let [sum, weight] = [0, 1];
  for (let at = 0; at < 17; at += 1, weight = (weight * 3) % 31)
    sum += usccAlphabet.indexOf(value[at] ?? '') * weight;
  const organisation = (11 - (weigh(value.slice(8, 16), [3, 7, 9, 10, 5, 8, 4, 2]) % 11)) % 11;
  return (
    usccAlphabet[(31 - (sum % 31)) % 31] === value[17] &&
    (organisation === 10 ? 'X' : String(organisation)) === value[16]
  );
}

function isHkid(value: string): boolean {
  const padded = value.padStart(9, ' ');
  const number = (character: string | undefined): number => (character === ' ' ? 36 : base36(character));
  let sum = 0;
  for (let at = 0; at < 8; at += 1) sum += number(padded[at]) * (9 - at);
  const check = (11 - (sum % 11)) % 11;
  return (check === 10 ? 'A' : String(check)) === value.at(-1);
}

const taiwanLetters = 'ABCDEFGHJKLMNPQRSTUVXYWZIO';
/** A letter for the place counts as 10 to 35; the second is a letter for residents until 2020. */
function isTaiwanese(value: string): boolean {
  const place = taiwanLetters.indexOf(value[0] ?? '') + 10;
  const second = /\d/.test(value[1] ?? '')
    ? value[1]
    : String((taiwanLetters.indexOf(value[1] ?? '') + 10) % 10);
  return (
    place > 9 &&
    (Math.floor(place / 10) +
      (place % 10) * 9 +
      weigh(`${second}${value.slice(2)}`, [8, 7, 6, 5, 4, 3, 2, 1, 1])) %
      10 ===
      0
  );
}
/** The seventh digit 7 may count as 0 or 1; divisible by 5 since 2023. */
function isUbn(value: string): boolean {
  let sum = 0;
  for (let at = 0; at < 8; at += 1) {
    const product = digit(value, at) * ([1, 2, 1, 2, 1, 2, 4, 1][at] ?? 0);
    sum += Math.floor(product / 10) + (product % 10);
  }
  return Number(value) > 0 && (sum % 5 === 0 || (value[6] === '7' && (sum + 1) % 5 === 0));
}
const isTaiwaneseTax = (value: string): boolean =>
  value.length === 8
    ? isUbn(value)
    : /^[A-Z]/.test(value)
      ? isTaiwanese(value)
      : isFullDay(value.slice(0, 8));

const isCorporate = (value: string): boolean => {
  let sum = 0;
  for (let at = 1; at < 13; at += 1) sum += digit(value, at) * (at % 2 === 1 ? 2 : 1);
  return 9 - (sum % 9) === digit(value, 0);
};
const isMyNumber = (value: string): boolean => {
  const rest = weigh(value.slice(0, 11), [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest < 2 ? 0 : 11 - rest) === last(value);
};

/** Serials since October 2020 are random; then only the date can be checked, so that either must hold with it. */
function isRrn(value: string): boolean {
  const century = [1800, 1900, 1900, 2000, 2000, 1900, 1900, 2000, 2000, 1800][digit(value, 6)] ?? 0;
  if (century + two(value, 0) > 2030 || !isDay(century + two(value, 0), two(value, 2), two(value, 4)))
    return false;
  return (
    (11 - (weigh(value.slice(0, 12), [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === last(value) &&
    Number(value.slice(7, 9)) < 97
  );
}
/** Foreigners' numbers add 2. */
function isFrn(value: string): boolean {
  const century = /[56]/.test(value[6] ?? '') ? 1900 : 2000;
  if (!isDay(century + two(value, 0), two(value, 2), two(value, 4))) return false;
  return (13 - (weigh(value.slice(0, 12), [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === last(value);
}
const isBrn = (value: string): boolean =>
  (10 -
    ((weigh(value.slice(0, 9), [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((digit(value, 8) * 5) / 10)) % 10)) %
    10 ===
    last(value) &&
  Number(value.slice(0, 3)) > 100 &&
  value.slice(3, 5) !== '00';

export const eastAsia = rowsFrom(
  'GB 11643, GB 32100 (China), Immigration Department (Hong Kong), Ministry of the Interior and Ministry of Finance (Taiwan), National Tax Agency and MIC (Japan), resident registration and NTS (Korea)',
  [
    [
      'cn.ric',
      'id',
      'Chinese resident identity number',
      '#{6}_#{8}_#{3}[0-9X]|#{15}',
      isResident,
      '身份证,身份證,证件号,公民身份,id card,identity,ric,resident identity',
      { alone: 65 },
    ],
    [
      'cn.uscc',
      'org',
      'Chinese unified social credit code',
      '[1-9A-HJ-NP-RTUWXY][0-9A-HJ-NP-RTUWXY]#{6}[0-9A-HJ-NP-RTUWXY]{10}',
      isUscc,
      '统一社会信用代码,信用代码,税号,uscc',
      { supported: 85 },
    ],
    [
      'cn.passport',
      'pass',
      'Chinese passport',
      '[DEGPS]#{8}|E[A-HJ-NP-Z]#{7}|1[45]#{7}',
      undefined,
      '护照,passport',
      { supported: 75 },
    ],
    [
      'hk.hkid',
      'id',
      'Hong Kong identity card',
      '@{1,2}_#{6}_[0-9A]',
      isHkid,
      'hkid,身份證,identity card,hong kong',
      { alone: 65 },
    ],
    [
      'mo.bir',
      'id',
      'Macao resident identity card',
      '[157]_#{6}_#',
      undefined,
      'bir,bilhete de identidade,澳門,身份證',
      { supported: 75 },
    ],
    [
      'tw.ui',
      'id',
      'Taiwanese uniform number',
      '@[A-D0-9]#{8}',
      (v) => /^.[A-D89]/.test(v) && isTaiwanese(v),
      '身分證,統一證號,居留證,national id,arc',
      { alone: 65 },
    ],
    [
      'tw.natid',
      'id',
      'Taiwanese national identity number',
      '@[12]#{8}',
      isTaiwanese,
      '身分證,身份證,national id',
      { alone: 65 },
    ],
    ['tw.ubn', 'org', 'Taiwanese business number', '#{8}', isUbn, '統一編號,統編,business number,ubn,vat'],
    ['tw.ban', 'org', 'Taiwanese business administration number', '#{8}', isUbn, '統一編號,統編,ban'],
    [
      'tw.tax_code',
      'tax',
      'Taiwanese tax code',
      '@[A-D0-9]#{8}|#{8}@{2}|#{8}',
      isTaiwaneseTax,
      '稅籍,統一編號,稅號,tax code',
    ],
    [
      'jp.cn',
      'org',
      'Japanese corporate number',
      '#_#{4}_#{4}_#{4}',
      isCorporate,
      '法人番号,corporate number',
      { parted: 65 },
    ],
    [
      'jp.mynumber',
      'id',
      'Japanese individual number (My Number)',
      '#{4}_#{4}_#{4}',
      isMyNumber,
      'マイナンバー,個人番号,my number,individual number',
    ],
    [
      'jp.passport',
      'pass',
      'Japanese passport',
      '@{2}#{7}',
      undefined,
      '旅券,パスポート,passport',
      { supported: 75 },
    ],
    [
      'jp.driving',
      'drive',
      'Japanese driving licence',
      '#{12}',
      undefined,
      '運転免許,免許証,driving license',
      { supported: 65 },
    ],
    [
      'kr.rrn',
      'id',
      'Korean resident number',
      '#{6}_#{7}',
      isRrn,
      '주민등록,주민번호,rrn,korea,resident registration',
      { parted: 65 },
    ],
    [
      'kr.frn',
      'id',
      'Korean foreigner number',
      '#{6}_[5-8]#{6}',
      isFrn,
      '외국인등록,외국인,frn,korea,foreigner',
      { parted: 65 },
    ],
    [
      'kr.brn',
      'org',
      'Korean business number',
      '#{3}_#{2}_#{5}',
      isBrn,
      '사업자등록,사업자,brn,business registration',
      { parted: 65 },
    ],
    [
      'kr.passport',
      'pass',
      'Korean passport',
      '[MSRODG]#{8}|[MSRODG]#{3}@#{4}',
      undefined,
      '여권,passport,korea',
      { supported: 75 },
    ],
    [
      'kr.driving',
      'drive',
      'Korean driving licence',
      '(?:1[1-9]!2[0-68])_#{2}_#{6}_#{2}',
      undefined,
      '운전면허,면허,license,licence,driving',
      { supported: 75 },
    ],
    [
      'gen.ean',
      'product',
      'Article number (EAN)',
      '#{8}|#{12,14}',
      isEan,
      'ean,gtin,upc,barcode,artikel',
      { supported: 65 },
    ],
    ['cn.bank', 'card_number', 'Chinese bank card', '62#{14,17}', luhn, '银行卡,卡号,银联,unionpay'],
  ],
);
