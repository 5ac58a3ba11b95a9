import type { Checked, Detector } from '../../detector.ts';
import { high, low, medium } from './bands.ts';
import { fromBase64 } from './base64.ts';

function judge(value: string, match: RegExpExecArray): Checked {
  if (/[A-Za-z0-9_-]/.test(match.input[match.index - 1] ?? ' ')) return false;
  const [head = '', body = '', ...rest] = value.split('.');
  const header = fromBase64(head);
  if (header === undefined || !/^\{[\s\S]*"/.test(header)) return body.startsWith('eyJ') && low;
  if (!/"(?:alg|enc)"/.test(header)) return body.startsWith('eyJ') && low;
  const isEncrypted = rest.length === 3;
  if (!isEncrypted && !body.startsWith('eyJ')) return low;
  return rest.some((part) => part.length >= 20) ? high : medium;
}

export const jwt: Detector = {
  id: 'jwt',
  class: 'credential.jwt',
  name: 'JSON web token',
  token: 'JWT',
  find: { on: 'words', at: 'here', words: ['eyj'] },
  pattern: /eyJ[A-Za-z0-9_-]{12,4000}\.[A-Za-z0-9_-]{4,28000}(?:\.[A-Za-z0-9_-]{1,28000}){0,3}/,
  check: judge,
  alone: /eyJ[\w-]{12,4000}\.[\w-]{4,28000}\.(?:[\w-]{1,28000}\.[\w-]{1,28000}\.)?[\w-]{1,28000}/,
  confidence: high,
  source: 'RFC 7519; RFC 7516 for encrypted ones',
};

/** Base64 once more: as Kubernetes and CI systems keep tokens. */
export const packedJwt: Detector = {
  id: 'jwt.base64',
  class: 'credential.jwt',
  name: 'JSON web token in base64',
  token: 'JWT',
  find: { on: 'words', at: 'here', words: ['zxlk'] },
  pattern: /ZXlK[A-Za-z0-9+/_-]{40,34000}={0,2}/,
  check(value, match) {
    if (/[A-Za-z0-9+/_-]/.test(match.input[match.index - 1] ?? ' ')) return false;
    const [head = '', body] = (fromBase64(value) ?? fromBase64(value.slice(0, -1)) ?? '').split('.');
    return body !== undefined && /^\{[\s\S]*"/.test(fromBase64(head) ?? '');
  },
  confidence: high,
  source: 'RFC 7519, in RFC 4648 base64',
};

/** JSON in base64 behind a token's name: several services make their keys so. */
export const packedJson: Detector = {
  id: 'generic.packed_json',
  class: 'credential.generic',
  name: 'JSON in base64 where a token is meant',
  token: 'TOKEN',
  find: { on: 'words', at: 'here', words: ['eyj'] },
  pattern: /eyJ[A-Za-z0-9+/_-]{40,4000}={0,2}(?![.A-Za-z0-9])/,
  check(value, match) {
    const ahead = match.input.slice(Math.max(0, match.index - 60), match.index);
    if (/[A-Za-z0-9+/_-]$/.test(ahead) || !/token|key|secret|bearer|auth|password|credential/i.test(ahead))
      return false;
    return /^\{\s*"/.test(fromBase64(value.slice(0, 40)) ?? '') && medium;
  },
  confidence: medium,
  neverAlone: true,
  source: 'RFC 4648, section 5',
};
