/** Secrets that only their name gives away: `db_password=...`, `"clientSecret": "..."`, `--api-key ...`. */
import type { Checked, Detector } from '../../detector.ts';
import { looksLikeExample } from '../credential-value.ts';
import { afterName, afterNameQuoted, afterNameSolid } from './assignment.ts';
import { high, low, medium } from './bands.ts';
import { identifierAround, promiseOf } from './name.ts';
import { passwordWords } from './password-words.ts';
import { characterKinds, isRandom, isStrong, kindOf, wordShare } from './value.ts';

const passwordName = String.raw`(?<name>(?:pass|pwd|pw|psw|pswd|paswrd|pssw|${passwordWords.join('|')})[\w\x80-\xff-]{0,30}?(?:\sde\spasse|\sd'ordine)?)`;
const foreignName = new RegExp(passwordWords.join('|'), 'i');

/** A word that a person chose, so that even a plain one counts when it is clearly given. */
function judgePassword(value: string, match: RegExpExecArray): Checked {
  const { name = '', open, blank, loose, listed } = match.groups ?? {};
  const identifier = identifierAround(match, name);
  if (!isPasswordName(identifier) || promiseOf(identifier) === 'none') return false;
  const isQuoted = open !== undefined;
  if (!isQuoted && isCall(match)) return false;
  if (loose !== undefined) return isRandom(value) && low;
  const text = isQuoted ? value.trim() : value.replace(/[.,:!?]$/, '');
  if (text.toLowerCase() === identifier.toLowerCase()) return false;
  const kind = kindOf(text, isQuoted || isSetting(match));
  const isMadeUp = looksLikeExample(text);
  // What a test has to say: PASS, and which one.
  const isElement = match.input[match.index - 1] === '<';
  if (/^PASS(?:ED)?$/i.test(identifier) && !isQuoted && !isElement && !/[!@#$%^&*?]/.test(text)) return false;
  switch (kind) {
    case 'none':
      return false;
    case 'random':
      return isMadeUp ? low : high;
    case 'chosen':
      return text.length >= 8 && characterKinds(text) === 4 && !isMadeUp
        ? high
        : text.length >= 8
          ? medium
          : low;
    case 'plain':
      return (
        (blank === undefined || isQuoted) &&
        (listed === undefined ||
          /(?:define|set|put|add|property)\w*\(?\s?\\?["']?$/i.test(
            match.input.slice(Math.max(0, match.index - 30), match.index - identifier.length + name.length),
          )) &&
        low
      );
    default:
      return kind satisfies never;
  }
}

/** What looks like a value goes on as a call or an index: it is code. */
function isCall({ input, index, 0: all }: RegExpExecArray): boolean {
  return /[([]/.test(input[index + all.length] ?? '');
}

/** `NAME=value` at the start of a line: shells and settings need no quotes, so that a mere word is the value itself. */
function isSetting({ input, index, 0: all, groups }: RegExpExecArray): boolean {
  const line = input.slice(Math.max(0, index - 60), index);
  const rest = input.slice(index + all.length, index + all.length + 1);
  const isTight = all.length === (groups?.['name']?.length ?? 0) + 1 + (groups?.['value']?.length ?? 0);
  return (
    isTight &&
    /(?:^|\n)[ \t]{0,8}(?:#[ \t]{0,2}|export |ENV |ARG |set |-)?[\w.-]*$/.test(line) &&
    /^\s?$/.test(rest)
  );
}

/** `pass` and `pw` are parts of many words: they count where a word begins. */
function isPasswordName(identifier: string): boolean {
  if (
    /passw|passord|passphrase|passcode|passkey|pwd|psw|pssw|paswrd/i.test(identifier) ||
    foreignName.test(identifier)
  )
    return true;
  return /(?:^|[^A-Za-z]|[a-z](?=P)|user|root|admin|db|my|sql|mail|login|ftp|http|proxy|vpn|wifi|sudo|auth|key)(?:pass|pw)(?:e|in|out)?(?=$|[^a-z]|[A-Z])/i.test(
    identifier,
  );
}

const password: Detector = {
  id: 'generic.password',
  class: 'credential.generic',
  name: 'password by its name',
  token: 'PASSWORD',
  find: {
    on: 'words',
    at: 'here',
    words: ['pass', 'pwd', 'pw:', 'pw=', 'pw ', 'psw', 'paswrd', 'pssw', ...passwordWords],
  },
  pattern: new RegExp(passwordName + afterName, 'i'),
  check: judgePassword,
  confidence: low,
  neverAlone: true,
  source: 'The names that configuration formats, frameworks and people give to passwords.',
};

const secretName = String.raw`(?<name>(?:secret|token|key|auth(?!ors?\b)|cred(?:ential)?s?|bearer|cookie|session|salt|nonce|signature|access|private|jwt|webhook|_pat(?=[ =:"])|geheim|chave|clave|llave|apikey)(?:(?:[\w.]|-(?!-)){0,30}?)(?:\s(?:access|api|secret|private|key|token|id){1,2}){0,3}(?:\s#?\d{1,2}(?=:))?)`;

/** What `judgeSecret` keeps has a solid value, or is called a secret or a passphrase. */
const secretGate = new RegExp(
  String.raw`${secretName.replace('?<name>', '?:')}${afterNameSolid}|[\w.\s-]{0,90}(?:secret|passphrase)${afterNameQuoted}`,
  'i',
);

/** A value that a machine drew, so that it has to look like one. */
function judgeSecret(value: string, match: RegExpExecArray): Checked {
  const { name = '', open, loose, blank } = match.groups ?? {};
  const identifier = identifierAround(match, name);
  const between = loose === undefined ? '' : match[0].slice(name.length, -value.length);
  const promise = promiseOf(
    /fingerprint|checksum|digest|hash|\bid\b|version|commit/i.test(between) ? '' : identifier,
  );
  if (promise === 'none') return false;
  const isQuoted = open !== undefined;
  if (!isQuoted && isCall(match)) return false;
  const text = isQuoted ? value.trim() : value.replace(/[.,:!?]$/, '');
  if (text.toLowerCase() === identifier.toLowerCase()) return false;
  const isTight = loose === undefined && blank === undefined;
  const kind = kindOf(text, isQuoted);
  if (kind === 'none') return false;
  // A type or a variable with a number in its name.
  if (!isQuoted && /^[A-Za-z_]+\d{1,3}[A-Za-z_]*$/.test(text) && wordShare(text) > 0.35) return false;
  if (kind === 'random') {
    if (!isStrong(text)) return low;
    if (promise === 'explicit') return isTight ? high : medium;
    return promise === 'likely' && isTight ? medium : low;
  }
  if (promise === 'weak') return isTight && isRandom(text, 10) && text.length >= 12 && low;
  if (isTight && kind === 'plain' && isQuoted && /(?:secret|passphrase)$/i.test(identifier))
    return text.length >= 8 && characterKinds(text) >= 2 && low;
  if (/^\d{15,}$/.test(text)) return isTight && low;
  if (isRandom(text, 10)) return isTight && promise === 'explicit' && !looksLikeExample(text) ? medium : low;
  const isMixed = text.length >= 16 && characterKinds(text) === 4;
  return isTight && kind === 'chosen' && (promise === 'explicit' || isMixed) && low;
}

const secret: Detector = {
  id: 'generic.secret',
  class: 'credential.generic',
  name: 'key, token or secret by its name',
  token: 'SECRET',
  find: {
    on: 'words',
    at: 'here',
    words: [
      'secret',
      'token',
      'key',
      'auth',
      'cred',
      'bearer',
      'cookie',
      'session',
      'salt',
      'nonce',
      'signature',
      'access',
      'private',
      'jwt',
      'webhook',
      '_pat ',
      '_pat=',
      '_pat:',
      '_pat"',
      'geheim',
      'chave',
      'clave',
      'llave',
    ],
  },
  pattern: new RegExp(secretName + afterName, 'i'),
  gate: secretGate,
  check: judgeSecret,
  confidence: low,
  neverAlone: true,
  source: 'The names that configuration formats, frameworks and people give to keys and tokens.',
};

/** A name and a password side by side, so that who logs in where is known, too. */
const login: Detector = {
  id: 'generic.login',
  class: 'credential.generic',
  name: 'user name and password side by side',
  token: 'LOGIN',
  find: { on: 'words', at: 'here', words: ['user', 'login', 'account', 'uid=', 'uid:'] },
  pattern: new RegExp(
    String.raw`(?:user|login|account|uid)(?:[ _-]?(?:name|id|key))?["'\x60]?\s{0,3}(?:=>?|:|,|\s(?=["'])|(?<=-(?:u|user|username|login))\s)\s{0,3}(?<value>["'\x60]?[^\s"'\x60,;=<>(){}]{1,100}["'\x60]?[\s,;/&]{1,12}[$\w.-]{0,30}(?<name>pass(?:word|wd)?|pwd?|pswd)["'\x60]?\s{0,3}(?:=>?|:|,|\s(?=["'])|(?<=-(?:p|pw|pass|password))\s)\s{0,3}(?:(?<open>["'\x60])(?<inner>(?:(?!\k<open>)[^\n]){1,200})|(?<plain>[^\s"'\x60,;<>(){}&]{3,200})))`,
    'i',
  ),
  check(_value, match) {
    const { inner, plain = '' } = match.groups ?? {};
    if (inner === undefined && /[.()[]/.test(plain)) return false;
    const kind = kindOf(inner ?? plain, true);
    return kind === 'random' || kind === 'chosen' ? medium : kind === 'plain' && low;
  },
  confidence: low,
  neverAlone: true,
  source: 'The names that configuration formats, frameworks and people give to users and passwords.',
};

export const genericDetectors: readonly Detector[] = [password, secret, login];
