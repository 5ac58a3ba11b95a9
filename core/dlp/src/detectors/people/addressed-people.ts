/** Names of people by what stands before them in sentences and letters: a form of address, a greeting, an introduction. */
import type { Detector } from '../../detector.ts';
import { capitalised, list, oneOf, restOfName, upper } from './letters.ts';
import { judgeName } from './person-names.ts';

const source = 'Forms of address and greetings of letters, in twelve languages';

/** Words that make a name more than a mention. */
export const personSupport: readonly string[] = list(
  'patient|customer|client|employee|applicant|insured|passport|date of birth|resident|kunde|versichert|assuré|cliente|paciente',
);

/** A surname, or given names and a surname. */
export const personName = `(?:${upper}\\.? ?(?=[A-Z\\xc3-\\xe1]))*${capitalised}${restOfName}`;

/** At least two words. */
export const fullName = `${capitalised}(?:[ \\xa0]${upper}\\.?){0,2}[ \\xa0](?=[A-Z\\xc3-\\xe1]|[a-z]{1,3} )${capitalised.replace('(?:', '(?:(?:van|von|de|der|den|del|della|di|da|dos|du|la|le|al|el|bin|ten|zu) ){0,2}(?:')}${restOfName}`;

const forms = list(`
Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Judge|Nurse|Herr|Herrn|Frau|Mme|Mlle|Monsieur|Madame|Mademoiselle|Señor|Señora|señor|señora|Sr|Sra|Srta|Doña|Dña
|Senhor|Senhora|Sig|Signor|Signora|Signorina|Dott|Dhr|Mevr|Mevrouw|Meneer|Herra|Rouva|Pan|Pani|Shri|Smt|MR|MRS|HERR|FRAU|mrs|herr|frau
`);

/** What stands behind such words and is no name. In lower case. */
const notPeople: ReadonlySet<string> = new Set(
  list(
    'windows|word|excel|office|sql|dos|the|and|you|new|robot|bot|access|teams|project|chairman|president|speaker|who|is|of|in|european|american|i',
  ),
);

/** A form of address and the name behind it. */
export const addressedPerson: Detector = {
  id: 'person.addressed',
  class: 'pii.name',
  name: 'Name after a form of address',
  token: 'NAME',
  find: {
    on: 'words',
    words: [
      'mr.',
      'mr ',
      'mrs',
      'ms.',
      'ms ',
      'miss ',
      'mx. ',
      'dr.',
      'dr ',
      'prof.',
      'professor ',
      'judge ',
      'nurse ',
      'herr',
      'frau ',
      'mme',
      'mlle',
      'monsieur ',
      'madame ',
      'mademoiselle ',
      'sr.',
      'sra',
      'srta',
      'senhor',
      'sig.',
      'signor',
      'dott.',
      'dhr.',
      'mevr',
      'meneer ',
      'rouva ',
      'pan ',
      'pani ',
      'shri ',
      'smt',
    ],
    at: 'here',
  },
  pattern: new RegExp(
    `(?<![A-Za-z0-9_\\x80-\\xff.-])${oneOf(forms)}\\.?[ \\xa0](?:(?:Dr|Prof|med|Ing)\\.[ ]){0,3}(?<value>${personName})`,
  ),
  check: (value) => !notPeople.has(/^[^ \xa0]*/.exec(value)?.[0].toLowerCase() ?? ''),
  confidence: { alone: 65, supported: 75 },
  context: personSupport,
  neverAlone: true,
  source,
};

const greetings = list(
  'Dear|Liebe|Lieber|Geehrter|Geehrte|geehrter|geehrte|Cher|Chère|Estimado|Estimada|Querido|Querida|Prezado|Prezada|Gentile|Egregio|Beste|Geachte|Kära|Kære|Kjære',
);
const notGreeted =
  /^(?:Sirs?|Madam|All|Team|Customer|Friend|Colleague|Reader|User|Hiring|Editor|Diary|Lord|God|Kolleg|Damen|Kund|Mitarbeiter|Clients?|Everyone)/;

/** Whom a letter greets. */
export const greetedPerson: Detector = {
  id: 'person.greeted',
  class: 'pii.name',
  name: 'Name in the greeting of a letter',
  token: 'NAME',
  find: {
    on: 'words',
    words: [
      'dear ',
      'liebe',
      'geehrte',
      'cher ',
      'estimad',
      'querid',
      'prezad',
      'gentile ',
      'egregio ',
      'beste ',
      'geachte ',
    ],
    at: 'here',
  },
  pattern: new RegExp(
    `(?<![A-Za-z0-9_\\x80-\\xff])${oneOf(greetings)} (?:${oneOf(forms)}\\.? )?(?:Dr\\. )?(?<value>${personName})(?=[,;:!\\r\\n]|$)`,
  ),
  check: (value) => !notGreeted.test(value),
  confidence: { alone: 65, supported: 75 },
  context: personSupport,
  neverAlone: true,
  source,
};

const closings = list(`
Regards|regards|Sincerely|sincerely|Yours truly|Cheers|Best wishes|Many thanks|Thanks|Thank you|Cordialement|Salutations|salutations|Atentamente|Saludos|saludos|Atenciosamente|Cordiali saluti
|Distinti saluti|Groeten|groeten|groet|Mit freundlichen Grüßen|mit freundlichen Grüßen|Viele Grüße|Beste Grüße|Med vänlig hälsning|Pozdrawiam
`);

/** Who signs a letter. */
export const signingPerson: Detector = {
  id: 'person.signing',
  class: 'pii.name',
  name: 'Name at the end of a letter',
  token: 'NAME',
  find: {
    on: 'words',
    words: [
      'regards,',
      'sincerely,',
      'truly,',
      'cheers,',
      'wishes,',
      'thanks,',
      'thank you,',
      'cordialement',
      'salutations,',
      'entamente,',
      'saludos,',
      'samente,',
      'saluti,',
      'groet',
      'freundlichen gr',
      'viele gr',
      'beste gr',
      'pozdrawiam',
    ],
    at: { before: 10, after: 90 },
  },
  pattern: new RegExp(
    `(?<![A-Za-z\\x80-\\xff])${oneOf(closings)},?[ \\t]*(?:\\r?\\n[ \\t]*){1,3}(?<value>${personName})(?=[ \\t]*(?:[,\\r\\n]|$))`,
  ),
  confidence: { alone: 65, supported: 75 },
  context: personSupport,
  neverAlone: true,
  source,
};

const introductions = list(`
Mein Name ist|mein Name ist|Ich heiße|ich heiße|appelle|Me llamo|me llamo|Mi nombre es|mi nombre es|Mi chiamo|mi chiamo|Ik heet|ik heet|Mijn naam is|mijn naam is|Jag heter|jag heter|Jeg hedder|Jeg heter
|Jmenuji se|Nazywam się|Meu nome é|meu nome é
`);

/** `My name is …` in several languages. */
export const introducedPerson: Detector = {
  id: 'person.introduced',
  class: 'pii.name',
  name: 'Name that is given as such in a sentence',
  token: 'NAME',
  find: {
    on: 'words',
    words: [
      'name? ',
      'name is ',
      "name's ",
      'name ist ',
      'ich hei',
      'appelle ',
      'me llamo ',
      'nombre es ',
      'mi chiamo ',
      'ik heet ',
      'naam is ',
      'jag heter ',
      'jeg hedder ',
      'jeg heter ',
      'jmenuji se ',
      'nazywam si',
      'meu nome ',
    ],
    at: { before: 8, after: 90 },
  },
  pattern: new RegExp(
    `(?<![A-Za-z0-9_])(?:(?:[Mm]y|[Hh]is|[Hh]er|[Tt]heir|[Yy]our|full|last|first|maiden|family|[a-z]{3,12}'s) (?:full |last |first |family )?name(?: is|'s| on the [a-z]{3,12})?(?:\\? (?:[A-Z][a-z]{2,10}: )?| )|${oneOf(introductions)} )(?<value>${personName}|[a-z]{3,15} [a-z]{3,15}(?=[.,!?\\r\\n]|$))`,
  ),
  check: (value) => {
    const first = /^[^ \xa0]*/.exec(value)?.[0] ?? '';
    // Who writes in lower case throughout does so with names as well; then only names that are known count.
    return /^[a-z]/.test(value)
      ? judgeName(first, '', true) !== undefined
      : !notPeople.has(first.toLowerCase());
  },
  confidence: { alone: 65, supported: 75 },
  context: personSupport,
  neverAlone: true,
  source,
};
