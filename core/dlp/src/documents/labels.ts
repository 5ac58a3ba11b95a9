/**
 * Microsoft's sensitivity labels in Office documents ([MS-OFFCRYPTO] 2.6): `docMetadata/LabelInfo.xml`, and for labels and
 * tenants that it does not speak of, properties `MSIP_Label_<id>_<field>` in `docProps/custom.xml`.
 */
import type { Label } from '../finding.ts';
import { decoded, nameHash, XmlReader } from './xml.ts';

type StatedLabel = { id: string; tenant?: string; name?: string; isSet: boolean };

const hashes = {
  label: nameHash('label'),
  id: nameHash('id'),
  siteId: nameHash('siteId'),
  enabled: nameHash('enabled'),
  removed: nameHash('removed'),
  property: nameHash('property'),
  name: nameHash('name'),
};

/** @param labelInfo and customProperties are parts; empty where the document has none */
export function documentLabels(labelInfo: Uint8Array, customProperties: Uint8Array): Label[] {
  const stated = labelInfoOf(labelInfo);
  const ids = new Set(stated.map((label) => label.id));
  const tenants = new Set(stated.map((label) => label.tenant).filter((tenant) => tenant !== undefined));
  const older = customLabels(customProperties).filter(
    ({ id, tenant }) => !ids.has(id) && (tenant === undefined || !tenants.has(tenant)),
  );
  return [
    ...stated.filter((label) => label.isSet).map((label) => labelOf(label, 'label_info')),
    ...older.filter((label) => label.isSet).map((label) => labelOf(label, 'custom_properties')),
  ];
}

/** Labels with the names that an organisation gave to their ids; ids in lower case without braces. */
export function nameLabels(labels: readonly Label[], names: ReadonlyMap<string, string>): Label[] {
  return labels.map((label) => {
    const name = label.id === undefined ? undefined : names.get(label.id);
    return name === undefined ? label : { ...label, name: name.toLowerCase() };
  });
}

/** Fields of `MSIP_Label_<id>_<field>`, as Office, PDF and mail write them. */
export function labelsOfFields(fields: Iterable<readonly [key: string, value: string]>): StatedLabel[] {
  const labels = new Map<string, StatedLabel>();
  for (const [key, value] of fields) {
    const [, id, field] = /^MSIP_Label_([\da-f-]{36})_(\w{1,40})$/i.exec(key) ?? [];
    if (id === undefined || field === undefined) continue;
    const label = labels.get(id.toLowerCase()) ?? { id: id.toLowerCase(), isSet: true };
    labels.set(label.id, label);
    if (field.toLowerCase() === 'enabled') label.isSet = isTrue(value);
    else if (field.toLowerCase() === 'siteid') label.tenant = idOf(value);
    else if (field.toLowerCase() === 'name') label.name = value;
  }
  return [...labels.values()];
}

export function labelOf({ id, tenant, name }: StatedLabel, source: Label['source']): Label {
  const known = name === undefined || name.trim() === '' ? id : name.trim().toLowerCase();
  return { name: known, id, ...(tenant !== undefined && { tenant }), source };
}

function labelInfoOf(xml: Uint8Array): StatedLabel[] {
  const labels: StatedLabel[] = [];
  const reader = new XmlReader(xml);
  for (let token = reader.next(); token !== 'end'; token = reader.next()) {
    if ((token !== 'open' && token !== 'empty') || reader.name !== hashes.label) continue;
    const label: StatedLabel = { id: '', isSet: true };
    while (reader.nextAttribute()) {
      const value = decoded(xml, reader.from, reader.to);
      if (reader.attribute === hashes.id) label.id = idOf(value);
      else if (reader.attribute === hashes.siteId) label.tenant = idOf(value);
      else if (reader.attribute === hashes.enabled) label.isSet &&= isTrue(value);
      else if (reader.attribute === hashes.removed) label.isSet &&= !isTrue(value);
    }
    if (label.id !== '') labels.push(label);
  }
  return labels;
}

function customLabels(xml: Uint8Array): StatedLabel[] {
  const fields: [string, string][] = [];
  const reader = new XmlReader(xml);
  let key = '';
  for (let token = reader.next(); token !== 'end'; token = reader.next()) {
    if (token === 'open' && reader.name === hashes.property) {
      while (reader.nextAttribute())
        if (reader.attribute === hashes.name) key = decoded(xml, reader.from, reader.to);
    } else if (token === 'close' && reader.name === hashes.property) key = '';
    else if (token === 'text' && key !== '') fields.push([key, decoded(xml, reader.from, reader.to)]);
  }
  return labelsOfFields(fields.filter(([, value]) => value.trim() !== ''));
}

function idOf(value: string): string {
  return value.replace(/[{}\s]/g, '').toLowerCase();
}

function isTrue(value: string): boolean {
  return value.trim() === '1' || value.trim().toLowerCase() === 'true';
}
