/** Recognises what is probably a secret: by the name it is given, or by its own look. */

const secretWords: ReadonlySet<string> = new Set([
  'pass',
  'passwd',
  'password',
  'passphrase',
  'passcode',
  'passin',
  'passout',
  'pwd',
  'pw',
  'pin',
  'token',
  'tokens',
  'secret',
  'secrets',
  'apikey',
  'authtoken',
  'accesskey',
  'secretkey',
  'privatekey',
  'credential',
  'credentials',
  'creds',
  'auth',
  'authorization',
  'bearer',
  'cookie',
  'jwt',
  'otp',
  'sig',
  'signature',
]);

/** `key` alone is a common harmless name (`--key`, `sort --key`); after one of these it is not. */
const keyQualifiers: ReadonlySet<string> = new Set([
  'api',
  'access',
  'secret',
  'private',
  'auth',
  'encryption',
  'signing',
  'master',
  'account',
  'license',
]);

/** Whether `DB_PASSWORD`, `--api-key`, `accessToken` … names a secret. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  // `--no-password` and `--password-stdin` say that none is given.
  if (words[0] === 'no' || words.at(-1) === 'stdin') return false;
  return words.some((word, index) => {
    const singular = word.replace(/\d+$/, '');
    if (secretWords.has(word) || secretWords.has(singular) || singular.endsWith('password')) return true;
    return (word === 'key' || word === 'keys') && keyQualifiers.has(words[index - 1] ?? '');
  });
}

/** Formats that issuers document so that scanners can find them. */
export const issuedToken =
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|sk-[\w-]{16,}|xox[a-z]-[\w-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{30,}|npm_[A-Za-z0-9]{30,}|eyJ[\w-]{10,4000}\.[\w-]{10,}(?:\.[\w-]*)?)/g;

export const longToken = /[A-Za-z0-9+_=~-]{20,}/g;

/** Shorter runs repeat too few characters to tell a random token from a word. */
const minTokenLength = 20;
const minBitsPerCharacter = 3;

/** Whether a run of token characters looks drawn at random rather than written by a person. */
export function isHighEntropy(token: string): boolean {
  if (token.length < minTokenLength) return false;
  if (!/[0-9]/.test(token) || !/[A-Za-z]/.test(token)) return false;
  // A name made of words and numbers (report-final-2026-11-21) has a varied alphabet, too.
  const parts = token.split(/[-_=+~]/);
  if (parts.every((part) => /^(?:[A-Z]?[a-z]*|[A-Z]+|[0-9]{1,8}|v[0-9]+|[a-z]{1,6}[0-9]{1,4})$/.test(part)))
    return false;
  return entropy(token) >= minBitsPerCharacter;
}

/** Shannon entropy in bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
