import { digit, modulo, weigh } from './checksums.ts';
import { rowsFrom } from './spec.ts';

const two = (text: string, at: number): number => Number(text.slice(at, at + 2));
const last = (value: string): number => digit(value, value.length - 1);

const isMoldovan = (value: string): boolean => weigh(value.slice(0, 12), [7, 3, 1]) % 10 === last(value);

const unpLetters = 'АВЕКМНОРСТ';
function isUnp(raw: string): boolean {
  const value = raw.replace(/[АВЕКМНОРСТ]/g, (letter) => 'ABEKMHOPCT'[unpLetters.indexOf(letter)] ?? letter);
  const digits = /^[A-Z]{2}/.test(value)
    ? `${value[0]}${'ABCEHKMOPT'.indexOf(value[1] ?? '')}${value.slice(2)}`
    : value;
  if (!/^[1-7A-CEHKM][0-9]{8}$/.test(digits)) return false;
  const sum = weigh(digits.slice(0, 8), [29, 23, 19, 17, 13, 7, 5, 3]);
  return sum % 11 < 10 && sum % 11 === last(digits);
}

function isEdrpou(value: string): boolean {
  const outer = Number(value) < 30_000_000 || Number(value) > 60_000_000;
  const weights = outer ? [1, 2, 3, 4, 5, 6, 7] : [7, 1, 2, 3, 4, 5, 6];
  const body = value.slice(0, 7);
  const first = weigh(body, weights) % 11;
  return (
    (first < 10
      ? first
      : (weigh(
          body,
          weights.map((weight) => weight + 2),
        ) %
          11) %
        10) === last(value)
  );
}
const isRntrc = (value: string): boolean =>
  (((weigh(value.slice(0, 9), [-1, 5, 7, 9, 4, 6, 10, 5, 7]) % 11) + 11) % 11) % 10 === last(value);

const innWeights = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
function isInn(value: string): boolean {
  const check = (at: number): boolean =>
    (weigh(value.slice(0, at), innWeights.slice(11 - at)) % 11) % 10 === digit(value, at);
  return Number(value) > 0 && (value.length === 10 ? check(9) : check(10) && check(11));
}
const isOgrn = (value: string): boolean =>
  modulo(value.slice(0, -1), value.length - 2) % 10 === last(value) && value[0] !== '0';
function isSnils(value: string): boolean {
  const rest = weigh(value.slice(0, 9), [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101;
  return rest % 100 === Number(value.slice(9)) && Number(value) > 0;
}

function isTckimlik(value: string): boolean {
  const odd = [0, 2, 4, 6, 8].reduce((sum, at) => sum + digit(value, at), 0);
  const even = [1, 3, 5, 7].reduce((sum, at) => sum + digit(value, at), 0);
  return (
    (odd * 7 - even + 100) % 10 === digit(value, 9) &&
    (odd + even + digit(value, 9)) % 10 === digit(value, 10)
  );
}
function isVkn(value: string): boolean {
  let sum = 0;
  for (let at = 0; at < 9; at += 1) {
    const shifted = (digit(value, at) + 9 - at) % 10;
    const product = (shifted * 2 ** (9 - at)) % 9;
    sum += shifted !== 0 && product === 0 ? 9 : product;
  }
  return (10 - (sum % 10)) % 10 === digit(value, 9);
}
/** Kazakhstan: birth or registration date first; a second row of weights. */
function isKazakh(value: string): boolean {
  const first = weigh(value.slice(0, 11), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
  const check = first < 10 ? first : weigh(value.slice(0, 11), [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11;
  return check < 10 && check === last(value) && two(value, 2) > 0 && two(value, 2) < 13;
}

export const easternEurope = rowsFrom(
  'ФНС and ПФР (Russia), State Tax Service (Ukraine), MNS (Belarus), NVI and GİB (Türkiye), tax services of Moldova, Kazakhstan and the Caucasus',
  [
    ['md.idno', 'org', 'Moldovan identification number (IDNO)', '#{13}', isMoldovan, 'idno,idnp,cod fiscal'],
    [
      'by.unp',
      'tax',
      'Belarusian tax number (UNP)',
      '[0-9A-ZАВЕКМНОРСТ]{2}#{7}',
      isUnp,
      'унп,unp,упн,плательщика',
      { prefix: 'УНП|UNP' },
    ],
    [
      'by.id',
      'id',
      'Belarusian identification number',
      '[1-7]#{6}[ABCHKEM]#{3}(?:PB!BA!BI)#',
      undefined,
      'идентификационный номер,личный номер,паспорт',
      { alone: 65 },
    ],
    [
      'ua.edrpou',
      'org',
      'Ukrainian company code (EDRPOU)',
      '#{8}',
      isEdrpou,
      'єдрпоу,едрпоу,edrpou,код єдрпоу',
    ],
    [
      'ua.rntrc',
      'tax',
      'Ukrainian taxpayer number (RNTRC)',
      '#{10}',
      isRntrc,
      'рнокпп,іпн,инн,rntrc,ідентифікаційний код,ідентифікаційний номер',
      { parted: 65 },
    ],
    [
      'ua.passport',
      'pass',
      'Ukrainian passport',
      '[A-ZА-ЯІЇЄ]{2}#{6}|#{9}',
      undefined,
      'паспорт,passport',
      { supported: 65 },
    ],
    ['ru.inn', 'tax', 'Russian taxpayer number (INN)', '#{10}|#{12}', isInn, 'инн,inn,налогоплательщика'],
    ['ru.ogrn', 'org', 'Russian state registration number (OGRN)', '#{13}|#{15}', isOgrn, 'огрн,огрнип,ogrn'],
    [
      'ru.snils',
      'soc',
      'Russian pension insurance number (SNILS)',
      '#{3}_#{3}_#{3}_#{2}',
      isSnils,
      'снилс,snils,страховой номер,пенсион',
      { parted: 65 },
    ],
    [
      'ru.passport',
      'pass',
      'Russian internal passport',
      '#{2}_#{2}_#{6}',
      undefined,
      'паспорт,серия,passport,выдан',
      { supported: 75 },
    ],
    [
      'tr.tckimlik',
      'id',
      'Turkish identity number (T.C. Kimlik No)',
      '[1-9]#{10}',
      isTckimlik,
      'kimlik,tc kimlik,tckn,t.c. kimlik,vatandaşlık,nüfus,identity number,kimlik no',
      { parted: 65 },
    ],
    [
      'tr.vkn',
      'tax',
      'Turkish tax number (VKN)',
      '#{10}',
      isVkn,
      'vkn,vergi,vergi kimlik,vergi no,vergi dairesi',
    ],
    ['kz.iin', 'id', 'Kazakh individual or business number', '#{12}', isKazakh, 'иин,бин,iin,bin,жсн,бсн'],
    [
      'az.pin',
      'id',
      'Azerbaijani personal number',
      '[0-9A-HJ-NP-Z]{7}',
      (v) => /\d/.test(v),
      'fin,fin kod,fərdi identifikasiya,pin',
      { supported: 75 },
    ],
    [
      'az.tin',
      'tax',
      'Azerbaijani tax number (VÖEN)',
      '#{9}[12]',
      undefined,
      'vöen,voen,vergi,tin',
      { supported: 65 },
    ],
    ['am.tin', 'tax', 'Armenian tax number', '#{8}', undefined, 'հվհհ,tin,hvhh', { supported: 65 }],
    [
      'ge.id',
      'id',
      'Georgian personal number',
      '#{11}',
      undefined,
      'პირადი ნომერი,personal number,პირადი',
      { supported: 65 },
    ],
    [
      'uz.pinfl',
      'id',
      'Uzbek personal number (PINFL)',
      '[3-6]#{13}',
      undefined,
      'pinfl,пинфл,jshshir',
      { supported: 75 },
    ],
  ],
);
