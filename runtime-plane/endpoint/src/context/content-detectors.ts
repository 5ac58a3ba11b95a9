/** What a policy has looked for: what ships, without what it switches off, with what it defines itself. */
import { detectors, parseCustom, Scanner, shippedScanner, textDetectors } from '@chaperone/dlp';
import { nodeDlpHost } from '@chaperone/dlp/node';
import type { ContentRules } from './content-facts.ts';

/** One for each thread. Throws CustomError or RangeError when the policy's own definitions cannot be used. */
export function scannerFor({ off, custom }: ContentRules): Scanner {
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
