import { digit, isDay, luhn, weigh } from './checksums.ts';
import type { Detector } from '../../detector.ts';
import { identifier, rowsFrom } from './spec.ts';

/** Nobody is born later than the numbers given out so far. */
const lastYear = 2030;
const isBirthday = (year: number, month: number, day: number): boolean =>
  year <= lastYear && isDay(year, month, day);
const two = (text: string, at: number): number => Number(text.slice(at, at + 2));

/** Before October 2007 a number had a check digit, but for immigrants whose birthday was put on a 1 January. */
function hasCprCheck(value: string, born: number): boolean {
  if (born >= 2007 || (born >= 1960 && value.startsWith('0101'))) return true;
  return weigh(value, [4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}
function isCpr(value: string, written: string): boolean {
  if (/[^\d -]/.test(written)) return false;
  const year = two(value, 4);
  const seventh = digit(value, 6);
  const century =
    seventh < 4 ? 1900 : seventh === 4 || seventh === 9 ? (year < 37 ? 2000 : 1900) : year < 58 ? 2000 : 1800;
  const born = century + year;
  return isBirthday(born, two(value, 2), two(value, 0)) && born < 2100 && hasCprCheck(value, born);
}
const isCvr = (value: string): boolean =>
  value[0] !== '0' && weigh(value, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;

/** The month is raised by 40 or 80 for synthetic and provisional persons, the day by 40 for D numbers. */
function isFodselsnummer(value: string): boolean {
  const day = two(value, 0) - (two(value, 0) > 40 ? 40 : 0);
  const month = two(value, 2) % 40;
  const year = two(value, 4);
  const serial = Number(value.slice(6, 9));
  const full =
    serial < 500
      ? 1900 + year
      : serial < 750 && year > 53
        ? 1800 + year
        : year < 40
          ? 2000 + year
          : serial > 899
            ? 1900 + year
            : 0;
  return (
    full > 0 &&
    full < 2027 &&
    isDay(full, month, day) &&
    weigh(value.slice(0, 10), [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
    weigh(value, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  );
}
const isNorwegianOrg = (value: string): boolean =>
  weigh(value.slice(0, 9), [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0 && Number(value.slice(0, 9)) > 0;
const isKontonr = (value: string): boolean =>
  value.length === 7 || value.startsWith('0000')
    ? luhn(value.slice(-7))
    : weigh(value, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;

/** Ten digits, or twelve with the century; day raised by 60 for coordination numbers. */
function isPersonnummer(value: string): boolean {
  const short = value.replace('+', '').slice(-10);
  const [month, day] = [two(short, 2), two(short, 4) % 60];
  const centuries = value.length >= 12 ? [two(value, 0) * 100] : [1800, 1900, 2000];
  return (
    centuries.some((century) => century > 1700 && isBirthday(century + two(short, 0), month, day)) &&
    luhn(short)
  );
}
const isSwedishOrg = (value: string): boolean => luhn(value.length === 12 ? value.slice(2) : value);

const hetuLetters = '0123456789ABCDEFHJKLMNPRSTUVWXY';
function isHetu(value: string): boolean {
  const [, day = '', month = '', year = '', sign = '', serial = '', check = ''] =
    /^(\d\d)(\d\d)(\d\d)([+\-A-FU-Y])(\d{3})(.)$/.exec(value) ?? [];
  const century = sign === '+' ? 1800 : /[-U-Y]/.test(sign) ? 1900 : 2000;
  return (
    isDay(century + Number(year), Number(month), Number(day)) &&
    Number(serial) > 1 &&
    hetuLetters[Number(day + month + year + serial) % 31] === check
  );
}
const isYtunnus = (value: string): boolean =>
  weigh(value, [7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 0 && Number(value) > 0;

const isKennitala = (value: string): boolean =>
  isDay(
    (value[9] === '0' ? 2000 : Number(`1${value[9]}00`)) + two(value, 4),
    two(value, 2),
    two(value, 0) % 40,
  ) && weigh(value.slice(0, 9), [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;

/** Estonia and Lithuania: sex and century, YYMMDD, serial; a second row of weights when the first leaves 10. */
export function isBalticPersonal(value: string): boolean {
  const century = 1800 + Math.floor((digit(value, 0) - 1) / 2) * 100;
  if (value[0] === '0' || !isBirthday(century + two(value, 1), two(value, 3), two(value, 5))) return false;
  return balticCheck(value);
}
function balticCheck(value: string): boolean {
  const body = value.slice(0, -1);
  const first = weigh(body, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
  const check = first < 10 ? first : (weigh(body, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11) % 10;
  return check === digit(value, value.length - 1);
}
/** Estonian register: the same with seven digits. */
const isRegistrikood = (value: string): boolean => /^[1789]/.test(value) && balticCheck(value);
/** Lithuanian VAT: nine digits for companies, twelve for temporary ones, with a 1 before the check digit. */
function isLithuanianVat(value: string): boolean {
  if (value.at(-2) !== '1') return false;
  const body = value.slice(0, -1).split('').map(Number);
  const sum = (from: number): number =>
    body.reduce((total, each, at) => total + each * (1 + ((at + from) % 9)), 0) % 11;
  const check = sum(0) === 10 ? sum(2) % 10 : sum(0);
  return check === Number(value.at(-1));
}
function isLatvian(value: string): boolean {
  if (digit(value, 0) > 3) return weigh(value, [9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 === 3;
  // Since 2017 numbers start with 32 and say no birth date.
  if (!value.startsWith('32')) {
    const century = 1800 + digit(value, 6) * 100;
    if (century > 2000 || !isDay(century + two(value, 4), two(value, 2), two(value, 0))) return false;
  }
  return ((1 + weigh(value.slice(0, 10), [10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11) % 10 === digit(value, 10);
}
const isEstonianVat = (value: string): boolean =>
  weigh(value, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0 && Number(value) > 0;

export const nordicAndBaltic = rowsFrom(
  'CPR-kontoret and Erhvervsstyrelsen (Denmark), Skatteetaten and Brønnøysundregistrene (Norway), Skatteverket (Sweden), DVV and PRH (Finland), Þjóðskrá (Iceland), Estonian, Latvian and Lithuanian registers',
  [
    [
      'dk.cpr',
      'id',
      'Danish personal number (CPR)',
      '#{6}_#{4}',
      isCpr,
      'cpr,cpr-nr,cpr-nummer,personnummer,civil registration',
      { parted: 65 },
    ],
    [
      'dk.cvr',
      'org',
      'Danish company number (CVR)',
      '#{2}_#{2}_#{2}_#{2}',
      isCvr,
      'cvr,cvr-nr,se-nr,momsnummer,moms,virksomhed',
      { prefix: 'DK' },
    ],
    [
      'fo.vn',
      'org',
      'Faroese company number',
      '#{6}',
      (v) => Number(v) > 0,
      'v-tal,vinnuskrá,føroyar',
      { prefix: 'FO', supported: 65 },
    ],
    [
      'no.fodselsnummer',
      'id',
      'Norwegian birth number',
      '#{6}_#{5}|#{2}_#{2}_#{2}_#{3}_#{2}',
      isFodselsnummer,
      'fødselsnummer,fodselsnummer,personnummer,fnr,d-nummer,fødselsnr,national identity',
      { parted: 65 },
    ],
    [
      'no.orgnr',
      'org',
      'Norwegian organisation number',
      '#{3}_#{3}_#{3}',
      isNorwegianOrg,
      'orgnr,org.nr,organisasjonsnummer,foretaksregisteret,organization number',
    ],
    [
      'no.mva',
      'vat',
      'Norwegian VAT number',
      '#{3}_#{3}_#{3}_MVA',
      isNorwegianOrg,
      'mva,merverdiavgift,vat',
      { prefix: 'NO', alone: 75 },
    ],
    [
      'no.kontonr',
      'bank',
      'Norwegian bank account',
      '#{4}_#{2}_#{5}|#{4}_#{7}|#{7}',
      isKontonr,
      'konto,kontonr,kontonummer,bankkonto,bank account',
    ],
    [
      'se.personnummer',
      'id',
      'Swedish personal number',
      '#{6}_[+]?#{4}|(?:18!19!20)#{6}_[+]?#{4}',
      isPersonnummer,
      'personnummer,person nr,personnr,pnr,samordningsnummer,födelsenummer,personal identity,swedish id,sverige',
      { parted: 65 },
    ],
    [
      'se.orgnr',
      'org',
      'Swedish organisation number',
      '(?:16)?#[0-9][2-9]#{3}_#{4}|#{10}',
      isSwedishOrg,
      'organisationsnummer,org.nr,orgnr,org nr,bolagsverket,company identity,företag',
      { parted: 65 },
    ],
    [
      'se.vat',
      'vat',
      'Swedish VAT number',
      '#{6}_#{4}_#{2}',
      (v) => v.endsWith('01') && luhn(v.slice(0, 10)),
      'moms,momsreg,vat,momsregistreringsnummer',
      { prefix: 'SE' },
    ],
    [
      'fi.alv',
      'vat',
      'Finnish VAT number',
      '#{8}',
      isYtunnus,
      'alv,arvonlisävero,vat,alv-numero',
      { prefix: 'FI' },
    ],
    [
      'fi.ytunnus',
      'org',
      'Finnish business number (Y-tunnus)',
      '#{7}_#',
      isYtunnus,
      'y-tunnus,ytunnus,fo-nummer,business id,yritys- ja yhteisötunnus',
      { parted: 65 },
    ],
    [
      'is.kennitala',
      'id',
      'Icelandic identity number',
      '#{6}_#{4}',
      isKennitala,
      'kennitala,kt.,kennitölu,id number',
    ],
    [
      'is.vsk',
      'vat',
      'Icelandic VAT number',
      '#{5,6}',
      (v) => Number(v) > 0,
      'vsk,vsknr,virðisaukaskatt,vsk.nr',
      { prefix: 'IS', supported: 65 },
    ],
    ['ee.ik', 'id', 'Estonian personal code', '#{11}', isBalticPersonal, 'isikukood,personal code,ik'],
    ['ee.kmkr', 'vat', 'Estonian VAT number', '#{9}', isEstonianVat, 'kmkr,käibemaks,vat', { prefix: 'EE' }],
    [
      'ee.registrikood',
      'org',
      'Estonian register code',
      '#{8}',
      isRegistrikood,
      'registrikood,reg.kood,äriregister,registry code',
    ],
    [
      'lv.pvn',
      'vat',
      'Latvian VAT or personal number',
      '#{6}_#{5}',
      isLatvian,
      'pvn,personas kods,personas kodu,vat,personal code',
      { prefix: 'LV' },
    ],
    [
      'lt.asmens',
      'id',
      'Lithuanian personal code',
      '#{11}',
      isBalticPersonal,
      'asmens kodas,asmens kodą,personal code,a.k.',
    ],
    [
      'lt.pvm',
      'vat',
      'Lithuanian VAT number',
      '#{9}|#{12}',
      isLithuanianVat,
      'pvm,pvm kodas,mokėtojo,vat',
      { prefix: 'LT' },
    ],
  ],
);

/** The sign between date and serial says the century, so that it is no separator here. */
export const hetu: Detector = {
  ...identifier({
    id: 'fi.hetu',
    kind: 'id',
    name: 'Finnish personal identity code',
    layout: '#{6}[A-FU-Y]#{3}[0-9A-FHJ-NPR-Y]',
    context: 'henkilötunnus,hetu,henkilötunnuksen,personbeteckning,personal identity',
    alone: 75,
    source: 'Digital and Population Data Services Agency (DVV)',
  }),
  pattern: /(?<![A-Za-z0-9])[0-9]{6}[+A-FU-Y-][0-9]{3}[0-9A-FHJ-NPR-Y](?![A-Za-z0-9])/i,
  alone: /^[0-9]{6}[+A-FU-Y-][0-9]{3}[0-9A-FHJ-NPR-Y]$/i,
  check: (value) => isHetu(value.toUpperCase()),
};
