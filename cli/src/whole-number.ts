/** Numbers on the command line. */
import { InvalidArgumentError } from 'commander';

/** A whole number above 0 of at most twelve digits; throws InvalidArgumentError. */
export function positiveNumber(text: string): number {
  if (!/^[1-9]\d{0,11}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(text);
}
