/** A scanner with what this machine lends it. One for each thread. */
import { CustomError } from '@chaperone/dlp';
import { scannerFor } from '@chaperone/dlp/node';
import { attributeLabels } from './context/attribute-labels.ts';
import type { ContentRules } from './context/content-facts.ts';
import { ContentScanner } from './context/content-scan.ts';
import { SessionError } from './enforce/errors.ts';
import { openFiles } from './intercept/files.ts';

/** @param key of the session */
export function openScanner(rules: ContentRules, key: Uint8Array): ContentScanner {
  const files = openFiles();
  return new ContentScanner(
    {
      sealed: (of, maxBytes, bytes) => files.sealed(of, maxBytes, bytes),
      labels: (fd) => attributeLabels(files.attributes(fd)),
    },
    rules,
    key,
  );
}

/** Throws SessionError `policy` when the policy's own detectors cannot be used, which says where and why. */
export function demandDetectors(rules: ContentRules): void {
  if (rules.custom === undefined) return;
  try {
    scannerFor(rules);
  } catch (error) {
    if (!(error instanceof CustomError) && !(error instanceof RangeError)) throw error;
    const what = error instanceof CustomError ? error.message.replace(/^dlp/, '') : `: ${error.message}`;
    throw new SessionError('policy', `data.chaperone.dlp.custom${what}`, { cause: error });
  }
}
