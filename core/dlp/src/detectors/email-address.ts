/** Addresses of RFC 5321 and 6531 that stand alone, with or without a display name. */

const atom = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~\u00a1-\u{10ffff}-]+$/u;
const quoted = /^"(?:[^"\\\u0000-\u001f\u007f]|\\[^\u0000-\u001f])*"$/u;
const label = /^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?$/u;
const invisible = /[\u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u3000\ufeff\uff01\uff21-\uff5e]/u;

/** @returns whether `value` is one address: `local@domain`, at most 64 and 254 bytes */
export function isEmailAddress(value: string): boolean {
  const at = value.lastIndexOf('@');
  const [local, domain] = [value.slice(0, at), value.slice(at + 1)];
  const bytes = (text: string): number => new TextEncoder().encode(text).length;
  if (at < 1 || bytes(local) > 64 || bytes(domain) > 254 || invisible.test(value)) return false;
  return isMailDomain(domain) && (quoted.test(local) || local.split('.').every((part) => atom.test(part)));
}

/** Host names have at least two labels, the last of letters or punycode; no address literals. */
export function isMailDomain(domain: string): boolean {
  const labels = domain.split('.');
  const top = labels.at(-1) ?? '';
  return (
    labels.length > 1 &&
    labels.every((each) => label.test(each)) &&
    /^(?:\p{L}[\p{L}\p{M}]{1,62}|xn--[a-z0-9-]{2,59})$/iu.test(top)
  );
}

/** `Name <local@domain>`: the name is not empty, its quotes are closed, and it hides no control characters. */
export function isNamedEmailAddress(value: string): boolean {
  const [, name, address = ''] = /^([^<]*)<([^<>]+)>$/u.exec(value) ?? [];
  if (name === undefined || !isEmailAddress(address) || /[\u0000-\u001f\u007f]/.test(name)) return false;
  const trimmed = name.trim();
  if (trimmed === '') return false;
  if (trimmed.startsWith('"')) return quoted.test(trimmed) && trimmed.slice(1, -1).trim() !== '';
  return !trimmed.includes('"') && !/[;>]/.test(trimmed);
}
