/** When and where people were born, and how old they are. */
import type { Detector } from '../../detector.ts';
import { date } from './dates.ts';
import { list, oneOf } from './letters.ts';

const labels = list(`
date of birth|Date of birth|Date of Birth|Date Of Birth|DATE OF BIRTH|date-of-birth|birth date|Birth date|Birth Date|BIRTH DATE|birthdate|Birthdate|birth_date|birthday|Birthday|DOB|dob|D.O.B.|D.O.B|d.o.b.|b-day
|Geburtsdatum|geburtsdatum|GEBURTSDATUM|Geburtstag|Geb.-Datum|geb. am|geb.|Geb.|geboren am|Geboren am|geboren|date de naissance|Date de naissance|DATE DE NAISSANCE|fecha de nacimiento|Fecha de nacimiento|Fecha de Nacimiento|FECHA DE NACIMIENTO
|data de nascimento|Data de nascimento|Data de Nascimento|data di nascita|Data di nascita|Data di Nascita|geboortedatum|Geboortedatum|data urodzenia|Data urodzenia|datum narození|Datum narození|födelsedatum|Födelsedatum|fødselsdato|Fødselsdato|fødselsdag
|syntymäaika|Syntymäaika|születési idő|Születési idő|születési dátum|doğum tarihi|Doğum tarihi|Doğum Tarihi|datum rođenja|дата рождения|Дата рождения
`);

export const birthDate: Detector = {
  id: 'birth.date',
  class: 'pii.birth_date',
  name: 'Date of birth',
  token: 'BIRTH_DATE',
  find: {
    on: 'words',
    words: [
      'birth',
      'dob',
      'd.o.b',
      'geb.',
      'geboren',
      'geburtsdatum',
      'geburtstag',
      'naissance',
      'nacimiento',
      'nascimento',
      'nascita',
      'geboortedatum',
      'urodzenia',
      'narozen',
      'delsedatum',
      'dselsda',
      'syntym',
      'um tarihi',
      'datum ro',
      'si id',
    ],
    at: { before: 12, after: 80 },
  },
  pattern: new RegExp(
    `(?<![A-Za-z_])${oneOf(labels)}(?:[^\\d\\n]{0,24}|[^\\d\\n]{0,12}\\r?\\n[ \\t]{0,8})(?<value>${date})`,
  ),
  confidence: { alone: 75, supported: 85 },
  context: list(
    'patient|passport|applicant|insured|ssn|social security|nationality|full name|surname|last name|first name|name:|vorname|nachname|nom:|prénom|apellido|cognome|policy|medical',
  ),
  neverAlone: true,
  source: 'ISO 8601; dates as written in the countries of the labels',
};

/** `born on 3 May 1971`, `née le 3 mai 1971`. */
export const bornOn: Detector = {
  id: 'birth.born',
  class: 'pii.birth_date',
  name: 'Date of birth in a sentence',
  token: 'BIRTH_DATE',
  find: {
    on: 'words',
    words: ['born ', ' le ', 'nacid', 'nato il', 'nata il', 'nascid', 'urodzon', 'gimin'],
    at: { before: 8, after: 70 },
  },
  pattern: new RegExp(
    `(?<![A-Za-z_])(?:[Bb]orn(?: on| in [^\\d\\n]{2,30}? on|:|,)?|[Nn]\\xc3\\xa9e? le|[Nn]acid[oa] el(?: d\\xc3\\xada)?|[Nn]at[oa] il|[Nn]ascid[oa] (?:em|a)|[Uu]rodzon[ya]) (?<value>${date})`,
  ),
  confidence: { alone: 65, supported: 75 },
  context: list(
    'patient|passport|applicant|resident|address|nationality|mr |mrs |ms |madame|monsieur|domicili|herr |frau ',
  ),
  neverAlone: true,
  source: 'ISO 8601; dates as written in the countries of the phrases',
};

const age = '(?:1[01]\\d|[1-9]?\\d)';

/** How old someone is. */
export const ageOfPerson: Detector = {
  id: 'age',
  class: 'pii.age',
  name: 'Age of a person',
  token: 'AGE',
  find: {
    on: 'words',
    words: [
      'year old',
      'year-old',
      'years old',
      'years-old',
      'years of age',
      'yr old',
      ' y/o',
      ' aged ',
      ' age:',
      '\nage:',
      ' age is ',
      ' turned ',
      'll turn ',
      ' turning ',
      'jahre alt',
      'alter:',
      'os de edad',
      'edad:',
      ' ans,',
      'jaar oud',
      'leeftijd',
      ' anni,',
      'os de idade',
      'idade:',
      'r gammal',
      'r gammel',
      'ikainen',
    ],
    at: { before: 14, after: 24 },
  },
  pattern: new RegExp(
    `(?<![\\w.,-])(?:(?<value>${age}) ?-?(?:years?[ -]olds?|yrs? old|years of age|y/o)(?![A-Za-z])|(?:[Aa]ged|[Aa]ge:|[Aa]ge is|AGE:|[Tt]urn(?:ed|ing|s)?|[Aa]lter:|[Ee]dad:|[Ll]eeftijd:?|[Ii]dade:|[Ee]t\\xc3\\xa0:)[ \\t]{0,4}(?<years>${age})(?!\\d|[.,:%]\\d|-?[A-Za-z]| (?:minutes|hours|days|weeks|degrees|percent|off|on|times))|(?<jahre>${age}) (?:Jahre alt|ans,|a\\xc3\\xb1os de edad|jaar oud|anni,|anos de idade|\\xc3\\xa5r gammal|\\xc3\\xa5r gammel))`,
  ),
  check: (value) => Number(/\d+/.exec(value)?.[0]) > 0,
  confidence: { alone: 65, supported: 75 },
  context: list('patient|birth|diagnos|gender|sex:|admitted|passport'),
  neverAlone: true,
  source: 'Phrases of eleven languages',
};
