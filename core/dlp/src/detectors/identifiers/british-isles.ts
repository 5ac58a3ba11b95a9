import { digit, isDay, weigh } from './checksums.ts';
import { rowsFrom } from './spec.ts';

/** HMRC, NIM39110: letters that are never used, and prefixes that are never given out. */
function isNino(value: string): boolean {
  return /^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]/.test(value) && !/^(?:BG|GB|KN|NK|NT|TN|ZZ)/.test(value);
}
const isUtr = (value: string): boolean =>
  '21987654321'[weigh(value.slice(1), [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11] === value[0];

function isBritishVat(value: string): boolean {
  if (value.startsWith('GD')) return Number(value.slice(2)) < 500;
  if (value.startsWith('HA')) return Number(value.slice(2)) > 499;
  const rest = weigh(value.slice(0, 9), [8, 7, 6, 5, 4, 3, 2, 10, 1]) % 97;
  return rest === 0 || (Number(value.slice(0, 3)) > 99 && (rest === 42 || rest === 55));
}
const isNhs = (value: string): boolean =>
  weigh(value, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0 && !/^(\d)\1+$/.test(value);

/** Surname, decade, month (5 more for women), day, year, initials. */
function isDrivingLicence(value: string): boolean {
  const [month, day] = [Number(value.slice(6, 8)) % 50, Number(value.slice(8, 10))];
  return /^[A-Z]+9*$/.test(value.slice(0, 5)) && month > 0 && month < 13 && isDay(2000, month, day);
}

const ppsLetters = 'WABCDEFGHIJKLMNOPQRSTUV';
const ppsCheck = (digits: string, second = ''): string | undefined =>
  ppsLetters[
    (weigh(digits, [8, 7, 6, 5, 4, 3, 2]) +
      (second === '' || second === 'W' ? 0 : (second.charCodeAt(0) - 64) * 9)) %
      23
  ];
/** The second letter counts since 2013 (A, B, H, I); W and T were marks that do not. */
function isPps(value: string): boolean {
  const [digits, check, second = ''] = [value.slice(0, 7), value[7], value[8]];
  return ppsCheck(digits, /[TX]/.test(second) ? '' : second) === check;
}
function isIrishVat(value: string): boolean {
  if (/^\d{7}/.test(value)) return isPps(value);
  return ppsCheck(`0${value.slice(2, 7)}${value[0]}`) === value[7];
}

const sortCodeWords = 'sort code,sortcode,sort-code,account number,acc no,bank';

export const britishIsles = rowsFrom(
  'HMRC (NIM39110, UTR and VAT notes), NHS Data Dictionary, DVLA, HM Passport Office; Revenue Commissioners and Department of Social Protection (Ireland)',
  [
    [
      'gb.nino',
      'soc',
      'UK national insurance number',
      '@{2}_#{2}_#{2}_#{2}_[A-D]?',
      isNino,
      'national insurance,nino,ni number,ni no,n.i. number,insurance number',
      { alone: 65, supported: 85, document: '@{2}_#{2}_#{2}_#{2}_[A-D]' },
    ],
    [
      'gb.utr',
      'tax',
      'UK unique taxpayer reference',
      '#{5}_#{5}|#{3}_#{3}_#{4}',
      isUtr,
      'utr,unique taxpayer,tax reference,self assessment,hmrc',
    ],
    [
      'gb.vat',
      'vat',
      'UK VAT number',
      '#{3}_#{4}_#{2}|#{3}_#{4}_#{2}_#{3}|#{3}_#{3}_#{3}|(?:GD!HA)#{3}',
      isBritishVat,
      'vat,value added tax',
      { prefix: 'GB|XI' },
    ],
    [
      'gb.nhs',
      'patient',
      'NHS number',
      '#{3}_#{3}_#{4}',
      isNhs,
      'nhs,nhs number,nhs no,patient,hospital,health service',
    ],
    [
      'gb.driving',
      'drive',
      'UK driving licence number',
      '[A-Z9]{5}_#{6}_[A-Z9]{2}_#?@{2}|[A-Z9]{5}_#{6}_[A-Z9]{2}_[0-9A-Z]{3}',
      isDrivingLicence,
      'driving licence,driver number,driving license,dvla,licence',
      { alone: 75 },
    ],
    [
      'gb.passport',
      'pass',
      'UK passport number',
      '#{9}|@{2}#{7}',
      undefined,
      'passport,passport number,travel document',
    ],
    [
      'gb.company',
      'org',
      'UK company number',
      '#{8}|(?:SC!NI!OC!SO!NC!R0!IP)#{6}',
      (v) => Number(v.slice(2)) > 0,
      'company number,company no,companies house,registered in england,registered number',
      { supported: 65 },
    ],
    [
      'gb.sortcode',
      'code',
      'UK sort code',
      '#{2}_#{2}_#{2}',
      undefined,
      'sort code,sortcode,sort-code',
      { supported: 75 },
    ],
    [
      'gb.account',
      'bank',
      'UK bank account',
      '#{2}_#{2}_#{2}_#{8}',
      undefined,
      sortCodeWords,
      { supported: 75 },
    ],
    [
      'gb.crn',
      'soc',
      'UK child reference or benefit number',
      '@{2}#{6}@',
      undefined,
      'child reference,benefit reference',
      { supported: 65 },
    ],
    [
      'ie.pps',
      'soc',
      'Irish personal public service number (PPS)',
      '#{7}_@[ABHWTX]?',
      isPps,
      'pps,ppsn,pps number,personal public service,revenue',
      { alone: 65 },
    ],
    [
      'ie.vat',
      'vat',
      'Irish VAT number',
      '#[0-9A-Z+*]#{5}[A-W]|#{7}[A-W][A-I]',
      isIrishVat,
      'vat,revenue',
      { prefix: 'IE' },
    ],
    [
      'ie.passport',
      'pass',
      'Irish passport number',
      '[A-Z]{1,2}#{7}',
      undefined,
      'passport,passport number,pas',
      { supported: 65 },
    ],
    [
      'je.soc',
      'soc',
      'Jersey social security number',
      'J[YJ]_#{2}_#{2}_#{2}_[A-D]',
      undefined,
      'social security,jersey',
      { supported: 75 },
    ],
    [
      'gg.soc',
      'soc',
      'Guernsey social security number',
      'GY_#{2}_#{2}_#{2}_[A-D]',
      undefined,
      'social security,guernsey',
      { supported: 75 },
    ],
    [
      'gb.imo',
      'vehicle',
      'IMO ship number',
      'IMO_#{7}',
      (v) => weigh(v.slice(3, 9), [7, 6, 5, 4, 3, 2]) % 10 === digit(v, 9),
      'imo,ship,vessel',
      { alone: 65 },
    ],
    [
      'mt.id',
      'id',
      'Maltese identity card',
      '#{1,7}_[MGAPLHBZ]|(?:11!22!33!44!55!66!77!88)#{7}',
      undefined,
      'identity card,karta tal-identità,id card,malta',
      { supported: 75 },
    ],
    [
      'gi.tin',
      'tax',
      'Gibraltar tax number',
      '#{4,6}',
      undefined,
      'tax reference,gibraltar',
      { supported: 65 },
    ],
    [
      'im.tin',
      'tax',
      'Isle of Man tax number',
      '[CHX]#{6}_#{2}',
      undefined,
      'tax reference,isle of man',
      { supported: 65 },
    ],
  ],
);
