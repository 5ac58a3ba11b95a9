/** Sensitivity labels in metadata: `MSIP_Label_<id>_<property>`, in XMP packets and in the keys of a PDF's information. */
import type { Label } from '../finding.ts';

const property = /MSIP_Label_([0-9a-fA-F-]{36})_(Enabled|Name|SiteId|SetDate|Method|ContentBits)/;
const maxProperties = 1_000;

/** Labels from properties by their full name; one that is not enabled is none. */
export function msipLabels(
  properties: Iterable<readonly [string, string]>,
  source: Label['source'],
): Label[] {
  const found = new Map<string, Map<string, string>>();
  for (const [name, value] of properties) {
    const [, id, field] = property.exec(name) ?? [];
    if (id === undefined || field === undefined || found.size > maxProperties) continue;
    const one = found.get(id.toLowerCase()) ?? new Map<string, string>();
    one.set(field, value.trim().slice(0, 256));
    found.set(id.toLowerCase(), one);
  }
  return [...found].flatMap(([id, fields]) => {
    if (fields.get('Enabled')?.toLowerCase() === 'false') return [];
    const tenant = fields.get('SiteId');
    const name = (fields.get('Name') ?? id).toLowerCase();
    return [{ name, id, ...(tenant === undefined ? {} : { tenant: tenant.toLowerCase() }), source }];
  });
}

/** Elements and attributes of any prefix: `<pdfx:MSIP_Label_…_Name>General</…>` and `pdfx:MSIP_Label_…_Name="General"`. */
export function xmpLabels(packet: Uint8Array): Label[] {
  const text = new TextDecoder().decode(packet);
  const pairs: (readonly [string, string])[] = [];
  // Writers of XMP put U+2182 and a code for characters that a name may not have.
  const pattern =
    /(?<!<\/[\w-]{0,40}:?)(MSIP_Label_[0-9a-fA-F-]{36}_[A-Za-z]{4,11})(?:\s*=\s*["']([^"']{0,256})["']|\s*>([^<]{0,256})<)/g;
  for (const match of text.replaceAll('\u21820020', ' ').matchAll(pattern)) {
    if (pairs.length > maxProperties) break;
    pairs.push([match[1] ?? '', match[2] ?? match[3] ?? '']);
  }
  return msipLabels(pairs, 'xmp');
}
