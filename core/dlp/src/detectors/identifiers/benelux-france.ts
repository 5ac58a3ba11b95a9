import { base36, isDay, luhn, mod97, modulo, weigh } from './checksums.ts';
import { rowsFrom } from './spec.ts';

const elevenProof = (value: string): number => weigh(value, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11;

/** Belgian national numbers; `shift` is what BIS numbers add to the month (20 or 40). An unknown month or day is 0. */
function isBelgian(value: string, shifts: readonly number[]): boolean {
  const [year, month, day] = [value.slice(0, 2), value.slice(2, 4), value.slice(4, 6)].map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  const body = value.slice(0, 9);
  const left = 97 - Number(value.slice(9));
  return [
    [1900, body],
    [2000, `2${body}`],
  ].some(([century, digits]) => {
    if (modulo(String(digits), 97) !== left % 97) return false;
    const full = Number(century) + year;
    return full < 2031 && shifts.some((shift) => isPartialDay(full, month - shift, day));
  });
}

const isPartialDay = (year: number, month: number, day: number): boolean =>
  month === 0 ? day <= 31 : day === 0 ? month <= 12 && month > 0 : isDay(year, month, day);

const isBelgianVat = (value: string): boolean => {
  const digits = value.padStart(10, '0');
  return Number(digits) > 0 && 97 - (Number(digits.slice(0, 8)) % 97) === Number(digits.slice(8));
};

function isNir(value: string): boolean {
  const digits = value.replace(/^(.{5})2A/, '$119').replace(/^(.{5})2B/, '$118');
  if (/\D/.test(digits)) return false;
  const month = Number(value.slice(3, 5));
  if (!((month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50)) return false;
  return 97 - modulo(digits.slice(0, 13), 97) === Number(digits.slice(13));
}

const isSiret = (value: string): boolean =>
  (isSiren(value.slice(0, 9)) && luhn(value)) ||
  // The post office counts its branches by the plain sum.
  (value.startsWith('356000000') && weigh(value, [1]) % 5 === 0);
const isSiren = (value: string): boolean => luhn(value) && value !== '000000000';

const keyLetters = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';
function isFrenchVat(value: string): boolean {
  const siren = value.slice(2);
  if (!/^\d{9}$/.test(siren)) return false;
  // Monaco's numbers are French ones whose business number starts with 000 and is no SIREN.
  if (!siren.startsWith('000') && !luhn(siren)) return false;
  if (/^\d\d/.test(value)) return modulo(`${siren}12`, 97) === Number(value.slice(0, 2));
  const [first, second] = [keyLetters.indexOf(value[0] ?? ''), keyLetters.indexOf(value[1] ?? '')];
  if (first < 0 || second < 0) return false;
  const key = first < 10 ? first * 24 + second - 10 : first * 34 + second - 100;
  return (Number(siren) + 1 + Math.floor(key / 11)) % 11 === key % 11;
}

const isDutchVat = (value: string): boolean =>
  (elevenProof(value.slice(0, 9)) === 0 && Number(value.slice(0, 9)) > 0) || mod97(`NL${value}`) === 1;

const bsnWords = 'bsn,burgerservicenummer,sofinummer,sofi-nummer,citizen service number,burgerservice';

export const beneluxAndFrance = rowsFrom(
  'Structure published by the tax and registry authorities of the Netherlands, Belgium, Luxembourg, France and Monaco (OECD TIN pages, VIES)',
  [
    [
      'nl.bsn',
      'id',
      'Dutch citizen service number (BSN)',
      '#{4}_#{2}_#{2,3}|#{3}_#{3}_#{3}|#{8,9}',
      (v) => Number(v) > 0 && elevenProof(v.padStart(9, '0')) === 0,
      bsnWords,
    ],
    [
      'nl.btw',
      'vat',
      'Dutch VAT number',
      '#{4}_#{2}_#{3}_B_#{2}|#{3}_#{3}_#{3}_B_#{2}',
      isDutchVat,
      'btw,vat,omzetbelasting,ob-nummer',
      { prefix: 'NL', alone: 75 },
    ],
    [
      'nl.onderwijsnummer',
      'student',
      'Dutch education number',
      '10#{2}_#{2}_#{3}|10#{7}',
      (v) => (elevenProof(v) + 11) % 11 === 5,
      'onderwijsnummer,leerling,student,education number,pgn',
    ],
    [
      'nl.kvk',
      'org',
      'Dutch chamber of commerce number',
      '#{8}',
      undefined,
      'kvk,kamer van koophandel,chamber of commerce',
      { supported: 65 },
    ],
    [
      'be.nn',
      'id',
      'Belgian national number',
      '#{2}_#{2}_#{2}_#{3}_#{2}',
      (v) => isBelgian(v, [0]),
      'rijksregister,rijksregisternummer,national number,registre national,numéro national,nationalregister,insz,niss,nrn',
      { parted: 65 },
    ],
    [
      'be.bis',
      'id',
      'Belgian BIS number',
      '#{2}_#{2}_#{2}_#{3}_#{2}',
      (v) => isBelgian(v, [20, 40]),
      'bis,bis-nummer,numéro bis,insz,niss,rijksregister,registre national',
    ],
    [
      'be.insz',
      'soc',
      'Belgian social security identification number',
      '#{2}_#{2}_#{2}_#{3}_#{2}',
      (v) => isBelgian(v, [0, 20, 40]),
      'insz,niss,sociale zekerheid,sécurité sociale,social security',
    ],
    [
      'be.vat',
      'vat',
      'Belgian enterprise and VAT number',
      '[01]?#{3}_#{3}_#{3}',
      isBelgianVat,
      'btw,tva,vat,ondernemingsnummer,numéro d’entreprise,kbo,bce,mwst',
      { prefix: 'BE' },
    ],
    [
      'lu.tva',
      'vat',
      'Luxembourg VAT number',
      '#{3}_#{3}_#{2}',
      (v) => Number(v) > 0 && Number(v.slice(0, 6)) % 89 === Number(v.slice(6)),
      'tva,vat,mwst,luxembourg',
      { prefix: 'LU' },
    ],
    [
      'fr.nir',
      'soc',
      'French social security number (NIR)',
      '[1-478]_#{2}_#{2}_(?:#!2)[0-9AB]_#{3}_#{3}_#{2}',
      isNir,
      'nir,insee,sécurité sociale,securite sociale,numéro de sécu,carte vitale,assuré,social security',
      { alone: 65 },
    ],
    [
      'fr.nif',
      'tax',
      'French tax reference number (SPI)',
      '[0-3]#_#{2}_#{3}_#{3}_#{3}',
      (v) => Number(v) > 0 && Number(v.slice(0, 10)) % 511 === Number(v.slice(10)),
      'spi,numéro fiscal,numero fiscal,impôt,impots,tax number',
    ],
    [
      'fr.siren',
      'org',
      'French company number (SIREN)',
      '#{3}_#{3}_#{3}',
      isSiren,
      'siren,rcs,registre du commerce,entreprise',
    ],
    [
      'fr.siret',
      'org',
      'French establishment number (SIRET)',
      '#{3}_#{3}_#{3}_#{5}',
      isSiret,
      'siret,établissement,etablissement,entreprise',
    ],
    [
      'fr.tva',
      'vat',
      'French VAT number',
      '[0-9A-HJ-NP-Z]{2}_#{3}_#{3}_#{3}',
      isFrenchVat,
      'tva,vat,intracommunautaire',
      { prefix: 'FR' },
    ],
    [
      'mc.tva',
      'vat',
      'Monegasque VAT number',
      '#{2}_000_#{3}_#{3}',
      isFrenchVat,
      'tva,vat,monaco',
      { prefix: 'FR|MC' },
    ],
    [
      'fr.cni',
      'card',
      'French identity card number',
      '#{12}|[0-9A-Z]{4}#[0-9A-Z]{4}',
      (v) => v.length === 9 || Number(v.slice(2, 4)) > 0,
      "carte nationale,carte d’identité,carte d'identité,cni,identity card",
      { supported: 65 },
    ],
    [
      'ad.nrt',
      'tax',
      'Andorran tax register number',
      '[ACDEFGLOPU]_#{6}_@',
      isAndorran,
      'nrt,número de registre tributari,registre tributari,andorra',
      { alone: 65 },
    ],
  ],
);

function isAndorran(value: string): boolean {
  const number = Number(value.slice(1, 7));
  if (value.startsWith('F')) return number <= 699_999;
  return !/^[AL]/.test(value) || (number > 699_999 && number < 800_000);
}

/** Portuguese card numbers are base 36 and count like Luhn; used by the neighbours too. */
export function luhn36(text: string): boolean {
  let sum = 0;
  for (let at = text.length - 1, twice = false; at >= 0; at -= 1, twice = !twice) {
    const value = base36(text[at]) * (twice ? 2 : 1);
    sum += twice && value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}
