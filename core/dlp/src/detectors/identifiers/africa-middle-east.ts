import { base36, digit, isDay, luhn, modulo, weigh } from './checksums.ts';
import { rowsFrom } from './spec.ts';

const two = (text: string, at: number): number => Number(text.slice(at, at + 2));
const last = (value: string): number => digit(value, value.length - 1);

const isGhanaian = (value: string): boolean => {
  const rest = weigh(value.slice(1, 10), [1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11;
  return (rest === 10 ? 'X' : String(rest)) === value[10];
};
/** Initial, DDMMYY, place and serial; base 36 by 17. */
const isMauritian = (value: string): boolean => {
  let sum = 0;
  for (let at = 0; at < 13; at += 1) sum += base36(value[at]) * (14 - at);
  return (
    [1900, 2000].some((century) => isDay(century + two(value, 5), two(value, 3), two(value, 1))) &&
    (17 - (sum % 17)) % 17 === base36(value[13])
  );
};
const isMozambican = (value: string): boolean => {
  const rest = weigh(value.slice(0, 8), [8, 9, 4, 5, 6, 7, 8, 9]) % 11;
  return (rest === 10 ? 1 : rest) === last(value);
};
const tunisian = /^\d{1,7}[ABCDEFGHJKLMNPQRSTVWXYZ](?:[ABDNP][CMNPE](?:000|\d{3}))?$/;
function isTunisian(value: string): boolean {
  if (!tunisian.test(value)) return false;
  // Only branches (E) have a number.
  const [, kind, branch] = /[A-Z][A-Z]([A-Z])(\d{3})$/.exec(value) ?? [];
  return kind === undefined || (kind === 'E') === (branch !== '000');
}
const isSouthAfrican = (value: string): boolean =>
  [1900, 2000].some((century) => isDay(century + two(value, 0), two(value, 2), two(value, 4))) &&
  /[012]/.test(value[10] ?? '') &&
  luhn(value);
const isEgyptian = (value: string): boolean =>
  isDay((value[0] === '2' ? 1900 : 2000) + two(value, 1), two(value, 3), two(value, 5));
const isIsraeli = (value: string): boolean => Number(value) > 0 && luhn(value.padStart(9, '0'));
const isIranian = (value: string): boolean => {
  const rest = weigh(value.slice(0, 9), [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest < 2 ? rest : 11 - rest) === last(value) && !/^(\d)\1+$/.test(value);
};

export const africaAndMiddleEast = rowsFrom(
  'SARS and Home Affairs (South Africa), KRA (Kenya), GRA (Ghana); OECD TIN pages and national registers of Africa and the Middle East',
  [
    ['ai.tin', 'tax', 'Anguillan tax number', '[12]#{4}_#{5}', undefined, 'tin,anguilla', { supported: 65 }],
    [
      'ao.bi',
      'id',
      'Angolan identity card',
      '#{9}_@{2}_#{3}',
      undefined,
      'bilhete de identidade,bi,angola',
      { alone: 65 },
    ],
    [
      'ao.nif',
      'tax',
      'Angolan tax number',
      '[0-9]#{9}|#{9}@{2}#{3}',
      undefined,
      'nif,contribuinte,angola',
      { supported: 65 },
    ],
    [
      'dz.nif',
      'tax',
      'Algerian tax number (NIF)',
      '#{3}_#{3}_#{3}_#{3}_#{3}|#{20}|#{3}_#{3}_#{3}_#{3}_#{3}_#{5}',
      undefined,
      'nif,identification fiscale',
      { supported: 75 },
    ],
    [
      'eg.tn',
      'tax',
      'Egyptian tax number',
      '#{3}_#{3}_#{3}',
      undefined,
      'tax registration,الرقم الضريبي,التسجيل الضريبي',
      { supported: 65 },
    ],
    [
      'eg.nid',
      'id',
      'Egyptian national identity number',
      '[23]#{13}',
      isEgyptian,
      'national id,الرقم القومي,رقم قومي',
    ],
    [
      'gh.tin',
      'tax',
      'Ghanaian tax number',
      '[PCGQV]00#{7}[0-9X]',
      isGhanaian,
      'tin,gra,ghana',
      { alone: 65 },
    ],
    ['gn.nifp', 'tax', 'Guinean tax number', '#{3}_#{3}_#{3}', luhn, 'nifp,nif,identification fiscale'],
    ['ke.pin', 'tax', 'Kenyan tax number (PIN)', '[AP]_#{9}_@', undefined, 'pin,kra', { alone: 65 }],
    [
      'ma.ice',
      'org',
      'Moroccan company number (ICE)',
      '#{9}_#{4}_#{2}',
      (v) => modulo(v, 97) === 0,
      'ice,identifiant commun',
      { prefix: 'MA' },
    ],
    [
      'ma.ice9',
      'org',
      'Moroccan company number, first part',
      '#{9}',
      undefined,
      'ice,identifiant commun',
      { supported: 65 },
    ],
    [
      'mu.nid',
      'id',
      'Mauritian identity number',
      '@#{12}[0-9A-G]',
      isMauritian,
      'nic,identity card,mauritius',
      { alone: 65 },
    ],
    [
      'mz.bi',
      'id',
      'Mozambican identity card',
      '#{12}_@',
      undefined,
      'bilhete de identidade,bi,moçambique',
      { alone: 65 },
    ],
    ['mz.nuit', 'tax', 'Mozambican tax number (NUIT)', '#{9}', isMozambican, 'nuit,contribuinte'],
    [
      'ng.nin',
      'id',
      'Nigerian national number (NIN)',
      '#{11}',
      undefined,
      'nin,national identification,nimc',
      { supported: 75 },
    ],
    [
      'ng.bvn',
      'bank',
      'Nigerian bank verification number',
      '22#{9}',
      undefined,
      'bvn,bank verification',
      { supported: 75 },
    ],
    [
      'sn.ninea',
      'org',
      'Senegalese company number',
      '#{7}_#{3}|#{7}_#[A-Z]#',
      undefined,
      'ninea',
      { supported: 65 },
    ],
    [
      'tn.mf',
      'tax',
      'Tunisian tax number',
      '#{1,7}_@|#{1,7}_@_@_@_#{3}',
      isTunisian,
      'matricule fiscal,mf',
      { supported: 75 },
    ],
    [
      'za.idnr',
      'id',
      'South African identity number',
      '#{6}_#{4}_#{2}_#|#{13}',
      isSouthAfrican,
      'id number,identity number,rsa,south africa,said,id no,identiteitsnommer',
    ],
    [
      'za.tin',
      'tax',
      'South African tax number',
      '[01239]#{3}_#{3}_#{3}',
      luhn,
      'tax number,tax reference,sars,tin',
    ],
    [
      'za.vat',
      'vat',
      'South African VAT number',
      '4#{9}',
      undefined,
      'vat,sars',
      { prefix: 'ZA', supported: 65 },
    ],
    [
      'il.idnr',
      'id',
      'Israeli identity number',
      '#{1,8}_#',
      (v) => v.length > 4 && isIsraeli(v),
      'תעודת זהות,ת.ז,teudat zehut,israel,id number',
      { parted: 65, document: '#{6,8}_#' },
    ],
    ['il.hp', 'org', 'Israeli company number', '5#{8}', luhn, 'ח.פ,חברה,company number,h.p.'],
    ['ir.national', 'id', 'Iranian national code', '#{3}_#{6}_#', isIranian, 'کد ملی,کدملی,national code'],
    [
      'ae.eid',
      'id',
      'Emirates identity number',
      '784_#{4}_#{7}_#',
      luhn,
      'emirates id,الهوية,eid',
      { alone: 75 },
    ],
    ['sa.id', 'id', 'Saudi identity number', '[12]#{9}', luhn, 'iqama,national id,الهوية,هوية,إقامة'],
    [
      'qa.qid',
      'id',
      'Qatari identity number',
      '[23]#{10}',
      undefined,
      'qid,qatar id,البطاقة الشخصية',
      { supported: 65 },
    ],
    [
      'kw.civil',
      'id',
      'Kuwaiti civil number',
      '[1-3]#{11}',
      (v) =>
        isDay((v[0] === '3' ? 2000 : 1900) + two(v, 1), two(v, 3), two(v, 5)) &&
        11 - (weigh(v.slice(0, 11), [2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11) === last(v),
      'civil id,البطاقة المدنية',
    ],
  ],
);
