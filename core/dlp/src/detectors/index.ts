/** All detectors that ship. A policy may switch classes off; it cannot make one say more than it does. */
import type { Detector, TextDetector } from '../detector.ts';
import { contextDetectors } from './context/index.ts';
import { secretColumns } from './context/columns.ts';
import { identifierDetectors } from './identifiers/index.ts';
import { peopleDetectors, textDetectors as aboutText } from './people/index.ts';
import { tokenDetectors } from './tokens/index.ts';

export const detectors: readonly Detector[] = [
  ...tokenDetectors,
  ...contextDetectors,
  ...identifierDetectors,
  ...peopleDetectors,
];

export const textDetectors: readonly TextDetector[] = [...aboutText, secretColumns];
