import { digit, isDay, luhn, weigh } from './checksums.ts';
import { rowsFrom } from './spec.ts';

const two = (text: string, at: number): number => Number(text.slice(at, at + 2));
const last = (value: string): number => digit(value, value.length - 1);
const uenLetters = 'XMKECAWLJDB';
const entityKinds = new Set(
  'CC CD CH CL CM CP CS CX DP FB FC FM FN GA GB GS HS LL LP MB MC MD MH MM MQ NB NR PA PB PF RF RP SM SS TC TU VH XL'.split(
    ' ',
  ),
);
/** ACRA: businesses (8 digits), local companies (year), others (T08, kind). */
function isUen(value: string): boolean {
  if (value.length === 9)
    return uenLetters[weigh(value.slice(0, 8), [10, 4, 9, 3, 8, 2, 7, 1]) % 11] === value[8];
  if (/^\d/.test(value))
    return (
      Number(value.slice(0, 4)) > 1799 &&
      Number(value.slice(0, 4)) < 2031 &&
      'ZKCMDNERGWH'[weigh(value.slice(0, 9), [10, 8, 6, 4, 9, 7, 5, 3, 1]) % 11] === value[9]
    );
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWX0123456789';
  let sum = -5;
  for (let at = 0; at < 9; at += 1)
    sum += alphabet.indexOf(value[at] ?? '') * ([4, 3, 5, 3, 10, 2, 2, 5, 7][at] ?? 0);
  return entityKinds.has(value.slice(3, 5)) && alphabet[((sum % 11) + 11) % 11] === value[9];
}
function isNric(value: string): boolean {
  const kind = value[0] ?? '';
  const sum =
    weigh(value.slice(1, 8), [2, 7, 6, 5, 4, 3, 2]) + (/[TG]/.test(kind) ? 4 : kind === 'M' ? 3 : 0);
  const letters = kind === 'M' ? 'XWUTRQPNJLK' : /[ST]/.test(kind) ? 'JZIHGFEDCBA' : 'XWUTRQPNMLK';
  return letters[sum % 11] === value[8];
}
const malaysianPlaces = /^(?:0[1-9]|[1-4]\d|5[0-9]|6[0-8]|7[124-9]|8[2-9]|9[0-389])$/;
const isMalaysian = (value: string): boolean =>
  [1900, 2000].some((century) => isDay(century + two(value, 0), two(value, 2), two(value, 4))) &&
  malaysianPlaces.test(value.slice(6, 8));
const isThai = (value: string): boolean =>
  (11 - (weigh(value.slice(0, 12), [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === last(value);
const isNpwp = (value: string): boolean =>
  (value.length === 16
    ? value[0] === '0'
      ? luhn(value.slice(1, 10))
      : isNik(value)
    : luhn(value.slice(0, 9))) && Number(value) > 0;
/** Place of registration, DDMMYY (women 40 more), serial. */
const isNik = (value: string): boolean => {
  const day = two(value, 6) % 40;
  return (
    two(value, 0) > 10 &&
    two(value, 0) < 98 &&
    [1900, 2000].some((century) => isDay(century + two(value, 10), two(value, 8), day)) &&
    Number(value.slice(12)) > 0
  );
};
const isVietnamese = (value: string): boolean =>
  10 - (weigh(value.slice(0, 9), [31, 29, 23, 19, 17, 13, 7, 5, 3]) % 11) === digit(value, 9) &&
  Number(value.slice(2, 9)) > 0 &&
  (value.length === 10 || Number(value.slice(10)) > 0);
const isPhilippine = (value: string): boolean =>
  weigh(value.slice(0, 8), [9, 8, 7, 6, 5, 4, 3, 2]) % 11 === digit(value, 8);

export const southeastAsia = rowsFrom(
  'ACRA and ICA (Singapore), JPN (Malaysia), DOPA and RD (Thailand), DJP and Dukcapil (Indonesia), GDT (Vietnam), BIR (Philippines)',
  [
    [
      'sg.uen',
      'org',
      'Singaporean entity number (UEN)',
      '#{8}@|#{9}@|[RST]#{2}@{2}#{4}@',
      isUen,
      'uen,entity,company,gst',
      { alone: 65 },
    ],
    [
      'sg.nric',
      'id',
      'Singaporean identity number (NRIC, FIN)',
      '[STFGM]#{7}@',
      // Names of tests are written in both cases: `T8169345a`.
      (v, written) => isNric(v) && (written === written.toUpperCase() || written === written.toLowerCase()),
      'nric,fin number,fin no,identity card,identification,singapore',
      { alone: 75 },
    ],
    [
      'my.nric',
      'id',
      'Malaysian identity number (MyKad)',
      '#{6}_#{2}_#{4}',
      isMalaysian,
      'nric,mykad,kad pengenalan,ic no,ic number',
      { parted: 65 },
    ],
    [
      'th.idnr',
      'id',
      'Thai identity number',
      '[1-8]_#{4}_#{5}_#{2}_#',
      isThai,
      'เลขประจำตัวประชาชน,บัตรประชาชน,tnin,thai,national id',
      { parted: 65 },
    ],
    [
      'th.moa',
      'org',
      'Thai juristic person number',
      '0_#{4}_#{5}_#{2}_#',
      isThai,
      'เลขทะเบียนนิติบุคคล,juristic,moa',
    ],
    ['th.tin', 'tax', 'Thai tax number', '[0-8]_#{4}_#{5}_#{2}_#', isThai, 'เลขประจำตัวผู้เสียภาษี,tax,tin'],
    [
      'id.npwp',
      'tax',
      'Indonesian tax number (NPWP)',
      '#{2}_#{3}_#{3}_#_#{3}_#{3}|#{16}',
      isNpwp,
      'npwp,pajak',
      { parted: 65 },
    ],
    [
      'id.nik',
      'id',
      'Indonesian identity number (NIK)',
      '#{6}_#{6}_#{4}',
      isNik,
      'nik,ktp,kependudukan',
      { supported: 75 },
    ],
    [
      'vn.mst',
      'tax',
      'Vietnamese tax number (MST)',
      '#{10}|#{10}_#{3}',
      isVietnamese,
      'mst,mã số thuế,ma so thue',
    ],
    [
      'vn.cccd',
      'id',
      'Vietnamese citizen number',
      '0#{11}',
      undefined,
      'cccd,căn cước,cmnd',
      { supported: 65 },
    ],
    [
      'ph.tin',
      'tax',
      'Philippine tax number (TIN)',
      '#{3}_#{3}_#{3}|#{3}_#{3}_#{3}_#{3,5}',
      isPhilippine,
      'tin,tax identification,bir',
      { parted: 65 },
    ],
    [
      'ph.sss',
      'soc',
      'Philippine social security number',
      '#{2}_#{7}_#',
      undefined,
      'sss,social security',
      { supported: 75 },
    ],
    [
      'ph.umid',
      'card',
      'Philippine common reference number',
      '#{4}_#{7}_#',
      undefined,
      'umid,crn,common reference',
      { supported: 75 },
    ],
  ],
);
