import { digit, isDay, weigh } from './checksums.ts';
import { rowsFrom } from './spec.ts';

const two = (text: string, at: number): number => Number(text.slice(at, at + 2));
const last = (value: string): number => digit(value, value.length - 1);

const isAnum = (value: string): boolean =>
  weigh(value.slice(0, 8), [9, 7, 3, 1, 9, 7, 3, 1]) % 10 === 0 &&
  (value.length === 8 || (/[1-5]/.test(value[8] ?? '') && Number(value.slice(9)) > 1));
/** 8, days since 1 January 1867, serial, check digit. */
const isAdoazonosito = (value: string): boolean =>
  weigh(value.slice(0, 9), [1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 === last(value);
const isTaj = (value: string): boolean =>
  weigh(value.slice(0, 8), [3, 7]) % 10 === last(value) && Number(value) > 0;
function isHungarianPersonal(value: string): boolean {
  const newer = value[0] === '3' || value[0] === '4';
  if (!isDay((newer ? 2000 : 1900) + two(value, 1), two(value, 3), two(value, 5))) return false;
  const rising = weigh(value.slice(0, 10), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) % 11;
  const falling = weigh(value.slice(0, 10), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11;
  return rising === last(value) || falling === last(value);
}

const counties = /^(?:0[1-9]|[1-3]\d|4[0-8]|5[12]|70|80|8[1-3])$/;
function isCnp(value: string): boolean {
  const century = [0, 1900, 1900, 1800, 1800, 2000, 2000, 1900, 1900, 1900][digit(value, 0)] ?? 0;
  if (
    century === 0 ||
    !isDay(century + two(value, 1), two(value, 3), two(value, 5)) ||
    !counties.test(value.slice(7, 9))
  )
    return false;
  const check = weigh(value.slice(0, 12), [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return (check === 10 ? 1 : check) === last(value);
}
const isCui = (value: string): boolean =>
  value[0] !== '0' &&
  ((weigh(value.slice(0, -1).padStart(9, '0'), [7, 5, 3, 2, 1, 7, 5, 3, 2]) * 10) % 11) % 10 === last(value);
function isOnrc(_compact: string, value: string): boolean {
  const county = Number(
    /^[JFC](\d{1,2})\/\d{1,6}\/(?:\d\d\.\d\d\.)?(?:19|20)\d\d$/i.exec(value.trim())?.[1] ?? 0,
  );
  return county > 0 && (county < 41 || county > 50) && county < 53;
}

/** Months +20 for 1800, +40 for 2000. */
function isEgn(value: string): boolean {
  const month = two(value, 2);
  const [year, real] = month > 40 ? [2000, month - 40] : month > 20 ? [1800, month - 20] : [1900, month];
  return (
    isDay(year + two(value, 0), real, two(value, 4)) &&
    (weigh(value.slice(0, 9), [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === last(value)
  );
}
const isPnf = (value: string): boolean =>
  weigh(value.slice(0, 9), [21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10 === last(value);
function isBulgarianVat(value: string): boolean {
  if (value.length === 9) {
    const first = weigh(value.slice(0, 8), [1, 2, 3, 4, 5, 6, 7, 8]) % 11;
    return (
      (first < 10 ? first : (weigh(value.slice(0, 8), [3, 4, 5, 6, 7, 8, 9, 10]) % 11) % 10) === last(value)
    );
  }
  return (
    isEgn(value) ||
    isPnf(value) ||
    (11 - (weigh(value.slice(0, 9), [4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === last(value)
  );
}

export const danube = rowsFrom(
  '2015. évi XC. törvény and NAV (Hungary), Legea 105/1996 and ONRC (Romania), GRAO and NRA (Bulgaria)',
  [
    [
      'hu.anum',
      'vat',
      'Hungarian tax number',
      '#{8}|#{8}_#_#{2}',
      isAnum,
      'adószám,adoszam,áfa,vat,adóazonosító',
      { prefix: 'HU' },
    ],
    [
      'hu.adoazonosito',
      'tax',
      'Hungarian personal tax number',
      '8#{9}',
      isAdoazonosito,
      'adóazonosító jel,adóazonosító,tax id',
    ],
    [
      'hu.taj',
      'soc',
      'Hungarian social security number (TAJ)',
      '#{3}_#{3}_#{3}',
      isTaj,
      'taj,taj szám,taj-szám,társadalombiztosítási',
    ],
    [
      'hu.szemelyi',
      'id',
      'Hungarian personal number',
      '[1-8]_#{6}_#{4}',
      isHungarianPersonal,
      'személyi szám,szemelyi szam,személyi azonosító',
    ],
    [
      'hu.szig',
      'card',
      'Hungarian identity card',
      '#{6}@{2}|@{2}_#{6}',
      undefined,
      'személyi igazolvány,személyi ig,okmány',
      { supported: 75 },
    ],
    [
      'ro.cnp',
      'id',
      'Romanian personal number (CNP)',
      '#{13}',
      isCnp,
      'cnp,cod numeric personal,numeric personal',
    ],
    [
      'ro.cui',
      'vat',
      'Romanian company number (CUI)',
      '#{2,10}',
      isCui,
      'cui,cif,cod unic,cod fiscal,tva,vat',
      { prefix: 'RO' },
    ],
    [
      'ro.cif',
      'tax',
      'Romanian tax number (CIF)',
      '#{2,10}|#{13}',
      (v) => (v.length === 13 ? isCnp(v) : isCui(v)),
      'cif,cui,cod fiscal,tva,vat',
      { prefix: 'RO' },
    ],
    [
      'ro.onrc',
      'org',
      'Romanian trade register number',
      '[JFC]#{1,2}_#{1,6}_#{4}|[JFC]#{1,2}_#{1,6}_#{2}_#{2}_#{4}',
      isOnrc,
      'onrc,registrul comerțului,registrul comertului,nr. reg. com,reg. com',
      { alone: 65 },
    ],
    ['bg.egn', 'id', 'Bulgarian personal number (EGN)', '#{10}', isEgn, 'егн,egn,единен граждански номер'],
    ['bg.pnf', 'id', 'Bulgarian number of a foreigner', '#{10}', isPnf, 'лнч,lnch,личен номер на чужденец'],
    [
      'bg.vat',
      'vat',
      'Bulgarian VAT number',
      '#{3}_#{3}_#{3}|#{9,10}',
      isBulgarianVat,
      'ддс,еик,булстат,vat,eik,bulstat',
      { prefix: 'BG' },
    ],
    [
      'ro.ci',
      'card',
      'Romanian identity card',
      '@{2}_#{6}',
      undefined,
      'carte de identitate,seria,buletin',
      { supported: 65 },
    ],
  ],
);
