/** What is in a file, as policies see it. This module loads the detectors; what a policy is told lies in `content-facts.ts`. */
import { classify, defaultLimits, type Scanner, shippedScanner, type Source } from '@chaperone/dlp';
import { fileSource, nodeDlpHost } from '@chaperone/dlp/node';
import { asContent, type Content, type ContentAbout } from './content-facts.ts';

export { type ContentRules, labelChange } from './content-facts.ts';

/**
 * What is in a file that is held open, or in bytes. The descriptor stays open. Throws when the file cannot be read, which is no
 * property of its content.
 */
export function contentOf(
  file: number | Source,
  about: ContentAbout,
  scanner: Scanner = shippedScanner(),
): Content {
  const source = typeof file === 'number' ? fileSource(file) : file;
  return asContent(classify(source, nodeDlpHost(), defaultLimits, scanner), about);
}
