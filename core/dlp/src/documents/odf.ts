/** OpenDocument (ISO/IEC 26300): text, spreadsheets, presentations, drawings. */
import type { Extracted } from '../document.ts';
import { earlyByName, type Package, parts, readEarly, type XmlPart } from './office.ts';
import { odfText } from './odf-text.ts';
import { problem } from './parts.ts';
import { nameHash, XmlReader } from './xml.ts';
import { recordText } from './xml-text.ts';

const names = { mimetype: 'mimetype', manifest: 'meta-inf/manifest.xml', content: 'content.xml' };
const contentRoots = new Set(['document-content', 'document-styles', 'document'].map(nameHash));
const looks = nameHash('document-settings');
const encryption = nameHash('encryption-data');

export function isOdf(entries: readonly { readonly name: string }[]): boolean {
  const has = (name: string): boolean => entries.some((entry) => entry.name.toLowerCase() === name);
  return has(names.content) && (has(names.mimetype) || has(names.manifest));
}

export function* odf(office: Package): Generator<Extracted> {
  const { part, depth, budget } = office;
  const early = yield* readEarly(office, [names.mimetype, names.manifest]);
  const stated = new TextDecoder().decode(earlyByName(early, names.mimetype).subarray(0, 100)).trim();
  if (depth === 0)
    yield {
      kind: 'type',
      type: /^application\/[\w.+-]+$/.test(stated) ? stated : 'application/x-opendocument',
    };
  if (isEncrypted(earlyByName(early, names.manifest))) {
    yield problem('encrypted', part, 'is encrypted');
    return;
  }
  const xmlPart: XmlPart = (xml, _entry, name, root, out) =>
    contentRoots.has(root)
      ? odfText(xml, name, out, budget.left())
      : recordText(xml, name, out, root !== looks);
  yield* parts(office, early, new Set(), xmlPart);
}

function isEncrypted(manifest: Uint8Array): boolean {
  const reader = new XmlReader(manifest);
  for (let token = reader.next(); token !== 'end'; token = reader.next())
    if ((token === 'open' || token === 'empty') && reader.name === encryption) return true;
  return false;
}
