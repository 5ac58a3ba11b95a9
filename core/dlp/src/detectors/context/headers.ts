/** Credentials of HTTP requests: Authorization headers and what sets them. */
import type { Checked, Detector } from '../../detector.ts';
import { isPlaceholder, looksLikeExample } from '../credential-value.ts';
import { high, low, medium } from './bands.ts';
import { fromBase64 } from './base64.ts';
import { isPublished, isRandom, isStrong, kindOf } from './value.ts';

/** `user:password` in base64. */
function judgeBasic(value: string): Checked {
  const pair = fromBase64(value);
  if (pair === undefined || !/^[\x20-\x7e\x80-\xff]*:[\x20-\x7e\x80-\xff]*$/.test(pair))
    return isRandom(value) && low;
  const password = pair.slice(pair.indexOf(':') + 1);
  if (isPlaceholder(password)) return false;
  if (isPublished(value) || /^(?:\w*pass\w*|secret|pw|bar|test\w*)$/i.test(password)) return low;
  return looksLikeExample(pair) || kindOf(password, true) === 'plain' ? medium : high;
}

const basic: Detector = {
  id: 'http.basic',
  class: 'credential.http',
  name: 'name and password of HTTP Basic authentication',
  token: 'BASIC_AUTH',
  find: { on: 'words', at: 'here', words: ['basic '] },
  pattern: /basic\s{1,3}(?<value>[A-Za-z0-9+/_-]{8,1000}={0,2})(?![A-Za-z0-9])/i,
  check: (value) => /[A-Z0-9]/.test(value) && judgeBasic(value),
  confidence: medium,
  neverAlone: true,
  source: 'RFC 7617',
};

const authorization: Detector = {
  id: 'http.authorization',
  class: 'credential.http',
  name: 'HTTP Authorization header',
  token: 'AUTHORIZATION',
  find: {
    on: 'words',
    at: 'here',
    words: ['authorization', 'x-api-key', 'x-auth-token', 'private-token', 'apikey', 'api-key'],
  },
  pattern:
    /[a-z-]{6,20}\\?["'`]?\s{0,3}(?:[:=]|,|=>)\s{0,3}(?:\\?["'`]){0,2}(?!Basic )(?:(?:Bearer|Token|NTLM|Negotiate|SSWS|ApiKey|Key|Digest|JWT|Bot|OAuth|GenieKey|Splunk|AWS|SharedKey|Zoho-oauthtoken|token=|[A-Z][A-Za-z-]{1,20})[ :=]{1,3})?(?<value>[\w+/=.~:!-]{12,4000})/i,
  check(value) {
    if (isPlaceholder(value) || !isRandom(value, 12)) return false;
    return isStrong(value) ? high : looksLikeExample(value) ? low : medium;
  },
  confidence: medium,
  neverAlone: true,
  source: 'RFC 9110, section 11.6.2; RFC 6750',
};

const bearer: Detector = {
  id: 'http.bearer',
  class: 'credential.http',
  name: 'bearer token',
  token: 'BEARER',
  find: { on: 'words', at: 'here', words: ['bearer '] },
  pattern: /bearer\s{1,3}\\?["'`]?(?<value>[\w+/=.~-]{12,4000})/i,
  check: (value) => !isPlaceholder(value) && isRandom(value, 12) && (isStrong(value) ? high : low),
  confidence: medium,
  neverAlone: true,
  source: 'RFC 6750',
};

export const headerDetectors: readonly Detector[] = [basic, authorization, bearer];
