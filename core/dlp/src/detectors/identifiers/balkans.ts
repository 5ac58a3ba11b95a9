import { base36, digit, isDay, luhn, mod11x10, weigh } from './checksums.ts';
import { rowsFrom } from './spec.ts';

const two = (text: string, at: number): number => Number(text.slice(at, at + 2));
const last = (value: string): number => digit(value, value.length - 1);

/** Yugoslav unique master number: DDMMYYY, region, serial, check digit. */
function isJmbg(value: string): boolean {
  const year = Number(value.slice(4, 7)) + (value[4] === '9' || value[4] === '8' ? 1000 : 2000);
  if (!isDay(year, two(value, 2), two(value, 0))) return false;
  return ((11 - (weigh(value.slice(0, 12), [7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === last(value);
}
/** The region of the number says the republic: 1 Bosnia, 2 Montenegro, 3 Croatia, 4 Macedonia, 5 Slovenia, 7 to 9 Serbia. */
const isJmbgOf =
  (regions: string) =>
  (value: string): boolean =>
    regions.includes(value[7] ?? '') && isJmbg(value);
const isAfm = (value: string): boolean =>
  Number(value) > 0 &&
  (weigh(value.padStart(9, '0').slice(0, 8), [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 === last(value);
const isAmka = (value: string): boolean =>
  [1900, 2000].some((century) => isDay(century + two(value, 4), two(value, 2), two(value, 0))) && luhn(value);
/** Odd places are translated before they are summed. */
function isCypriot(value: string): boolean {
  if (value.startsWith('12')) return false;
  let sum = 0;
  for (let at = 0; at < 8; at += 1)
    sum += at % 2 === 1 ? digit(value, at) : ([1, 0, 5, 7, 9, 13, 15, 17, 19, 21][digit(value, at)] ?? 0);
  return String.fromCharCode(65 + (sum % 26)) === value[8];
}
const isMaltese = (value: string): boolean =>
  value[0] !== '0' && weigh(value, [3, 4, 6, 7, 8, 9, 10, 1]) % 37 === 0;
const isEdb = (value: string): boolean =>
  ((11 - (weigh(value.slice(0, 12), [7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === last(value);
const isMontenegrin = (value: string): boolean =>
  ((11 - (weigh(value.slice(0, 7), [8, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === last(value);
const isAlbanianNid = (value: string): boolean => {
  const [month, day] = [two(value, 2) % 50, two(value, 4)];
  return base36(value[0]) >= 0 && month % 30 > 0 && month % 30 < 13 && day > 0 && day < 32;
};
const jmbgWords =
  'jmbg,јмбг,matični broj,maticni broj,матични број,матичен број,embg,ембг,emšo,emso,personal number';

export const balkans = rowsFrom(
  'Laws on the unique master number (JMBG, EMŠO), AADE (Greece), tax departments of Cyprus, Malta, Serbia, Montenegro, North Macedonia and Albania (OECD TIN pages)',
  [
    [
      'gr.vat',
      'tax',
      'Greek tax number (AFM)',
      '#{3}_#{3}_#{3}|#{8}',
      isAfm,
      'αφμ,α.φ.μ,afm,vat,φπα',
      { prefix: 'EL|GR' },
    ],
    [
      'gr.amka',
      'soc',
      'Greek social security number (AMKA)',
      '#{6}_#{5}',
      isAmka,
      'αμκα,α.μ.κ.α,amka,ασφάλισης',
    ],
    [
      'gr.adt',
      'card',
      'Greek identity card',
      '[Α-ΩA-Z]{1,2}_#{6}',
      undefined,
      'ταυτότητα,δελτίο ταυτότητας,αδτ,a.d.t,identity card',
      { supported: 65 },
    ],
    [
      'cy.vat',
      'vat',
      'Cypriot VAT and tax number',
      '[013459]#{7}_@',
      isCypriot,
      'φπα,vat,tic,tax identification,cyprus',
      { prefix: 'CY', alone: 65 },
    ],
    ['mt.vat', 'vat', 'Maltese VAT number', '#{4}_#{4}', isMaltese, 'vat,malta,taxxa', { prefix: 'MT' }],
    ['si.emso', 'id', 'Slovenian personal number (EMŠO)', '#{7}_#{6}', isJmbgOf('5'), jmbgWords],
    ['si.jmbg', 'id', 'Slovenian personal number (JMBG)', '#{7}_#{6}', isJmbgOf('5'), jmbgWords],
    ['rs.jmbg', 'id', 'Serbian personal number (JMBG)', '#{13}', isJmbgOf('06789'), jmbgWords],
    ['ba.jmbg', 'id', 'Bosnian personal number (JMBG)', '#{13}', isJmbgOf('1'), jmbgWords],
    ['me.jmbg', 'id', 'Montenegrin personal number (JMBG)', '#{13}', isJmbgOf('2'), jmbgWords],
    ['mk.jmbg', 'id', 'Macedonian personal number (EMBG)', '#{13}', isJmbgOf('4'), jmbgWords],
    ['hr.jmbg', 'id', 'Croatian personal number (JMBG)', '#{13}', isJmbgOf('3'), jmbgWords],
    ['rs.pib', 'tax', 'Serbian tax number (PIB)', '#{9}', mod11x10, 'pib,пиб,pdv,пдв', { prefix: 'RS' }],
    [
      'me.pib',
      'tax',
      'Montenegrin tax number (PIB)',
      '#{8}',
      isMontenegrin,
      'pib,poreski,pdv',
      { prefix: 'ME' },
    ],
    [
      'mk.edb',
      'tax',
      'Macedonian tax number (EDB)',
      '#{13}',
      isEdb,
      'едб,edb,даночен број,ддв',
      { prefix: 'MK|МК' },
    ],
    [
      'al.nipt',
      'tax',
      'Albanian tax number (NIPT)',
      '[A-M]_#{8}_@',
      undefined,
      'nipt,nuis,tvsh,numri',
      { prefix: 'AL', alone: 65 },
    ],
    [
      'al.nid',
      'id',
      'Albanian identity number',
      '[A-T]#{8}@',
      isAlbanianNid,
      'nid,numri personal,letërnjoftim',
    ],
  ],
);
