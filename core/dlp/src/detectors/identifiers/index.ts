import type { Detector } from '../../detector.ts';
import { iban } from './iban.ts';

export const identifierDetectors: readonly Detector[] = [iban];
