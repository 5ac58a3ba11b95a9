/** Telephone numbers in documents, in international and national writing. */
import type { Checked, Detector } from '../../detector.ts';
import { list } from './letters.ts';

/** Country calling codes that ITU-T E.164 assigns; of those with three digits the first two decide. */
const countryCode =
  /^(?:1|7|2[07]|2[1-69]\d|3[0-469]|3[578]\d|4[013-9]|42[013]|5[1-8]|5[09]\d|6[0-6]|6[789]\d|8[1246]|8[0578]\d|9[0-58]|9[679]\d)/;

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

export const phone: Detector = {
  id: 'phone',
  class: 'pii.phone',
  name: 'Telephone number',
  token: 'PHONE',
  find: { on: 'digits', min: 7, max: 15, before: 14, after: 14, isParted: true },
  pattern: new RegExp(
    `(?=[+(\\d])(?<![A-Za-z0-9_.:/+=~\\x80-\\xff-]|\\d,)(?=[+(\\d][\\d() ./-]{5})(?<![A-Z]{0,4}\\d[A-Z0-9]{0,4} )(?:${forms.join('|')})${extension}(?![\\w@]|[.,:/-]\\d|-(?!office|fax|mob|home|work|cell)[a-z]|%| ?[A-Z]?[$\\xe2])`,
  ),
  check: (value, { groups = {} }): Checked => {
    const digits = value.replace(/(?:x|ext|#|[Dd]urch|poste).*/i, '').replace(/\D/g, '');
    if (digits.length < 6 || digits.length > 15 || notNumbers.test(value) || /^(?:000|(\d)\1*$)/.test(digits))
      return false;
    if (groups['international'] !== undefined) {
      const e164 = value.startsWith('+') ? digits : digits.slice(2);
      if (e164.length < 8 || !countryCode.test(e164)) return false;
      const isSure = value.startsWith('+');
      return {
        alone: isSure ? 75 : /\D/.test(value) ? 65 : 0,
        supported: 75,
        why: 'begins with a country calling code',
      };
    }
    if (groups['american'] !== undefined) {
      // The second digit of an area code is not 9; N11 are services.
      const national = digits.slice(-10);
      if (national[1] === '9' || /^.11/.test(national) || /^...[2-9]11/.test(national)) return false;
      return {
        alone: groups['part'] === ' ' ? 0 : 65,
        supported: 75,
        why: 'has the groups of the North American plan',
      };
    }
    if (groups['area'] !== undefined)
      return digits.length >= 7 && { alone: 0, supported: 75, why: 'has an area code in parentheses' };
    if (groups['trunk'] !== undefined) {
      if (digits.length < 8 || digits.length > 12) return false;
      const isGrouped = digits.length >= 9 && /^0\d{0,4}[ /-]{1,3}\d{2,4}(?:[ -]\d{2,4}){1,4}$/.test(value);
      return { alone: isGrouped ? 65 : 0, supported: 75, why: 'begins with the trunk prefix 0' };
    }
    if (groups['grouped'] !== undefined)
      return digits.length >= 7 && digits.length <= 13 && { alone: 0, supported: 65 };
    return {
      alone: /\d[ -]\d/.test(value) ? 75 : 0,
      supported: 75,
      why: 'stands behind a word for telephone',
    };
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
