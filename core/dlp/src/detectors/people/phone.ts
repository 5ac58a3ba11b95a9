/** Telephone numbers in documents, in international and national writing. */
import type { Checked, Detector } from '../../detector.ts';
import { once } from '../once.ts';
import { list } from './letters.ts';
import { mayBeginPhone } from './phone-begins.ts';

/** Country calling codes that ITU-T E.164 assigns; of those with three digits the first two decide. */
const countryCode =
  /^(?:1|7|2[07]|2[1-69]\d|3[0-469]|3[578]\d|4[013-9]|42[013]|5[1-8]|5[09]\d|6[0-6]|6[789]\d|8[1246]|8[0578]\d|9[0-58]|9[679]\d)/;

/** What a number with a country code may begin with, in three digits; made when the first one is seen. */
const countryCodes = once(
  () =>
    new Set(
      Array.from({ length: 1_000 }, (_, head) => head).filter((head) =>
        countryCode.test(`${head}`.padStart(3, '0')),
      ),
    ),
);

const separator = '[ .\\x2f\\xa0-]';
const label =
  '(?<=(?:[Pp]hone|PHONE|[Tt]el|TEL|[Tt]elefon|[Tt]elephone|[Tt]\\xc3\\xa9l|[Tt]el\\xc3\\xa9fono|[Tt]elefono|[Tt]elefone|[Mm]obile?|[Mm]obil|MOBILE|[Cc]ell|CELL|[Cc]elular|[Hh]andy|[Ff]ax|FAX|[Gg]sm|GSM|[Ww]hats[Aa]pp|[Hh]otline|[Cc]all|[Pp]uhelin|[Mm]\\xc3\\xb3vil|[Pp]ortable|[Cc]ellulare|[Dd]urchwahl|number is|[Tt]elefoon)(?: ?(?:no|nr|num|number|nummer|n\\xc2\\xb0)\\.?)?(?: (?:me|us|him|her|at|on|is|was|to))?[.:]?[=\\s]{0,4})';
const extension = '(?: ?(?:x|ext\\.?|extension|Ext\\.?|Durchwahl|poste|#) ?\\d{1,6})?';

const forms = [
  // +49 (0)30 123456, 0049 30 123456
  `(?<international>(?:\\+|(?<![\\d.])00(?=[1-9]\\d{7}|[1-9]\\d{0,2}${separator}))(?:\\(\\d{1,3}\\)|\\d{1,3})${separator}?(?:\\(\\d{1,5}\\)${separator}?)?\\d{1,5}(?:${separator}{0,2}\\(?\\d{1,6}\\)?){1,6}(?<=\\d\\d\\)?))`,
  // (212) 555-0132, 212-555-0132, 1.212.555.0132
  `(?<american>(?:1${separator})?(?:\\([2-9]\\d\\d\\) ?[2-9]\\d\\d[ .-]\\d{4}|[2-9]\\d\\d(?<part>[ .-])[2-9]\\d\\d\\k<part>\\d{4}))`,
  // (030) 123 456, 0 (917) 123 4567
  `(?<area>(?:0 ?)?\\(0?\\d{1,4}\\) ?\\d{2,5}(?:${separator}\\d{2,5}){0,4})`,
  // 030/123456, 0477 11 28 98, 09 123 4567
  `(?<trunk>0\\d{0,4}${separator}{1,3}\\d{2,8}(?:[ .-]\\d{2,6}){0,4})`,
  // behind a label: 5321234567, 33 93 31
  `(?<labelled>(?=\\d{2,13}(?:[ -]\\d|(?!\\d)))${label}\\d{2,13}(?:[ -]\\d{2,4}){0,4})`,
  // near a word for it: 73 448 266, 60-56-85-91
  `(?<grouped>\\d{1,4}(?:[ -]\\d{2,6}){1,5})`,
];

const notNumbers = new RegExp(
  `^(?:(?:19|20)\\d\\d[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:0?[1-9]|[12]\\d|3[01])|(?:0?[1-9]|[12]\\d|3[01])[-./ ](?:0?[1-9]|[12]\\d|3[01])[-./ ](?:19|20)\\d\\d|\\d{4}[ -]\\d{4}[ -]\\d{4}[ -]\\d{4}|\\d{3}-\\d{2}-\\d{4}$|(?:19|20)\\d\\d[ -](?:19|20)\\d\\d|\\d{4,5}-\\d{4}$)`,
);

type Digits = {
  readonly count: number;
  /** The first 15 digits, as a number. */
  readonly number: number;
  /** Begins with 000, or all are the same. */
  readonly isPadding: boolean;
};

/** Of a number as it is written, without its extension, which begins with a letter or `#`. */
function digitsOf(value: string): Digits {
  let [count, number, first] = [0, 0, 0];
  let isRepeated = true;
  let beginsWithZeros = false;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code === 0x23 || ((code | 32) >= 0x61 && (code | 32) <= 0x7a)) break;
    if (code < 48 || code > 57) continue;
    if (count === 0) first = code;
    else if (code !== first) isRepeated = false;
    if (count < 15) number = number * 10 + code - 48;
    count += 1;
    if (count === 3 && number === 0) beginsWithZeros = true;
  }
  return { count, number, isPadding: isRepeated || beginsWithZeros };
}

const calls = 'begins with a country calling code';
const internationalSure = { alone: 75, supported: 75, why: calls } as const;
const internationalParted = { alone: 65, supported: 75, why: calls } as const;
const international = { alone: 0, supported: 75, why: calls } as const;
const plan = 'has the groups of the North American plan';
const american = { alone: 65, supported: 75, why: plan } as const;
const americanBlank = { alone: 0, supported: 75, why: plan } as const;
const area = { alone: 0, supported: 75, why: 'has an area code in parentheses' } as const;
const trunkPrefix = 'begins with the trunk prefix 0';
const trunkGrouped = { alone: 65, supported: 75, why: trunkPrefix } as const;
const trunk = { alone: 0, supported: 75, why: trunkPrefix } as const;
const grouped = { alone: 0, supported: 65 } as const;
const behind = 'stands behind a word for telephone';
const labelledGrouped = { alone: 75, supported: 75, why: behind } as const;
const labelled = { alone: 0, supported: 75, why: behind } as const;

export const phone: Detector = {
  id: 'phone',
  class: 'pii.phone',
  name: 'Telephone number',
  token: 'PHONE',
  find: { on: 'digits', min: 7, max: 15, before: 14, after: 14, isParted: true },
  pattern: new RegExp(
    `(?=[+(\\d])(?<![A-Za-z0-9_.:/+=~\\x80-\\xff-]|\\d,)(?=[+(\\d][\\d() ./-]{5})(?<![A-Z]{0,4}\\d[A-Z0-9]{0,4} )(?:${forms.join('|')})${extension}(?![\\w@]|[.,:/-]\\d|-(?!office|fax|mob|home|work|cell)[a-z]|%| ?[A-Z]?[$\\xe2])`,
  ),
  mayBegin: mayBeginPhone,
  check: (value, { groups = {} }): Checked => {
    const { count, number, isPadding } = digitsOf(value);
    if (count < 6 || count > 15 || isPadding || notNumbers.test(value)) return false;
    if (groups['international'] !== undefined) {
      const isSure = value.startsWith('+');
      const length = isSure ? count : count - 2;
      if (length < 8 || !countryCodes().has(Math.floor((number % 10 ** length) / 10 ** (length - 3))))
        return false;
      return isSure ? internationalSure : /\D/.test(value) ? internationalParted : international;
    }
    if (groups['american'] !== undefined) {
      const [area, exchange] = [Math.floor(number / 1e7) % 1_000, Math.floor(number / 1e4) % 1_000];
      // The second digit of an area code is not 9; N11 are services.
      if (Math.floor(area / 10) % 10 === 9 || area % 100 === 11) return false;
      if (exchange >= 200 && exchange % 100 === 11) return false;
      return groups['part'] === ' ' ? americanBlank : american;
    }
    if (groups['area'] !== undefined) return count >= 7 && area;
    if (groups['trunk'] !== undefined) {
      if (count < 8 || count > 12) return false;
      const isGrouped = count >= 9 && /^0\d{0,4}[ /-]{1,3}\d{2,4}(?:[ -]\d{2,4}){1,4}$/.test(value);
      return isGrouped ? trunkGrouped : trunk;
    }
    if (groups['grouped'] !== undefined) return count >= 7 && count <= 13 && grouped;
    return /\d[ -]\d/.test(value) ? labelledGrouped : labelled;
  },
  confidence: { alone: 0, supported: 65 },
  context: list(`
phone|mobile|fax|telephone|tel.|tel:| tel |cell |call me|call us|you can call|can reach|whatsapp|telefon|téléphone|teléfono|telefono|móvil|celular|cellulare|handy|rückruf|hotline|gsm|puhelin|telefoon|telefone
|-office|number is|durchwahl|my number|us number|contact number|numéro
`),
  against: list('order|invoice|tracking|version|serial|isbn|issn|part no|sku|size|bytes|timestamp'),
  source:
    'ITU-T E.164, E.123; North American Numbering Plan; national writing of numbers with the trunk prefix 0',
};
