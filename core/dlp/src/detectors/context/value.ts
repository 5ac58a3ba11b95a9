/** Whether a text that stands where a secret belongs can be one. */
import { entropy, isPlaceholder, looksLikeExample, sequenceShare } from '../credential-value.ts';

/** How much a value looks like a secret: `random` is drawn by a machine, `chosen` is thought up by a person, `plain` is neither. */
export type Kind = 'random' | 'chosen' | 'plain' | 'none';

const frequentPairs = new Set(
  `th he in er an re nd on en at ou ed ha to or it is hi es ng nt ti se st te ar ve of al ra le ll me ne as ri ro io
   de co ic ma om la ea us el ce li ch be ur si ss ac ho wo tr rt ai ee us em ta un ec ge il et no so pe lo na ad
   we ly ca di op mo da ly ut po ot fo ke pr su ct mi ev ie ow ol wi ns oo uc ay id im sh pl ab ty am ir rs ul
   vi ey ag ry pa ff ck ci mp ue fi tu ex ig pi if av do ld rd wh nc ny up ep bl cl gr fr ef ga gi br sk sp`.split(
    /\s+/,
  ),
);

const codes = 128;
/** By `first * 128 + second`: 2 for a frequent pair, 1 for another pair of letters as words have them. A capital begins a word in camel case. */
const pairKinds = new Uint8Array(codes * codes);
for (let first = 65; first <= 122; first++)
  for (let second = 65; second <= 122; second++) {
    const pair = String.fromCharCode(first, second);
    if (/^[A-Za-z][a-z]$|^[A-Z]{2}$/.test(pair))
      pairKinds[first * codes + second] = frequentPairs.has(pair.toLowerCase()) ? 2 : 1;
  }

/** @returns share, 0 to 1, of the pairs of letters that are frequent in words of European languages; about 0.2 for random letters */
export function wordShare(value: string): number {
  let pairs = 0;
  let frequent = 0;
  for (let at = 1; at < value.length; at++) {
    const [first, second] = [value.charCodeAt(at - 1), value.charCodeAt(at)];
    const kind = first < codes && second < codes ? (pairKinds[first * codes + second] ?? 0) : 0;
    if (kind > 0) pairs += 1;
    if (kind === 2) frequent += 1;
  }
  return pairs < 4 ? 0 : frequent / pairs;
}

/** @returns number of kinds of characters, 1 to 4: small letters, capitals, digits, others */
export function characterKinds(value: string): number {
  return [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
}

const tokenAlphabet = /^[A-Za-z0-9_\-+/=.~%:$!|*]+$/;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Drawn by a machine: a key, a token, a UUID. */
export function isRandom(value: string, minLength = 16): boolean {
  if (value.length < minLength || !tokenAlphabet.test(value)) return false;
  if (uuid.test(value)) return true;
  let [digits, letters] = [0, 0];
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code >= 48 && code <= 57) digits += 1;
    else if ((code | 32) >= 97 && (code | 32) <= 122) letters += 1;
  }
  if (letters === 0) return !value.includes('.') && digits >= 20 && entropy(value) > 2.5;
  if (value.length - digits - letters > value.length / 3) return false;
  return isMixed(value, digits) && entropy(value) >= Math.min(3, value.length / 8);
}

/** Not built of words. @param digits how many it has */
function isMixed(value: string, digits: number): boolean {
  if (/^[0-9a-f]+$/i.test(value)) return digits > 0;
  if (digits === 0) return value.length >= 20 && wordShare(value) < 0.45;
  // One number at the end of words is a name with a version, not a key.
  if (/^(?:[A-Za-z]+[-_./:])*[A-Za-z]+[-_.]?v?\d{1,4}$/.test(value)) return wordShare(value) < 0.4;
  return wordShare(value) < 0.62 && changes(value) >= 3;
}

/** How often letters turn into digits and back, or small letters into capitals. */
function changes(value: string): number {
  return value.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])|[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0;
}

/** Made up by going through the alphabet, where a machine would draw: the author of a text shows what a key looks like. */
function isSequence(value: string): boolean {
  return value.length >= 16 && /^[\w=+/.-]+$/.test(value) && sequenceShare(value) > 0.5;
}

const identifier = /^[A-Za-z_$][\w$]*$/;
const code =
  /^[\w$.]+\(|^[\w$]+\[|[\w)\]]\.(?:get|to|env|value|length|strip|decode|encode)\b|^(?:new|function|lambda|await|return|const|static|typeof)\b|=>|\(\)|^\(|%[sdv@]|%\(|\\[dws]|\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\U[0-9a-fA-F]{8}|^\/.*\/[gimsuy]*$|^[\^[(*.?]|^--?[a-z]|^\.{1,2}\/|^[~#]|^https?:\/\/|^(?:\\x[0-9a-f]{2})+|@entry=0x|^(?:localhost|[\w-]+(?:\.[\w-]+)+):\d{2,5}$|^:\w+:|^[a-z]+:\/\/|\.(?:py|js|ts|c|h|go|rb|java|php|html?|css|json|ya?ml|xml|txt|pem|crt|key|conf|sh|so|md|png|svg|log|db|jks|p12|pfx)$/;
const constant = /^[A-Z]+(?:_[A-Z]*\d{0,2}[A-Z]*)+(?:v\d{1,2})?$/;
const path =
  /^[\w.-]+(?:\/[\w.-]+)+\.[a-z]{1,4}$|^[a-z_]\w*(?:(?:->|::|\.)[A-Za-z_]\w*)+$|^[\w.@-]*(?:\/[\w.@-]*){2,}$/;
const typeName =
  /^(?:str(?:ing)?|int(?:eger)?|bool(?:ean)?|bytes?|char|float|double|number|object|any|void|unknown|optional|required|default|auto|yes|no|on|off|enabled?|disabled?|empty|blank|secret|password|passwd|pass|pwd|token|key|value|username|user|login|admin_password|api_?key|hidden|text|input|field|null|nil|none|undefined|true|false|self|this|prompt|stdin|md5|sha\d*|plain|crypt|bcrypt|trust|ident|peer|x+|\*+|\.+|_+|-+|n\/a|tbd|todo|changeme|password\d?)$/i;

/** Written as code: a name, a call, a type, a path. `isQuoted`: it stands in quotes, so that a mere name is a text. */
export function looksLikeCode(value: string, isQuoted: boolean): boolean {
  if (constant.test(value) && !/\d[A-Z]+\d/.test(value) && value.split('_').every((part) => part.length < 16))
    return true;
  if (typeName.test(value.replace(/[\s:?.!]+$/, '')) || code.test(value)) return true;
  if (path.test(value) && (!isQuoted || wordShare(value) > 0.45)) return true;
  return (
    !isQuoted &&
    identifier.test(value) &&
    !/\d/.test(value) &&
    wordShare(value) > 0.3 &&
    !/[a-z][A-Z]*[!@#$%^&*]/.test(value)
  );
}

/** @param isQuoted whether it stood in quotes */
export function kindOf(value: string, isQuoted: boolean): Kind {
  if (value.length < 4 || isPlaceholder(value)) return 'none';
  if (isSequence(value)) return 'random';
  if (looksLikeCode(value, isQuoted)) return 'none';
  if (isRandom(value)) return 'random';
  if (/\s/.test(value)) return 'none';
  const kinds = characterKinds(value);
  const isMixed = /\d/.test(value) && /[A-Za-z]/.test(value) && kinds >= 3 && value.length >= 6;
  return isMixed ? 'chosen' : 'plain';
}

/** How the values begin that RFC 6749 and 6750 print in their examples, and documentation after them. */
const published = /^(?:2YotnFZF|tGzv3JOk|czZCaGRS|mF_9\.B5f|SplxlOBe)/;

/** @returns whether a random value is long and even enough to leave no doubt, and not made up for a text */
export function isStrong(value: string): boolean {
  return value.length >= 20 && entropy(value) >= 3 && !looksLikeExample(value) && !isPublished(value);
}

/** @returns whether a standard prints `value` as an example */
export function isPublished(value: string): boolean {
  return published.test(value);
}
