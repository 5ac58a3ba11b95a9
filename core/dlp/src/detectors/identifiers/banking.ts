import type { Detector } from '../../detector.ts';
import { base36, digit, luhn, mod97, weigh } from './checksums.ts';
import { rowsFrom } from './spec.ts';

export const countryCodes = new Set(
  `AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW`.split(
    /\s/,
  ),
);

/** Letters become two digits, then Luhn. */
const expanded = (value: string): string =>
  value
    .split('')
    .map((each) => String(base36(each)))
    .join('');
const isinPrefixes = new Set(['XS', 'XA', 'XB', 'XC', 'XD', 'XF', 'XK', 'EU', 'QS', 'QT', 'XX']);
export const isIsin = (value: string): boolean =>
  (countryCodes.has(value.slice(0, 2)) || isinPrefixes.has(value.slice(0, 2))) && luhn(expanded(value));
function isCusip(value: string): boolean {
  let sum = 0;
  for (let at = 0; at < 8; at += 1) {
    const product = base36(value[at]) * (at % 2 === 1 ? 2 : 1);
    sum += Math.floor(product / 10) + (product % 10);
  }
  return (10 - (sum % 10)) % 10 === digit(value, 8) && /\d{3}/.test(value);
}
const isSedol = (value: string): boolean =>
  weigh(value, [1, 3, 1, 7, 3, 9, 1]) % 10 === 0 && !/^\D+$/.test(value);
const isWkn = (value: string): boolean => /\d{2}/.test(value);
const isImei = (value: string): boolean => luhn(value) && Number(value) > 0;
/** Meid: fourteen hexadecimal digits, A0 and up. */
const isMeid = (value: string): boolean => /^[A-F]/.test(value) && /\d/.test(value);
const isCreditor = (value: string): boolean =>
  countryCodes.has(value.slice(0, 2)) && mod97(value.slice(7) + value.slice(0, 4)) === 1;
const mobileCountries = /^(?:2[0-9]{2}|3[0-7][0-9]|4[0-6][0-9]|5[0-5][0-9]|6[0-5][0-9]|7[0-5][0-9]|90[01])/;

export const financeAndDevices = rowsFrom(
  'ISO 6166, ISO 17442, CUSIP and SEDOL master files, ISO 11649, EPC262-08, 3GPP TS 23.003, ITU-T E.118',
  [
    [
      'isin',
      'security',
      'Security number (ISIN)',
      '@{2}_[0-9A-Z]{9}_#',
      // Words are written in both cases: "PlaceHolder 5" would be one of Poland.
      (v, written) => isIsin(v) && (written === written.toUpperCase() || written === written.toLowerCase()),
      'isin,wertpapier,security id,security identifier,securities,bond,shares,valor',
      { alone: 65 },
    ],
    [
      'cusip',
      'security',
      'US security number (CUSIP)',
      '#{3}[0-9A-Z]{3}[0-9A-Z]{2}#',
      isCusip,
      'cusip,security id,security identifier,securities,bond',
    ],
    [
      'sedol',
      'security',
      'UK security number (SEDOL)',
      '[0-9B-DF-HJ-NP-TV-Z]{6}#',
      isSedol,
      'sedol,security id,security identifier',
    ],
    [
      'wkn',
      'security',
      'German security number (WKN)',
      '[0-9A-HJ-NP-Z]{6}',
      isWkn,
      'wkn,wertpapierkennnummer',
      { supported: 75 },
    ],
    [
      'lei',
      'org',
      'Legal entity identifier (LEI)',
      '[0-9A-Z]{4}[0-9A-Z]{14}#{2}',
      (v) => mod97(v) === 1 && /\d/.test(v.slice(4, 18)) && /[A-Z]/.test(v),
      'lei,legal entity',
      { alone: 75 },
    ],
    [
      'sepa.creditor',
      'bank',
      'SEPA creditor identifier',
      '@{2}#{2}_[0-9A-Z]{3}_[0-9A-Z]{8,28}',
      isCreditor,
      'gläubiger,creditor,créancier,incassant,acreedor',
      { supported: 85 },
    ],
    [
      'rf',
      'bank',
      'Structured creditor reference',
      'RF#{2}_[0-9A-Z]{1,21}',
      (v) => mod97(v.slice(4) + v.slice(0, 4)) === 1,
      'reference,referenz,viite,creditor',
    ],
    [
      'imei',
      'device',
      'Mobile device identity (IMEI)',
      '#{2}_#{6}_#{6}_#',
      isImei,
      'imei,device,handset,mobile,phone,gerät',
    ],
    [
      'meid',
      'device',
      'Mobile equipment identifier (MEID)',
      '[A-F][0-9A-F]{13}',
      isMeid,
      'meid',
      { supported: 75 },
    ],
    ['iccid', 'device', 'SIM card number (ICCID)', '89#{16,17}_#', luhn, 'iccid,sim'],
    [
      'imsi',
      'device',
      'Subscriber identity (IMSI)',
      '#{14,15}',
      (v) => mobileCountries.test(v),
      'imsi,subscriber',
      { supported: 75 },
    ],
    ['luhn', 'product', 'Number with a Luhn check digit', '#{1,40}', luhn, 'luhn', { supported: 65 }],
  ],
);

/** Some codes are words (`DEUTSCHE`): upper case only, and never without a word around in a document. */
export const bic: Detector = {
  id: 'bic',
  class: 'financial.bank_code',
  name: 'Bank identifier code (BIC)',
  token: 'BIC',
  find: { on: 'words', words: ['bic', 'swift'], at: { before: 60, after: 120 } },
  pattern: /(?<![A-Za-z0-9])[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Za-z0-9])/,
  check: (value, { input, index }) => {
    if (!countryCodes.has(value.slice(4, 6).toUpperCase())) return false;
    // Words in capitals have the form of one: only a digit or a label right ahead tells them apart.
    const isLabelled = /(?:\bbic|swift)(?:[ -]?code)?\W{1,6}$/i.test(
      input.slice(Math.max(0, index - 24), index),
    );
    return isLabelled || /\d/.test(value) || value.endsWith('XXX') || { alone: 0, supported: 65 };
  },
  alone: /^[A-Za-z]{6}[A-Za-z0-9]{2}(?:[A-Za-z0-9]{3})?$/,
  confidence: { alone: 0, supported: 85 },
  context: ['bic', 'swift', 'bank'],
  source: 'ISO 9362',
};
