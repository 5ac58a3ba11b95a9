/** What people say of themselves and others: where they live and work, their pay, accounts and documents. */
import type { Detector } from '../../detector.ts';
import { anyCase, capitalised, list, oneOf } from './letters.ts';

const source = 'Phrases and labels of forms in several languages';
const place = `${capitalised}(?:[ -]${capitalised}){0,2}`;

/** Where someone lives, comes from or travels to. */
export const whereabouts: Detector = {
  id: 'person.place',
  class: 'pii.location',
  name: 'Place where someone lives, was born or goes',
  token: 'PLACE',
  find: {
    on: 'words',
    words: [
      'moved here',
      'moved to',
      'moved from',
      'live in',
      'lives in',
      'lived in',
      'living in',
      'born in',
      'grew up in',
      'resident of',
      "i'm in ",
      'i am in ',
      'we are in ',
      'coming to ',
      'flew to ',
      'come from ',
      'comes from ',
      'am from ',
      'wohne in',
      'wohnt in',
      'wohnhaft in',
      'geboren in',
      'habite ',
      'vivo en ',
      'vive en ',
      'nacido en',
      'nacida en',
      'vivo a ',
      'nato a ',
      'nata a ',
      'moro em ',
      'woon in',
      'woont in',
      'bor i ',
    ],
    at: 'here',
  },
  pattern: new RegExp(
    `(?<![A-Za-z])(?:(?:moved here from|moved (?:to|from)|lives? in|lived in|living in|born in|grew up in|resident of|flew to|comes? from|(?<=I )am from|[Ww]ohne? in|[Ww]ohnt in|[Ww]ohnhaft in|[Gg]eboren in|[Hh]abite \\xc3\\xa0|[Vv]ivo en|[Vv]ive en|[Nn]acid[oa] en|[Vv]ivo a|[Nn]at[oa] a|[Mm]oro em|[Ww]oont? in|[Bb]or i)|(?:[Ii]'m in|I am in|[Ww]e are in|(?<=[Ww]ho's )coming to)) (?:the |der |den )?(?<value>${place}|(?<=from )[a-z]{4,20}(?=[.\\r\\n]|$))(?![\\w(])`,
  ),
  check: (value) =>
    !/^(?:Python|Java|Perl|Git|Debian|Ubuntu|Linux|Windows|Section|Chapter|Appendix|Table|Figure|The|This|January|February|March|April|May|June|July|August|September|October|November|December|UTF|XML|HTML|there|here|this|that|them|user|kernel|disk|memory|upstream|source)\b/.test(
      value,
    ),
  confidence: { alone: 65, supported: 65 },
  neverAlone: true,
  source,
};

/** For whom someone works. */
export const employment: Detector = {
  id: 'person.employer',
  class: 'pii.employment',
  name: 'Employer of a person',
  token: 'EMPLOYER',
  find: {
    on: 'words',
    words: [
      'work for ',
      'works for ',
      'worked for ',
      'work at ',
      'works at ',
      'worked at ',
      'working for ',
      'employed by ',
      'employed at ',
      'employer:',
      'employer name:',
      'arbeite bei ',
      'arbeitet bei ',
      'arbeitgeber:',
      'travaille chez ',
      'employeur:',
      'employeur :',
      'trabajo en ',
      'trabaja en ',
      'trabalho na ',
      'lavoro per ',
      'lavora per ',
      'werk bij ',
    ],
    at: 'here',
  },
  pattern: new RegExp(
    `(?<![A-Za-z])(?:(?:(?<=(?:\\bI|\\b[Ww]e|\\b[Hh]e|\\b[Ss]he|[A-Z][a-z]+|used to|currently|now|who|have|has) )work(?:s|ed)? (?:for|at)|(?<=(?:am|is|was|been|currently) )working for|(?<=(?:am|is|was|been|currently|I) )employed (?:by|at)|[Aa]rbeitet? bei|[Tt]ravaille chez|[Tt]rabaj[oa] en|[Tt]rabalho na|[Ll]avor[oa] per|[Ww]erk bij) (?:the )?|${anyCase(list('employer|employer name|arbeitgeber|employeur'))} ?:[ \\t]{0,4})(?<value>(?:\\d{1,3} )?${capitalised}(?:[ -](?:of |and |& )?${capitalised}){0,4})`,
  ),
  confidence: { alone: 65, supported: 65 },
  neverAlone: true,
  source,
};

/** Someone's own web page. */
export const ownWebsite: Detector = {
  id: 'person.website',
  class: 'pii.website',
  name: 'Web page of a person',
  token: 'WEBSITE',
  find: {
    on: 'words',
    words: [
      'website',
      'web site',
      'web page',
      'homepage',
      'my blog',
      'my profile',
      'linkedin',
      'page web',
      'sitio web',
      'sito web',
    ],
    at: 'here',
  },
  pattern:
    /(?<=[Mm]y (?:personal |own )?|[Hh]is |[Hh]er |\n[ \t]{0,4}|^)(?:(?:[Ww]ebsite|[Ww]eb site|[Ww]eb page|[Hh]omepage|[Bb]log|[Ll]inked[Ii]n|LinkedIn|[Pp]age web|[Ss]itio web|[Ss]ito web)|(?<= )my (?:blog|profile))(?: profile| page)?(?: is| at|:| :)[\s]{1,3}(?<value>https?:\/\/[\w.-]{3,80}(?:\/[\w.~%/-]{0,80})?|(?:www\.)?[\w-]{2,40}\.[a-z]{2,10}(?:\/[\w.~%/-]{0,60})?)/,
  confidence: { alone: 65, supported: 65 },
  neverAlone: true,
  source: 'RFC 3986',
};

/** The account name of a person. */
export const userName: Detector = {
  id: 'person.username',
  class: 'pii.username',
  name: 'User name after a label',
  token: 'USERNAME',
  find: {
    on: 'words',
    words: [
      'my username is',
      'my user name is',
      'my login is',
      'my handle is',
      'my user id is',
      'my skype',
      'my instagram',
      'my twitter',
      'my telegram',
      'my discord',
      'mein benutzername ist',
    ],
    at: 'here',
  },
  pattern:
    /(?<![A-Za-z])(?:[Mm]y (?:user ?name|login|handle|user id)|[Mm]y (?:[Ss]kype|[Ii]nstagram|[Tt]witter|[Tt]elegram|[Dd]iscord)(?: name| handle| id)?|[Mm]ein Benutzername)(?: is| ist|:)[ ]{1,2}["'@]?(?<value>[\w.-]{3,32})/,
  confidence: { alone: 65, supported: 65 },
  neverAlone: true,
  source,
};

/** A position on the map, near words that make it someone's or something's place. */
export const coordinates: Detector = {
  id: 'geo.coordinates',
  class: 'pii.location',
  name: 'Geographic coordinates',
  token: 'COORDINATES',
  find: {
    on: 'words',
    words: ['latitude', 'longitude', 'lat:', 'lat=', 'gps', 'coordinates', 'geo:', 'location:'],
    at: { before: 4, after: 90 },
  },
  pattern:
    /(?<![\w.])(?<value>-?(?:[1-8]?\d(?:\.\d{4,10})|90\.0{4,10})\xc2?\xb0? ?[NS]?(?:, ?|[ ;/]|"?,? ?"?(?:[Ll]ong?|[Ll]ongitude|lng)"?[:= ]{1,3}"?)-?(?:1[0-7]\d|\d{1,2})\.\d{4,10}\xc2?\xb0? ?[EW]?)(?![\w.])/,
  confidence: { alone: 65, supported: 75 },
  context: list('home|address|patient|customer|employee|user|device|last seen|residence|check-in'),
  neverAlone: true,
  source: 'ISO 6709; RFC 5870',
};

/** What someone earns. */
export const salary: Detector = {
  id: 'salary',
  class: 'pii.salary',
  name: 'Pay of a person',
  token: 'SALARY',
  find: {
    on: 'words',
    words: [
      'salary',
      'annual pay',
      'base pay',
      'gross pay',
      'net pay',
      'compensation',
      'wage',
      'gehalt',
      'bruttolohn',
      'nettolohn',
      'jahresgehalt',
      'salaire',
      'salario',
      'sueldo',
      'stipendio',
      'salaris',
      'wynagrodzenie',
      'earns',
      'earning',
    ],
    at: { before: 4, after: 70 },
  },
  pattern: new RegExp(
    `(?<![A-Za-z])${anyCase(list('salary|annual pay|base pay|gross pay|net pay|compensation|wage|wages|gehalt|monatsgehalt|bruttogehalt|bruttolohn|nettolohn|jahresgehalt|salaire|salario|sueldo|stipendio|salaris|wynagrodzenie|earns|earning'))}[^\\d\\n]{0,30}?(?<value>(?:${oneOf(list('$|€|£|USD|EUR|GBP|CHF|CAD|AUD|INR|₹|¥|PLN|SEK|NOK|DKK|R$'))} ?(?:\\d{1,3}(?:[.,' ]\\d{3}){1,3}(?:[.,]\\d\\d)?|\\d{2,9}(?:[.,]\\d\\d)?)(?:k|K)?|\\d{1,3}(?:[.,' ]?\\d{3})+(?:[.,]\\d{2})? ?${oneOf(list('€|$|£|USD|EUR|GBP|CHF|CAD|AUD|INR|PLN|SEK|NOK|DKK|Euro|euros|euro|zł|kr'))}))`,
  ),
  confidence: { alone: 65, supported: 75 },
  context: list(
    'employee|per year|annual|per month|monthly|bonus|contract|offer|mitarbeiter|pro jahr|brutto|par an|anual|payroll|hr ',
  ),
  neverAlone: true,
  source: 'ISO 4217; labels of pay slips and contracts',
};

export const personalFacts: readonly Detector[] = [
  whereabouts,
  employment,
  ownWebsite,
  userName,
  coordinates,
  salary,
];
