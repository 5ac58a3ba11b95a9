/** What a policy has looked for: what ships, without what it switches off, with what it defines itself. */
import { shippedScanner } from '../classify.ts';
import { parseCustom } from '../custom/schema.ts';
import { detectors, textDetectors } from '../detectors/index.ts';
import { Scanner } from '../scan/scanner.ts';
import { nodeDlpHost } from './host.ts';

export type ScannerRules = {
  /** Classes and detectors that do not count. */
  readonly off: readonly string[];
  /** Detectors of the customer's own, as the policy's data has them. */
  readonly custom?: unknown;
};

/** One for each thread. Throws CustomError or RangeError when the policy's own definitions cannot be used. */
export function scannerFor({ off, custom }: ScannerRules): Scanner {
  if (off.length === 0 && custom === undefined) return shippedScanner();
  const isOn = ({ id }: { readonly id: string }): boolean => !off.includes(id);
  const definitions = custom === undefined ? undefined : parseCustom(custom);
  return new Scanner({
    detectors: detectors.filter(isOn),
    textDetectors: textDetectors.filter(isOn),
    off,
    ...(definitions ? { custom: { definitions, host: nodeDlpHost() } } : {}),
  });
}
