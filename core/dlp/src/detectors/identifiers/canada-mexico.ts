import { digit, isDay, luhn, weigh } from './checksums.ts';
import { rowsFrom } from './spec.ts';

const isSin = (value: string): boolean => !/^[08]/.test(value) && luhn(value);
const isBhn = (value: string): boolean =>
  (11 - (weigh(value.slice(1, 9), [2, 4, 8, 5, 10, 9, 7, 3]) % 11)) % 11 === digit(value, 9);
/** QST: nine digits with a mod 11 digit. */
const isQst = (value: string): boolean => {
  const check = 11 - (weigh(value.slice(0, 9), [4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
  return (check > 9 ? check - 10 : check) === digit(value, 9);
};
const isOhip = (value: string): boolean => luhn(value.slice(0, 10)) && value[0] !== '0';

const states =
  /^(?:AS|BC|BS|CC|CL|CM|CS|CH|DF|DG|GT|GR|HG|JC|MC|MN|MS|NT|NL|OC|PL|QT|QR|SP|SL|SR|TC|TS|TL|VZ|YN|ZS|NE)/;
const curpAlphabet = '0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ';
function isCurp(value: string): boolean {
  const century = /\d/.test(value[16] ?? '') ? 1900 : 2000;
  if (!isDay(century + Number(value.slice(4, 6)), Number(value.slice(6, 8)), Number(value.slice(8, 10))))
    return false;
  if (!/[HMX]/.test(value[10] ?? '') || !states.test(value.slice(11, 13))) return false;
  let sum = 0;
  // The alphabet has an Ñ between N and O.
  for (let at = 0; at < 17; at += 1) sum += curpAlphabet.indexOf(value[at] ?? '') * (18 - at);
  return (10 - (sum % 10)) % 10 === digit(value, 17);
}
/** The check digit is not looked at: the tax service has given out numbers without it. */
function isRfc(value: string): boolean {
  const [, letters = '', date = '', homoclave = ''] =
    /^([A-ZÑ&]{3,4})(\d{6})([0-9A-Z]{3})?$/.exec(value) ?? [];
  const [year, month, day] = [Number(date.slice(0, 2)), Number(date.slice(2, 4)), Number(date.slice(4))];
  if (letters === '' || !(isDay(1900 + year, month, day) || isDay(2000 + year, month, day))) return false;
  return homoclave !== '' || letters.length === 4;
}
const isClabe = (value: string): boolean =>
  (10 -
    (value
      .slice(0, 17)
      .split('')
      .reduce((sum, each, at) => sum + ((Number(each) * ([3, 7, 1][at % 3] ?? 0)) % 10), 0) %
      10)) %
    10 ===
  digit(value, 17);
const isNss = (value: string): boolean => luhn(value) && value[0] !== '0';

const driving =
  "driver license,driver's license,drivers license,driving licence,dl number,dl#,dln,license number,licence number,driver licence,permit,permis de conduire";

export const canadaAndMexico = rowsFrom(
  'CRA and provinces (Canada); RENAPO, SAT, IMSS and Banxico (Mexico)',
  [
    [
      'ca.sin',
      'soc',
      'Canadian social insurance number (SIN)',
      '#{3}_#{3}_#{3}',
      isSin,
      'sin,social insurance,nas,assurance sociale,canada',
      { parted: 65 },
    ],
    [
      'ca.bn',
      'org',
      'Canadian business number',
      '#{9}|#{9}_(?:RC!RM!RP!RT)_#{4}',
      (v) => luhn(v.slice(0, 9)),
      'bn,business number,numéro d’entreprise,cra',
    ],
    [
      'ca.gst',
      'vat',
      'Canadian GST/HST number',
      '#{9}_RT_#{4}',
      (v) => luhn(v.slice(0, 9)),
      'gst,hst,tps,tvh',
      { alone: 65 },
    ],
    [
      'ca.pst',
      'vat',
      'British Columbian sales tax number',
      'PST_#{4}_#{4}',
      undefined,
      'pst,provincial sales',
      { alone: 65 },
    ],
    [
      'ca.qst',
      'vat',
      'Quebec sales tax number',
      '#{10}|#{10}_TQ_#{4}|NR#{8}',
      (v) => v.startsWith('NR') || isQst(v),
      'qst,tvq,taxe de vente',
    ],
    [
      'ca.bc_bhn',
      'health',
      'British Columbian health number',
      '9_#{3}_#{3}_#{3}',
      isBhn,
      'phn,personal health,bc services,health number,msp',
    ],
    [
      'ca.ohip',
      'health',
      'Ontario health card',
      '#{4}_#{3}_#{3}_[A-Z]{0,2}',
      isOhip,
      'ohip,health card,ontario health',
    ],
    [
      'ca.passport',
      'pass',
      'Canadian passport',
      '@{2}_#{6}|@#{6}@{2}',
      undefined,
      'passport,passeport',
      { supported: 75 },
    ],
    [
      'ca.driving',
      'drive',
      'Canadian driving licence',
      '@_#{4}_#{5}_#{5}|@#{4}_#{6}_#{2}|@_#{12}',
      undefined,
      driving,
      { supported: 75 },
    ],
    [
      'mx.curp',
      'id',
      'Mexican population key (CURP)',
      '@[AEIOUX]@{2}_#{6}_[HMX]@{5}_[0-9A-Z]#',
      isCurp,
      'curp,clave única,registro de población',
      { alone: 75 },
    ],
    [
      'mx.rfc',
      'tax',
      'Mexican taxpayer number (RFC)',
      '[A-ZÑ&]{3,4}_#{6}_[0-9A-Z]{3}|[A-ZÑ&]{4}_#{6}',
      isRfc,
      'rfc,registro federal,contribuyentes',
    ],
    [
      'mx.nss',
      'soc',
      'Mexican social security number',
      '#{11}',
      isNss,
      'nss,imss,seguro social,seguridad social',
    ],
    [
      'mx.clabe',
      'bank',
      'Mexican bank account (CLABE)',
      '#{3}_#{3}_#{11}_#|#{18}',
      isClabe,
      'clabe,cuenta,interbancaria,banco,bank',
    ],
    [
      'mx.ine',
      'voter',
      'Mexican voter key',
      '[B-DF-HJ-NP-TV-Z]{6}#{8}[HM]#{3}',
      undefined,
      'clave de elector,ine,ife,credencial',
      { alone: 65 },
    ],
  ],
);
