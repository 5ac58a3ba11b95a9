/** Names of people behind the labels of forms, and in front of mail addresses. */
import type { Checked, Detector } from '../../detector.ts';
import { fullName, personName, personSupport } from './addressed-people.ts';
import { anyCase, capitalised, list } from './letters.ts';
import { judgeName } from './person-names.ts';

/** Labels that ask for the name of a person and nothing else. Lower case. */
const strongLabels = list(`
patient|patient name|name of patient|employee|employee name|customer name|client name|full name|first name|last name|given name|family name|surname|middle name|maiden name|legal name|account holder|cardholder
|card holder|cardholder name|beneficiary|contact person|contact name|emergency contact|next of kin|applicant|policyholder|insured|guardian|mother's name|father's name|spouse|passenger|guest name|tenant
|claimant|defendant|plaintiff|student|pupil|vorname|nachname|familienname|geburtsname|vor- und nachname|kontoinhaber|karteninhaber|ansprechpartner|versicherter|mitarbeiter|patientin|kundin|prénom|nom de famille
|nom complet|nom et prénom|titulaire|assuré|salarié|nombre completo|nombre y apellidos|apellido|apellidos|titular|paciente|empleado|nome completo|sobrenome|cognome|nome e cognome|intestatario|dipendente|paziente
|voornaam|achternaam|werknemer|imię|nazwisko|imię i nazwisko|jméno|příjmení|förnamn|efternamn|fornavn|etternavn|efternavn|etunimi|sukunimi|keresztnév|vezetéknév|ad soyad|adı soyadı
`);

/** Labels that may ask for something else: what follows must look like a name. */
const weakLabels = list(
  'name|contact|customer|client|attn|attention|c/o|signed|prepared by|approved by|reviewed by|author|manager|doctor|from|to|cc|bcc|user|agent|nom|nombre|naam|nome|namn|navn|nimi|név|von|an|kunde|cliente|z. hd.',
);

/** The last letters of every label before its colon, as far as they are ASCII. */
const labelEnds = [
  ...new Set([...strongLabels, ...weakLabels].map((label) => `${/[a-z'.]*$/.exec(label)?.[0] ?? ''}:`)),
].filter((word) => word.length >= 3);

/** A label and the name behind it: `Patient: Jane Doe`. */
export const labelledPerson: Detector = {
  id: 'person.labelled',
  class: 'pii.name',
  name: 'Name after a label',
  token: 'NAME',
  find: { on: 'words', words: labelEnds, at: { before: 24, after: 90 } },
  pattern: new RegExp(
    `(?<![A-Za-z0-9_.$-])(?:(?<strong>${anyCase(strongLabels)})|${anyCase(weakLabels)}) ?:[ \\t]{0,8}(?:\\r?\\n[ \\t]*)?["']?(?:(?:Mr|Mrs|Ms|Herr|Frau)\\.? )?(?:(?:Dr|Prof)\\.? (?:med\\. )?)?(?<value>${personName})(?![A-Za-z0-9_(@\\x80-\\xff])`,
  ),
  check: (value, match): Checked => {
    const first = /^[^ \xa0]*/.exec(value)?.[0] ?? '';
    const isName = judgeName(first, value.slice(first.length), true) !== undefined;
    if (match.groups?.['strong'] === undefined) return isName;
    const why = 'the label asks for a name';
    return isName ? { alone: 75, supported: 85, why } : { alone: 65, supported: 75, why };
  },
  confidence: { alone: 65, supported: 75 },
  context: personSupport.filter((word) => word.includes(' ') || word === 'passport' || word === 'insured'),
  neverAlone: true,
  source: 'Labels of forms in sixteen languages',
};

/** `Jane Doe <jane@example.org>`: the name. */
export const mailPerson: Detector = {
  id: 'person.mail',
  class: 'pii.name',
  name: 'Name in front of a mail address',
  token: 'NAME',
  find: { on: 'at' },
  pattern: new RegExp(
    `(?<![A-Za-z0-9_.@\\x80-\\xff-])(?<value>${fullName}|${capitalised}, ${capitalised})["']? {0,2}[<(\\[](?:mailto:)?[\\w.+-]{1,64}@`,
  ),
  confidence: { alone: 65, supported: 65 },
  neverAlone: true,
  source: 'RFC 5322, 3.4: display names',
};

/** Headers of columns that hold names, beside the labels above. Lower case. */
export const nameHeaders: ReadonlySet<string> = new Set([
  ...strongLabels,
  ...list(
    'full_name|firstname|lastname|first_name|last_name|fullname|given_name|givenname|family_name|familyname|customer_name|employee_name|patient_name|contact_name|fname|lname|middle_name|account_name|holder_name|owner_name',
  ),
]);
