const alphabet = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** Standard and URL-safe base64. @returns binary text; undefined when `value` is neither */
export function fromBase64(value: string): string | undefined {
  if (!alphabet.test(value) || value.replace(/=+$/, '').length % 4 === 1) return undefined;
  return atob(value.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, ''));
}
