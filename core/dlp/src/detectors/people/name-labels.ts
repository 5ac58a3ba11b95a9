/** Labels of forms and headers of columns that ask for the name of a person. */
import { list } from './letters.ts';

/** Labels that ask for the name of a person and nothing else. Lower case. */
export const strongLabels: readonly string[] = list(`
patient|patient name|name of patient|employee|employee name|customer name|client name|full name|first name|last name|given name|family name|surname|middle name|maiden name|legal name|account holder|cardholder
|card holder|cardholder name|beneficiary|contact person|contact name|emergency contact|next of kin|applicant|policyholder|insured|guardian|mother's name|father's name|spouse|passenger|guest name|tenant
|claimant|defendant|plaintiff|student|pupil|vorname|nachname|familienname|geburtsname|vor- und nachname|kontoinhaber|karteninhaber|ansprechpartner|versicherter|mitarbeiter|patientin|kundin|prénom|nom de famille
|nom complet|nom et prénom|titulaire|assuré|salarié|nombre completo|nombre y apellidos|apellido|apellidos|titular|paciente|empleado|nome completo|sobrenome|cognome|nome e cognome|intestatario|dipendente|paziente
|voornaam|achternaam|werknemer|imię|nazwisko|imię i nazwisko|jméno|příjmení|förnamn|efternamn|fornavn|etternavn|efternavn|etunimi|sukunimi|keresztnév|vezetéknév|ad soyad|adı soyadı
`);

/** Labels that may ask for something else: what follows must look like a name. */
export const weakLabels: readonly string[] = list(
  'name|contact|customer|client|attn|attention|c/o|signed|prepared by|approved by|reviewed by|author|manager|doctor|from|to|cc|bcc|user|agent|nom|nombre|naam|nome|namn|navn|nimi|név|von|an|kunde|cliente|z. hd.',
);

/** Headers of columns that hold names, beside the labels above. Lower case. */
export const nameHeaders: ReadonlySet<string> = new Set([
  ...strongLabels,
  ...list(
    'full_name|firstname|lastname|first_name|last_name|fullname|given_name|givenname|family_name|familyname|customer_name|employee_name|patient_name|contact_name|fname|lname|middle_name|account_name|holder_name|owner_name',
  ),
]);
