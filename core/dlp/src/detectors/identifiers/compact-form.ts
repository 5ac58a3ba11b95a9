/** An identifier as its check sees it. */

const separators = /[\s.,/:·–_()-]/gu;

/** By code below 128: what is left out, and what is there in lower case. */
const [left, lower] = [1, 2];
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  return character.replace(separators, '') === '' ? left : /[a-z]/.test(character) ? lower : 0;
});

/** Upper case, without separators. */
export function compactForm(value: string): string {
  let form = '';
  let from = 0;
  let isLower = false;
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if (code > 127) return value.replace(separators, '').toUpperCase();
    const kind = kinds[code];
    if (kind === lower) isLower = true;
    if (kind !== left) continue;
    form += value.slice(from, at);
    from = at + 1;
  }
  if (from > 0) form += value.slice(from);
  else form = value;
  return isLower ? form.toUpperCase() : form;
}
