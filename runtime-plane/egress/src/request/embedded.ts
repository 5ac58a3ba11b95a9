/** Documents that a text carries in base64, as model APIs take them: `{"data": "JVBERi0…"}`. */

/** Shorter ones are looked at where they stand; JSON may write a slash as `\/`. */
const runs = /(?:[A-Za-z0-9+/_-]|\\\/){200,}/g;
const most = 1_000;

/** First bytes of what is no text, and is read as a document or an archive. */
const beginnings = [
  'PK\u0003\u0004',
  '%PDF',
  '{\\rtf',
  '\u001f\u008b',
  '\u00d0\u00cf\u0011\u00e0',
  '\u0028\u00b5\u002f\u00fd',
  'BZh',
  '\u00fd7zXZ',
  '7z\u00bc\u00af',
  'Rar!',
];

/** `isWhole`: false when there were more than are looked at. */
export function embeddedIn(content: Buffer): {
  readonly documents: readonly Buffer[];
  readonly isWhole: boolean;
} {
  const documents: Buffer[] = [];
  for (const [run] of content.toString('latin1').matchAll(runs)) {
    const written = run.replaceAll('\\/', '/');
    const head = Buffer.from(written.slice(0, 16), 'base64').toString('latin1');
    if (!beginnings.some((one) => head.startsWith(one))) continue;
    if (documents.length >= most) return { documents, isWhole: false };
    documents.push(Buffer.from(written, 'base64'));
  }
  return { documents, isWhole: true };
}
