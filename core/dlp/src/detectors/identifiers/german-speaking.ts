import {
  base36,
  digit,
  isDay,
  isShortDayReversed,
  luhn,
  mod11x10,
  weigh,
  weighCrossed,
} from './checksums.ts';
import { rowsFrom } from './spec.ts';

/** ICAO Doc 9303 part 3: weights 7, 3, 1 over 0-9A-Z. */
export const icao = (text: string): number => weigh(text, [7, 3, 1]) % 10;
const icaoEnds = (text: string): boolean => icao(text.slice(0, -1)) === digit(text, text.length - 1);

/** § 139b AO: of the first ten digits exactly one occurs twice or three times. */
function isTaxIdentification(value: string): boolean {
  if (value[0] === '0' || !mod11x10(value)) return false;
  const counts = new Map<string, number>();
  for (const character of value.slice(0, 10)) counts.set(character, (counts.get(character) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  return repeated.length === 1 && (repeated[0] ?? 0) <= 3;
}

/** § 2 VKVV: area, birth date, initial, serial, check digit. */
function isSocialInsurance(value: string): boolean {
  const day = Number(value.slice(2, 4));
  const month = Number(value.slice(4, 6));
  if (day > 31 || month > 12) return false;
  const letter = String(base36(value[8]) - 9).padStart(2, '0');
  const digits = value.slice(0, 8) + letter + value.slice(9, 11);
  return weighCrossed(digits, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]) % 10 === digit(value, 11);
}

/** § 290 SGB V: the letter counts as two digits, weights 1 and 2. */
const isHealthInsured = (value: string): boolean =>
  weighCrossed(String(base36(value[0]) - 9).padStart(2, '0') + value.slice(1, 9), [1, 2]) % 10 ===
  digit(value, 9);

const isDoctor = (value: string): boolean =>
  (10 - (weigh(value.slice(0, 6), [4, 9]) % 10)) % 10 === digit(value, 6);

/** Serial of nine, with its check digit, or the whole second line of the card until 2010. */
function isGermanCard(value: string): boolean {
  if (value.length === 9) return true;
  if (!icaoEnds(value.slice(0, 10))) return false;
  if (value.length === 10) return true;
  const digits = value.replace('D', '');
  const [birth, expiry] = [digits.slice(10, 17), digits.slice(17, 24)];
  return icaoEnds(birth) && icaoEnds(expiry) && icao(digits.slice(0, 24)) === Number(digits.slice(24));
}

const isAustrianVat = (value: string): boolean =>
  (10 - ((weighCrossed(value.slice(1, 8), [1, 2]) + 4) % 10)) % 10 === digit(value, 8);

/** Serial of three, check digit, DDMMYY; months 13 to 15 when the day is used up. */
const isAustrianInsured = (value: string): boolean =>
  value[0] !== '0' &&
  isShortDayReversedLoosely(value.slice(4)) &&
  weigh(value.slice(0, 3) + value.slice(4), [3, 7, 9, 5, 8, 4, 2, 1, 6]) % 11 === digit(value, 3);
const isShortDayReversedLoosely = (text: string): boolean =>
  Number(text.slice(2, 4)) > 12 ? Number(text.slice(2, 4)) < 16 : isShortDayReversed(text);

export const isSwissUid = (value: string): boolean =>
  (11 - (weigh(value.slice(3, 11), [5, 4, 3, 2, 7, 6, 5, 4]) % 11)) % 11 === digit(value, 11);
export const isEan = (value: string): boolean =>
  weigh(value, value.length % 2 === 1 ? [1, 3] : [3, 1]) % 10 === 0;

/** Luxembourg, 13 digits: birth date, serial, Luhn digit over the first eleven and a Verhoeff digit. */
const isLuxembourger = (value: string): boolean =>
  isDay(Number(value.slice(0, 4)), Number(value.slice(4, 6)), Number(value.slice(6, 8))) &&
  luhn(value.slice(0, 12));

const idWords =
  'personalausweis,ausweisnummer,ausweis-nr,ausweis,perso,identity card,id card,seriennummer,personalausweisnummer';

export const germanSpeaking = rowsFrom(
  'Abgabenordnung § 139b, SGB V § 290, VKVV § 2, KBV (LANR, BSNR), ICAO Doc 9303 (Germany); BMF (Austria); AHVV, UIDG (Switzerland); Liechtenstein tax office',
  [
    [
      'de.idnr',
      'tax',
      'German tax identification number',
      '#{2}_#{3}_#{3}_#{3}',
      isTaxIdentification,
      'steuer-id,steuerid,steueridentifikationsnummer,steuer-identifikationsnummer,idnr,identifikationsnummer,steuerliche,tin,tax id,idnr.',
      { parted: 65 },
    ],
    [
      'de.stnr',
      'tax',
      'German tax number',
      '#{2,3}_#{3,4}_#{4,5}|#{10,13}',
      (v) => [10, 11, 13].includes(v.length) && Number(v) > 0,
      'steuernummer,steuer-nr,st.-nr,stnr,steuernr,finanzamt,tax number',
      { supported: 75 },
    ],
    [
      'de.vat',
      'vat',
      'German VAT number',
      '[1-9]#{2}_#{3}_#{3}',
      mod11x10,
      'ust-id,ust-idnr,ustid,umsatzsteuer,mehrwertsteuer,vat,ust.',
      { prefix: 'DE' },
    ],
    [
      'de.vat_de',
      'vat',
      'German VAT number with its country code',
      'DE_[1-9]#{8}',
      (v) => mod11x10(v.slice(2)),
      'ust-id,ust-idnr,ustid,umsatzsteuer,vat',
      { alone: 75 },
    ],
    [
      'de.svnr',
      'soc',
      'German social insurance number',
      '#{2}_#{2}_#{2}_#{2}_@_#{2}_#|#{2}_#{6}_@_#{3}',
      isSocialInsurance,
      'sozialversicherung,rentenversicherung,sv-nummer,svnr,versicherungsnummer,rvnr,social insurance',
      { alone: 75 },
    ],
    [
      'de.kvnr',
      'health',
      'German health insurance number (KVNR)',
      '@_#{9}',
      isHealthInsured,
      'kvnr,krankenversicherung,krankenversichertennummer,krankenkasse,versichertennummer,versicherten-nr,egk,gesundheitskarte',
      { alone: 65 },
    ],
    [
      'de.lanr',
      'provider',
      'German physician number (LANR)',
      '#{9}',
      isDoctor,
      'lanr,arztnummer,arzt-nr,lebenslange arztnummer',
    ],
    [
      'de.bsnr',
      'provider',
      'German practice number (BSNR)',
      '(?:0[1-3]!17!20!35!38!46!51!52!6[0-79]!7[1-4]!78!8[0-8]!9[1-9]!0[4-9])#{7}',
      undefined,
      'bsnr,betriebsstätte,betriebsstättennummer,betriebsstaette',
      { supported: 75 },
    ],
    [
      'de.pwnr',
      'card',
      'German identity card number',
      '[CFGHJ-NPRTVWXY][0-9CFGHJ-NPRTVWXYZ]{7}#|[CFGHJ-NPRTVWXY][0-9CFGHJ-NPRTVWXYZ]{8}_#|[CFGHJ-NPRTVWXY0-9][0-9CFGHJ-NPRTVWXYZ]{8}_#_#{7}_#{7}_D?_#',
      isGermanCard,
      idWords,
      { supported: 75 },
    ],
    [
      'de.passport',
      'pass',
      'German passport number',
      '[CFGHJK][0-9CFGHJ-NPRTVWXYZ]{7}#|[CFGHJK][0-9CFGHJ-NPRTVWXYZ]{8}_#',
      (v) => v.length === 9 || icaoEnds(v),
      'reisepass,reisepassnummer,passnummer,pass-nr,passport,paß',
      { supported: 75 },
    ],
    [
      'de.fuehrerschein',
      'drive',
      'German driving licence number',
      '[A-Z][0-9A-Z]#{2}[0-9A-Z]{5}[0-9X][0-9A-Z]',
      undefined,
      'führerschein,fuehrerschein,fahrerlaubnis,führerscheinnummer,driving licence,driver license',
      { supported: 75 },
    ],
    [
      'de.handelsregister',
      'org',
      'German commercial register number',
      'HR[AB]_#{1,6}_[A-Z]{0,3}',
      undefined,
      'handelsregister,amtsgericht,registergericht,register,eingetragen',
      { alone: 65 },
    ],
    [
      'at.uid',
      'vat',
      'Austrian VAT number',
      'U_#{8}',
      isAustrianVat,
      'uid,ust,umsatzsteuer,vat,atu',
      { prefix: 'AT' },
    ],
    [
      'at.tin',
      'tax',
      'Austrian tax number',
      '#{2}_#{3}_#{4}',
      luhn,
      'abgabenkontonummer,steuernummer,finanzamt,st.nr,steuer-nr,tax number',
    ],
    [
      'at.vnr',
      'soc',
      'Austrian social insurance number',
      '#{4}_#{2}_#{2}_#{2}|#{4}_#{6}',
      isAustrianInsured,
      'sozialversicherung,svnr,sv-nummer,versicherungsnummer,e-card,sozialversicherungsnummer,vsnr',
    ],
    [
      'at.businessid',
      'org',
      'Austrian company register number',
      '#{5,6}_@',
      undefined,
      'firmenbuch,firmenbuchnummer,fn,fb-nr',
      { prefix: 'FN', supported: 75 },
    ],
    [
      'ch.ssn',
      'soc',
      'Swiss social security number (AHV)',
      '756_#{4}_#{4}_#{2}',
      isEan,
      'ahv,avs,sozialversicherung,numéro avs,numero avs,oasi,versichertennummer',
      { alone: 75 },
    ],
    [
      'ch.uid',
      'org',
      'Swiss company number (UID)',
      'CHE_#{3}_#{3}_#{3}',
      isSwissUid,
      'uid,ide,idi,handelsregister,unternehmen,mwst',
      { alone: 75 },
    ],
    [
      'ch.vat',
      'vat',
      'Swiss VAT number',
      'CHE_#{3}_#{3}_#{3}_(?:MWST!TVA!IVA!TPV)',
      isSwissUid,
      'mwst,tva,iva,vat',
      { alone: 75 },
    ],
    [
      'li.peid',
      'tax',
      'Liechtenstein tax number',
      '#{4,12}',
      (v) => Number(v) > 0,
      'peid,pei-nr,steuernummer,liechtenstein',
      { supported: 65 },
    ],
    [
      'lu.matricule',
      'id',
      'Luxembourg national number',
      '#{4}_#{2}_#{2}_#{5}',
      isLuxembourger,
      'matricule,numéro d’identification,sozialversicherung,luxembourg',
    ],
  ],
);
