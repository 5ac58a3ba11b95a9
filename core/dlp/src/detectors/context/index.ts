import type { Detector } from '../../detector.ts';
import { callDetectors } from './calls.ts';
import { cloudDetectors } from './cloud.ts';
import { commandDetectors } from './commands.ts';
import { directiveDetectors } from './directives.ts';
import { fileDetectors } from './files.ts';
import { frameworkDetectors } from './frameworks.ts';
import { genericDetectors } from './generic.ts';
import { hashDetectors } from './hashes.ts';
import { headerDetectors } from './headers.ts';
import { jwt, packedJson, packedJwt } from './jwt.ts';
import { keyDetectors } from './keys.ts';
import { shellDetectors } from './shell.ts';
import { urlDetectors } from './urls.ts';
import { valueFirst } from './value-first.ts';

/** Credentials that no prefix of their own gives away. */
export const contextDetectors: readonly Detector[] = [
  ...keyDetectors,
  jwt,
  packedJwt,
  packedJson,
  ...hashDetectors,
  ...headerDetectors,
  ...urlDetectors,
  ...fileDetectors,
  ...commandDetectors,
  ...directiveDetectors,
  ...shellDetectors,
  ...callDetectors,
  ...frameworkDetectors,
  ...cloudDetectors,
  ...genericDetectors,
  valueFirst,
];
