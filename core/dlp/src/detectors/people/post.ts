/** Post boxes, units within houses, postal codes and the places behind them. */
import type { Detector, TextDetector } from '../../detector.ts';
import type { Look } from './blocks.ts';
import { throughout } from './blocks.ts';
import { cues } from './cues.ts';
import { capitalised, list } from './letters.ts';
import { addressSupport } from './street.ts';

/** `P.O. Box 12`, `Postfach 10 20`, `PSC 5, Box 6`. */
export const postBox: Detector = {
  id: 'address.box',
  class: 'pii.address',
  name: 'Post box',
  token: 'ADDRESS',
  find: {
    on: 'words',
    words: [
      'o. box',
      'o box',
      'p.o.box',
      'pobox',
      'postfach',
      'postbus',
      'postboks',
      'postbox',
      'apartado',
      'casella postale',
      'caixa postal',
      'skrytka',
      'post office box',
      'psc ',
      'p. o. box',
      ' box ',
    ],
    at: { before: 12, after: 40 },
  },
  pattern:
    /(?<![\w.@])(?:(?:[Pp]\.? ?[Oo]\.? ?[Bb]ox|P\.?O\.? BOX|Post Office Box|Postfach|Postbus|[Pp]ostboks|[Pp]ostbox|Apartado(?: de [Cc]orreos| postal)?|Casella [Pp]ostale|Caixa [Pp]ostal|Skrytka pocztowa)(?: nr\.?| no\.?)?:? {0,2}#?\d{1,6}(?: \d{2,4})?|(?:PSC|Unit|unit|CMR) \d{1,5},? [Bb]ox \d{1,6})(?![\w-])/,
  confidence: { alone: 65, supported: 75 },
  context: addressSupport,
  source: 'Universal Postal Union S42; USPS Publication 28',
};

/** `Suite 100`, `Apt. 4B`: within an address. */
export const unitOfHouse: Detector = {
  id: 'address.unit',
  class: 'pii.address',
  name: 'Unit within a house',
  token: 'ADDRESS',
  find: { on: 'words', words: ['suite ', 'apt. ', 'apt ', 'apt #', 'apartment ', 'flat '], at: 'here' },
  pattern:
    /(?:(?<=^|[^\w=][ \t]?|[A-Za-z\d\x80-\xff] )(?:Suite|SUITE|Apt\.?|APT|Apartment|Flat)|(?<=[,\n>] {0,2}|\? )(?:suite|apt\.)) #?(?:\d{1,5}[A-Za-z]?|[A-Z]\d{1,4})(?![\w-]|\.\d)/,
  confidence: { alone: 65, supported: 65 },
  neverAlone: true,
  source: 'USPS Publication 28, appendix C2',
};

const states =
  '(?:A[AEPLKSZR]|C[AOT]|D[CE]|F[LM]|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEHINOPST]|N[CDEHJMVY]|O[HKR]|P[ARW]|RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY])';

/** `Springfield, IL 62704`, `APO AE 09012`. */
export const usPlace: Detector = {
  id: 'address.us',
  class: 'pii.address',
  name: 'United States city, state and ZIP code',
  token: 'ADDRESS',
  find: { on: 'digits', min: 5, max: 9, before: 34 },
  pattern: new RegExp(
    `(?<![A-Za-z])(?:${capitalised}(?: ${capitalised}){0,2}(?:, ?| (?!PR))|[AFD]PO )${states},? {1,2}\\d{5}(?:-\\d{4})?(?![\\w-])`,
  ),
  check: (value) => !/MA {1,2}(?:02110-1301|02111-1307|02139)/.test(value),
  confidence: { alone: 65, supported: 75 },
  context: addressSupport,
  against: ['free software foundation'],
  source: 'USPS Publication 28, appendix B',
};

/** `10115 Berlin`, `1012 AB Amsterdam`, `75008 Paris`: near other parts of an address only. */
export const europeanPlace: Detector = {
  id: 'address.place',
  class: 'pii.address',
  name: 'Postal code and town',
  token: 'ADDRESS',
  find: { on: 'digits', min: 4, max: 5, before: 3, after: 30 },
  pattern: new RegExp(
    `(?<![\\w.,:/$#-])(?:(?:A|B|CH|D|DK|F|FIN|FL|I|L|N|NL|S|SE|E|P|CZ|SK|PL)-)?(?:\\d{4,5}|\\d{4} [A-Z]{2}|\\d{3} \\d{2}|\\d{2}-\\d{3}) ${capitalised}(?![\\w(:=])`,
  ),
  check: (value) =>
    !/^(?:19[5-9]|20[0-4])\d | (?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec|The|In|At|On|For|And|All|Free|Copyright|INFO|WARN|ERROR|DEBUG)$/.test(
      value,
    ),
  confidence: { alone: 0, supported: 65 },
  context: list(
    'anschrift|adresse|wohnhaft|straße|strasse|postleitzahl|plz|code postal|código postal|domicilio|indirizzo|postcode| rue |calle | via |gracht|straat|endereço|adres|adress',
  ),
  neverAlone: true,
  source: 'Universal Postal Union S42, address formats of its members',
};

/** `my zip code is 12345`. */
export const labelledPostcode: Detector = {
  id: 'address.postcode',
  class: 'pii.address',
  name: 'Postal code after a label',
  token: 'POSTCODE',
  find: {
    on: 'words',
    words: [
      'zip code',
      'zipcode',
      'zip:',
      'postal code',
      'postcode',
      'post code',
      'postleitzahl',
      'plz',
      'code postal',
      'digo postal',
      'postnummer',
      'pin code',
      'cap:',
      'psc:',
    ],
    at: { before: 3, after: 40 },
  },
  pattern:
    /(?<![A-Za-z_])(?:[Zz][Ii][Pp](?:[ -]?[Cc]ode)?|ZIP CODE|[Pp]ostal [Cc]ode|[Pp]ost ?[Cc]ode|PLZ|[Pp]ostleitzahl|[Cc]ode [Pp]ostal|[Cc](?:\xc3\xb3|o)digo [Pp]ostal|[Pp]ostnummer|PIN [Cc]ode|CAP)(?: ?(?:is|ist|est|es):?|[:=#])?[ \t]{1,4}(?<value>\d{3,5}(?:[ -]\d{2,4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2})(?![\w-]|[.,]\d)/,
  confidence: { alone: 65, supported: 65 },
  neverAlone: true,
  source: 'Universal Postal Union S42, address formats of its members',
};

/** The areas of Royal Mail that have two letters, and the ones that have one. */
const areas =
  '(?:A[BL]|B[ABDHLNRST]|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]|F[KY]|G[LUY]|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]|L[ADELNSU]|M[EKL]|N[EGNPRW]|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]|T[ADFNQRSW]|UB|W[ACDFNRSV]|YO|ZE|[BEGLMNSW])';
const postcode = new RegExp(
  `(?<![\\w.,/$#@\\x80-\\xff-])(?:${areas}(?:\\d{1,2}|\\d[A-HJKPSTUW]) \\d[ABD-HJLNP-UW-Z]{2}|[ABCEGHJ-NPRSTVXY]\\d[ABCEGHJ-NPRSTV-Z] \\d[ABCEGHJ-NPRSTV-Z]\\d)(?![\\w@-]|\\.\\w)`,
  'y',
);
/** A postcode has this much ahead of its space. */
const [leastAhead, mostAhead] = [2, 4];

const postcodesIn: Look = ({ bytes, text, base }, from, to, found) => {
  let next = from;
  for (const space of cues().postcodes(bytes, from - base, to + mostAhead - base))
    for (let ahead = mostAhead; ahead >= leastAhead; ahead--) {
      postcode.lastIndex = Math.max(0, space - ahead);
      const start = base + postcode.lastIndex;
      const length = start < next || start >= to ? 0 : (postcode.exec(text())?.[0].length ?? 0);
      if (length === 0) continue;
      next = start + length;
      const why = 'has the form of a postcode of the United Kingdom or Canada';
      found({ start, end: next, confidence: 65, why, isValue: true });
      break;
    }
  return next;
};

/** British and Canadian postcodes: letters and digits in an order that hardly anything else has. */
export const postcodes: TextDetector = {
  id: 'address.postcode.letters',
  class: 'pii.address',
  name: 'Postcode (United Kingdom, Canada)',
  token: 'POSTCODE',
  open: () => throughout(postcodesIn),
  source: 'BS 7666; Royal Mail PAF; Canada Post addressing guidelines',
};

export const postAddresses: readonly Detector[] = [
  postBox,
  unitOfHouse,
  usPlace,
  europeanPlace,
  labelledPostcode,
];
