/** Streets with house numbers, in the order of each language. */
import type { Checked, Detector } from '../../detector.ts';
import { anyCase, capitalised, list, oneOf } from './letters.ts';

const source = 'Universal Postal Union S42, address formats of its members';

export const addressSupport: readonly string[] = list(
  'address|street|postcode|postal code|zip code|zip:|city|residence|resident|lives at|live at|deliver|ship to|bill to|adresse|anschrift|wohnhaft|domicile|domicilio|dirección|endereço|indirizzo|adres|adress|adresa|osoite|suite|apt.|phone',
);

const kinds = list(`
street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|square|sq|terrace|ter|circle|cir|highway|hwy|parkway|pkwy|crescent|cres|close|trail|trl|grove|alley|mews|gardens|esplanade|turnpike|plaza|way|walk|row|quay|hill|gate|freeway|expressway
`);

/** What may stand between the number and the kind of street: up to four words. */
const streetName = `(?:(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\\.? )?(?:(?:\\d{1,3}(?:st|nd|rd|th)|${capitalised}|[A-Z]\\.?|(?:de|la|el|of|the|del|les|du)) ){1,4}(?:\\d{1,4} )?)`;
const lowerName = '(?:[a-z\\x80-\\xff\\xc3]{2,18} ){1,3}';

const unit =
  '(?:,? {0,2}(?:[Aa]pt|[Ss]uite|[Ss]te|[Uu]nit|[Ff]lat|[Ff]loor|APT|SUITE|UNIT|#)\\.? ?#?[\\w-]{1,6})?';

/** `221B Baker Street`, `1600 Pennsylvania Ave NW`. */
export const englishStreet: Detector = {
  id: 'address.street.en',
  class: 'pii.address',
  name: 'Street address',
  token: 'ADDRESS',
  find: {
    on: 'words',
    words: [
      ' street',
      ' avenue',
      ' ave.',
      ' ave ',
      ' ave,',
      ' ave\n',
      ' road',
      ' rd.',
      ' rd ',
      ' rd,',
      ' rd\n',
      ' boulevard',
      ' blvd',
      ' lane',
      ' drive',
      ' dr.',
      ' dr,',
      ' dr\n',
      ' court',
      ' place',
      ' square',

      ' st.',
      ' st,',
      ' st\n',
      ' st ',
      ' terrace',
      ' circle',
      ' highway',
      ' hwy',
      ' parkway',
      ' pkwy',
      ' crescent',
      ' close',
      ' grove',
      ' alley',
      ' mews',
      ' gardens',
      ' esplanade',
      ' plaza',
      ' way',
      ' walk',
      ' quay',
    ],
    at: { before: 60, after: 30 },
  },
  pattern: new RegExp(
    `(?<![\\w.,:/$#%-])\\d{1,6}[A-Za-z]?(?:[-/]\\d{1,4}[A-Za-z]?)?,? (?:\\d{1,5} )?(?:${streetName}${anyCase(kinds)}|${lowerName}(?:street|avenue|road|boulevard|lane|drive|court|crescent|rd|ave|blvd))(?![A-Za-z0-9_(-])\\.?(?: (?:N|S|E|W|NE|NW|SE|SW)(?![A-Za-z]))?${unit}`,
  ),
  check: (value): Checked => {
    if (
      /^\d{1,6} (?:in|of|the|to|and|or|for|a|more|other|different|out|on|is|are|was|at|by|per) /i.test(value)
    )
      return false;
    if (/^(?:19|20)\d\d[ -,]/.test(value)) return { alone: 0, supported: 65 };
    if (/51 Franklin St|59 Temple Pl|675 Mass|51 Frankl/.test(value)) return false;
    return !/^[\d/A-Za-z-]+,? (?:\d+ )?[a-z]/.test(value) || { alone: 65, supported: 65 };
  },
  confidence: { alone: 65, supported: 75 },
  context: addressSupport,
  against: ['free software foundation'],
  source,
};

const suffixes = list(`
straße|strasse|str.|weg|allee|platz|gasse|ring|damm|ufer|chaussee|stieg|steig|graben|markt|berg|hof
|straat|laan|plein|gracht|kade|dijk|singel|dreef|hof|pad|steeg|weg
|gatan|gata|gaten|gade|vägen|vej|vejen|veien|vei|allé|gränd|stien|torget|torv|stræde|backen|plan|stigen|katu|tie|kuja|polku|kaari|rinne
|gaarde|bakken|haven|utca|götu|vegur|braut|stígur
`);

/** `Hauptstraße 12a`, `Keizersgracht 5`, `Storgatan 3`: name and kind are one word, or two, and the number is last. */
export const suffixStreet: Detector = {
  id: 'address.street.suffix',
  class: 'pii.address',
  name: 'Street with house number (German, Dutch, Nordic)',
  token: 'ADDRESS',
  find: {
    on: 'words',
    words: [
      'stra',
      'str. ',
      'weg ',
      'allee ',
      'platz ',
      'gasse ',
      'damm ',
      'ufer ',
      'chaussee ',
      'straat ',
      'laan ',
      'plein ',
      'gracht ',
      'kade ',
      'dijk ',
      'singel ',
      'dreef ',
      'gatan ',
      'gata ',
      'gaten ',
      'gade ',
      'vagen ',
      'vej ',
      'vejen ',
      'veien ',
      'vei ',
      'torget ',
      'torv ',
      'stien ',
      'backen ',
      'bakken ',
      'stigen ',
      'katu ',
      'ntie ',
      'kuja ',
      'polku ',
      'kaari ',
      'utca ',
      'hof ',
      ' u. ',
      'plads ',
    ],
    at: { before: 36, after: 24 },
  },
  pattern: new RegExp(
    `(?<![\\w.,/$\\x80-\\xff-])(?:(?:Am|An der|An den|Auf der|Im|In der|Zum|Zur|Van|De|Den|Gamle|Nya|Stora|Alte|Neue|Kleine|Große) )?(?:${capitalised}[ -]){0,2}(?:(?=[A-Z\\xc3-\\xc5])(?:[A-Za-z]|[\\xc3-\\xc5][\\x80-\\xbf]|-){2,24}?${oneOf(suffixes)}|${capitalised} ${anyCase(list('straße|strasse|str.|weg|allee|platz|allé|gade|gata|vej|vei|utca|út|tér|u.|plads'))}) \\d{1,4}(?: ?[a-zA-Z](?![A-Za-z]))?(?:[-/]\\d{1,4})?(?![\\w%]|[.,:]\\d| (?:minutes|items|times))`,
  ),
  confidence: { alone: 65, supported: 75 },
  context: addressSupport,
  source,
};

const romance = list(`
rue|avenue|boulevard|bd|impasse|allée|chemin|quai|place|cours|route|square|ruelle|faubourg|via|viale|piazza|corso|vicolo|largo|strada|piazzale|lungomare|contrada|calle|c/|avenida|avda.|avda|av.|paseo|plaza|carretera|camino|ronda|travesía|glorieta
|camiño|rúa|carrer|rua|travessa|praça|alameda|estrada|rodovia|vila|largo do|calçada|beco|ul.|ulica|aleja|al.|pl.|os.|str.|strada|bulevardul|calea|șoseaua|cesta|trg|náměstí|nám.|ulice|улица|ул.|проспект|пр.|οδός
`);

/** `12, rue de la Paix`, `Via Roma 12`, `Calle Mayor, 5`, `ul. Długa 7`: the kind comes first. */
export const prefixStreet: Detector = {
  id: 'address.street.prefix',
  class: 'pii.address',
  name: 'Street with house number (Romance and Slavic languages)',
  token: 'ADDRESS',
  find: {
    on: 'words',
    words: [
      'rue ',
      'avenue ',
      'boulevard ',
      'impasse ',
      'chemin ',
      'quai ',
      'place ',
      'route ',
      'faubourg ',
      'via ',
      'viale ',
      'piazza ',
      'corso ',
      'vicolo ',
      'largo ',
      'strada ',
      'piazzale ',
      'calle ',
      'avenida ',
      'avda',
      'paseo ',
      'plaza ',
      'carretera ',
      'camino ',
      'ronda ',
      'carrer ',
      'rua ',
      'travessa ',
      'alameda ',
      'estrada ',
      'rodovia ',
      'vila ',
      'ul. ',
      'ulica ',
      'aleja ',
      'bulevardul ',
      'calea ',
      'trg ',
      'av. ',
      'cami',
    ],
    at: { before: 14, after: 60 },
  },
  pattern: new RegExp(
    `(?<![\\w.$\\x80-\\xff/-])(?:\\d{1,5}(?: ?(?:bis|ter|quater|[A-D]))?,? ${anyCase(romance)} (?:(?:de|du|des|la|le|les|l'|d'|da|do|dos|das|del|della|dei|di|et|y|e) ?){0,3}${capitalised}(?:[ '-](?:(?:de|du|des|la|le|les|da|do|del|di|et|y|e) )?${capitalised}){0,4}|${anyCase(romance)} (?:(?:de|du|des|la|le|los|las|da|do|dos|das|del|della|dei|di|dell'|San|S\\.) ?){0,3}${capitalised}(?:[ '-](?:(?:de|du|des|la|le|da|do|del|di|et|y|e) )?${capitalised}){0,4},? (?:n\\.? ?|nr\\.? ?|n\\xc2[\\xba\\xb0] ?)?\\d{1,5}(?![\\w%]|[.:]\\d))`,
  ),
  confidence: { alone: 65, supported: 75 },
  context: addressSupport,
  source,
};

export const streets: readonly Detector[] = [englishStreet, suffixStreet, prefixStreet];
