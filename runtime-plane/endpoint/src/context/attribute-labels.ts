/** Labels that a file carries in extended attributes: ours, and Microsoft's where a tool has copied its properties there. */
import type { Label } from '@chaperone/dlp';

/** `user.chaperone.label`: names, parted by commas. */
const own = 'chaperone.label';
const microsoft = /^MSIP_Label_([0-9a-f-]{36})_Enabled$/i;

/** @param attributes of the namespace `user`, without that prefix */
export function attributeLabels(attributes: ReadonlyMap<string, string>): Label[] {
  const labels: Label[] = [];
  for (const [name, value] of attributes) {
    const id = microsoft.exec(name)?.[1]?.toLowerCase();
    if (id !== undefined && /^true$/i.test(value.trim())) labels.push({ name: id, id, source: 'xattr' });
    if (name !== own) continue;
    for (const one of value.split(',')) {
      const label = one.replaceAll('\0', '').trim().toLowerCase();
      if (label !== '') labels.push({ name: label, source: 'xattr' });
    }
  }
  return labels;
}
