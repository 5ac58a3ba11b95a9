import { base36, digit, isDay, luhn, weigh, weighCrossed } from './checksums.ts';
import { luhn36 } from './benelux-france.ts';
import { rowsFrom } from './spec.ts';

const dniLetters = 'TRWAGMYFPDXBNJZSQVHLCKE';
const isDni = (value: string): boolean => dniLetters[Number(value.slice(0, -1)) % 23] === value.at(-1);
const isNie = (value: string): boolean => isDni('XYZ'.indexOf(value[0] ?? '') + value.slice(1));

/** Company numbers end in a digit or a letter (Orden EHA/451/2008). */
function isCif(value: string): boolean {
  const sum = weighCrossed(value.slice(1, 8), [2, 1]);
  const check = (10 - (sum % 10)) % 10;
  const last = value.at(-1) ?? '';
  const isDigit = last === String(check);
  const isLetter = last === 'JABCDEFGHI'[check];
  // The order says which kinds of bodies have which; both are met in registers.
  return isDigit || isLetter;
}

function isSpanish(value: string): boolean {
  if (/^\d/.test(value)) return isDni(value);
  if (/^[XYZ]/.test(value)) return isNie(value);
  if (/^[KLM]/.test(value))
    return dniLetters[Number(value.slice(1, 8)) % 23] === value.at(-1) || isCif(value);
  return isCif(value);
}

/** Province, eight digits (seven for companies), and the remainder by 97. */
function isNss(value: string): boolean {
  const [province, number, check] = [value.slice(0, 2), value.slice(2, -2), Number(value.slice(-2))];
  const whole =
    Number(number) < 10_000_000 ? Number(province) * 10_000_000 + Number(number) : Number(province + number);
  return Number(province) > 0 && whole % 97 === check;
}

const isNif = (value: string): boolean =>
  value[0] !== '0' &&
  ((11 - (weigh(value.slice(0, 8), [9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === digit(value, 8);

const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
/** Decreto del Ministero delle finanze 23 dicembre 1976: digits may be replaced by L to V where two people would share one. */
function isFiscalCode(value: string): boolean {
  if (value.length === 11) return isIva(value);
  const number = (part: string): number =>
    Number(part.replace(/[L-V]/g, (letter) => String('LMNPQRSTUV'.indexOf(letter))));
  const month = 'ABCDEHLMPRST'.indexOf(value[8] ?? '') + 1;
  const day = number(value.slice(9, 11)) % 40;
  const year = number(value.slice(6, 8));
  if (month < 1 || !(isDay(1900 + year, month, day) || isDay(2000 + year, month, day))) return false;
  return fiscalCheck(value);
}

/** The check letter alone. */
function fiscalCheck(value: string): boolean {
  let sum = 0;
  for (let at = 0; at < 15; at += 1) {
    const character = base36(value[at]);
    const plain = character > 9 ? character - 10 : character;
    sum += at % 2 === 0 ? (odd[plain] ?? 0) : plain;
  }
  return String.fromCharCode(65 + (sum % 26)) === value[15];
}

const offices = (value: string): boolean => {
  const office = Number(value.slice(7, 10));
  return (office > 0 && office <= 100) || [120, 121, 888, 999].includes(office);
};
const isIva = (value: string): boolean => luhn(value) && offices(value) && Number(value.slice(0, 7)) > 0;

const aicDigits = '0123456789BCDFGHJKLMNPQRSTUVWXYZ';
function isAic(value: string): boolean {
  let digits = value;
  if (value.length === 6) {
    let number = 0;
    for (const character of value) number = number * 32 + aicDigits.indexOf(character);
    digits = String(number).padStart(9, '0');
  }
  return /^[01]\d{8}$/.test(digits) && weighCrossed(digits.slice(0, 8), [1, 2]) % 10 === digit(digits, 8);
}

const spanishWords =
  'dni,nif,documento nacional,identidad,identificación fiscal,identificacion fiscal,cédula,spanish id';

export const iberiaAndItaly = rowsFrom(
  'Orden EHA/451/2008 and RD 1553/2005 (Spain), Autoridade Tributária (Portugal), D.M. 23/12/1976 and D.P.R. 633/1972 (Italy), San Marino tax office',
  [
    [
      'es.dni',
      'id',
      'Spanish identity number (DNI)',
      '#{2}_#{3}_#{3}_@',
      (v) => /[A-Z]$/.test(v) && isDni(v),
      spanishWords,
      { alone: 65 },
    ],
    [
      'es.nie',
      'id',
      'Spanish foreigner number (NIE)',
      '[XYZ]_#{7}_@',
      isNie,
      'nie,extranjero,número de identidad,foreigner',
      { alone: 65 },
    ],
    [
      'es.cif',
      'org',
      'Spanish company number (CIF)',
      '[A-HJNP-SUVW]_#{7}_[0-9A-J]',
      isCif,
      'cif,nif,empresa,sociedad,iva',
    ],
    [
      'es.nif',
      'tax',
      'Spanish tax number (NIF)',
      '#{7,8}_@|[A-HJ-NP-SUVW-Z]_#{7}_[0-9A-Z]',
      isSpanish,
      `${spanishWords},iva,vat,cif`,
      // Companies' are `es.cif`.
      { prefix: 'ES', document: '(?:(?:ES)?_)(?:#{7,8}_@|[KLMX-Z]_#{7}_[0-9A-Z])' },
    ],
    ['es.nif_short', 'tax', 'Spanish tax number without leading zeros', '#{5,7}_@', isDni, spanishWords],
    [
      'es.nss',
      'soc',
      'Spanish social security number',
      '#{2}_#{7,8}_#{2}',
      isNss,
      'seguridad social,nss,afiliación,número de afiliación,naf,social security',
    ],
    [
      'pt.nif',
      'tax',
      'Portuguese tax number (NIF)',
      '#{3}_#{3}_#{3}',
      isNif,
      'nif,contribuinte,número de identificação fiscal,nipc,iva,vat',
      { prefix: 'PT' },
    ],
    [
      'pt.nipc',
      'org',
      'Portuguese company number (NIPC)',
      '[5-9]#{2}_#{3}_#{3}',
      isNif,
      'nipc,pessoa coletiva,sociedade,empresa',
      { prefix: 'PT' },
    ],
    [
      'pt.cc',
      'card',
      'Portuguese citizen card number',
      '#{8}_#_[0-9A-Z]{2}_#',
      luhn36,
      'cartão de cidadão,cartao de cidadao,citizen card,documento',
      { alone: 65 },
    ],
    [
      'pt.niss',
      'soc',
      'Portuguese social security number',
      '[12]#{10}',
      (v) => 9 - (weigh(v.slice(0, 10), [29, 23, 19, 17, 13, 11, 7, 5, 3, 2]) % 10) === digit(v, 10),
      'niss,segurança social,social security',
    ],
    [
      'it.codicefiscale',
      'tax',
      'Italian fiscal code',
      '@{6}_[0-9L-NP-V]{2}[ABCDEHLMPRST]_[0-9L-NP-V]{2}@_[0-9L-NP-V]{3}@|#{11}',
      isFiscalCode,
      'codice fiscale,cod. fiscale,fiscal code,c.f.,cf',
    ],
    [
      'it.iva',
      'vat',
      'Italian VAT number',
      '#{11}',
      isIva,
      'partita iva,p.iva,p. iva,piva,vat,iva',
      { prefix: 'IT' },
    ],
    [
      'it.aic',
      'drug',
      'Italian drug code (AIC)',
      '#{9}|[0-9BCDFGHJ-NP-Z]{6}',
      isAic,
      'aic,farmaco,medicinale,codice farmaco',
    ],
    [
      'it.patente',
      'drive',
      'Italian driving licence',
      '@{2}_#{7}_@|U1[0-9A-Z]{7}@',
      undefined,
      'patente,driving licence,driver license,guida',
      { supported: 75 },
    ],
    [
      'it.carta',
      'card',
      'Italian identity card',
      '@{2}_#{7}|@{2}_#{5}_@{2}|#{7}_@{2}',
      undefined,
      "carta d'identità,carta identità,carta di identità,identity card,documento",
      { supported: 65 },
    ],
    [
      'it.tessera',
      'health',
      'Italian health card',
      '80380#{15}',
      luhn,
      'tessera sanitaria,health card,team',
      { alone: 65 },
    ],
    [
      'sm.coe',
      'org',
      'San Marino economic operator code',
      '#{1,5}',
      (v) => Number(v) > 0,
      'codice operatore economico,c.o.e.,san marino',
      { prefix: 'SM', supported: 65 },
    ],
  ],
);

/** A fiscal code is found in documents by its shape: nothing else looks like it. */
export const fiscalCodes = rowsFrom('D.M. 23/12/1976', [
  [
    'it.fiscalcode',
    'tax',
    'Italian fiscal code of a person',
    '@{6}[0-9L-NP-V]{2}[ABCDEHLMPRST][0-9L-NP-V]{2}@[0-9L-NP-V]{3}@',
    fiscalCheck,
    'codice fiscale,cod. fiscale,fiscal code,cf,nato,nata',
    { alone: 75 },
  ],
]);
