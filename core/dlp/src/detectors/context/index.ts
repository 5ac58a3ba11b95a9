import type { Detector } from '../../detector.ts';
import { cloudDetectors } from './cloud.ts';
import { commandDetectors } from './commands.ts';
import { fileDetectors } from './files.ts';
import { genericDetectors } from './generic.ts';
import { hashDetectors } from './hashes.ts';
import { headerDetectors } from './headers.ts';
import { jwt, packedJson, packedJwt } from './jwt.ts';
import { keyDetectors } from './keys.ts';
import { urlDetectors } from './urls.ts';

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
  ...cloudDetectors,
  ...genericDetectors,
];
