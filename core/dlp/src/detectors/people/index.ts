import type { Detector, TextDetector } from '../../detector.ts';
import { addressedPerson, greetedPerson, introducedPerson, signingPerson } from './addressed-people.ts';
import { ageOfPerson, birthDate, bornOn } from './birth.ts';
import { email } from './email.ts';
import { financialTables } from './financial-tables.ts';
import { health } from './health.ts';
import { labelledDocuments } from './labelled-documents.ts';
import { labelledPerson, mailPerson } from './labelled-people.ts';
import { personColumns } from './person-columns.ts';
import { personNames } from './person-names.ts';
import { markings } from './markings.ts';
import { company } from './organisations.ts';
import { personalFacts } from './personal-facts.ts';
import { phone } from './phone.ts';
import { postAddresses, postcodes } from './post.ts';
import { sourceCode } from './source-code.ts';
import { specialCategories } from './special-categories.ts';
import { streets } from './street.ts';

export const peopleDetectors: readonly Detector[] = [
  addressedPerson,
  greetedPerson,
  signingPerson,
  introducedPerson,
  labelledPerson,
  mailPerson,
  email,
  phone,
  birthDate,
  bornOn,
  ageOfPerson,
  ...streets,
  ...postAddresses,
  ...personalFacts,
  ...labelledDocuments,
  company,
  ...specialCategories,
  ...health,
  ...markings,
];
export const textDetectors: readonly TextDetector[] = [
  personNames,
  personColumns,
  postcodes,
  financialTables,
  sourceCode,
];
