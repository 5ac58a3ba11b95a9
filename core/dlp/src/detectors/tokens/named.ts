/**
 * Services whose keys have no mark of their own: 32 hexadecimal digits can be anything, and are a key where the service's name
 * and a word such as `token` stand before them. All spellings of that are one pattern: `FOO_API_KEY=…`, `"fooToken": "…"`,
 * `<foo key="…"/>`, `--foo-key …`, `https://api.foo.com/?key=…`, `curl -H "…"`.
 */
import { wordShare } from '../context/value.ts';
import type { Checked, Detector } from '../../detector.ts';
import { entropy, isPlaceholder, looksLikeExample } from '../credential-value.ts';
import { once } from '../once.ts';
import { parseForms, rowsOf, type Shape } from './template.ts';
import { wordStart } from './token.ts';

export type NamedService = {
  readonly id: string;
  readonly name: string;
  /** How the name is written in code, lower case; a space stands for nothing or any one separator. */
  readonly aliases: readonly string[];
  /** The name is a word of the language: a key word has to follow at once. */
  readonly isWord: boolean;
  readonly shapes: readonly Shape[];
};

/** @param table rows of `id | name | aliases, parted by commas | forms`; `!` before the aliases marks a common word */
export function parseServices(table: string): NamedService[] {
  return rowsOf(table).map(([id = '', name = '', aliases = '', forms = '']) => {
    const shapes = once(() => (forms === '' ? [] : parseForms(forms)));
    return {
      id,
      name,
      isWord: aliases.startsWith('!'),
      aliases:
        aliases === '' || aliases === '!'
          ? [id]
          : aliases
              .replace('!', '')
              .split(',')
              .map((alias) => alias.trim()),
      get shapes() {
        return shapes();
      },
    };
  });
}

const keyWords =
  'api|key|token|secret|passw(?:or)?d|pwd|auth|bearer|basic|credential|cred|private|access|licen[sc]e|webhook|signature|sid|dsn|client|app|bot|oauth|pat|jwt|salt|hmac|sas|ticket|session|cookie|pin|login|user|account';
const bothCases = (letters: string): string =>
  letters.replaceAll(/[a-z]/gi, (letter) => letter.toLowerCase() + letter.toUpperCase());

/**
 * One of these, in any case. A class for each letter, and no group `(?i:...)`: where V8 does not optimise a pattern (it has compiled
 * much before, or the pattern is long), it compares how alternatives in such a group begin with the case that they are written in.
 */
const inAnyCase = (words: readonly string[]): string =>
  `(?:${words
    .map((word) =>
      word.replaceAll(/\\.|\[[^\]]*\]|[a-z]/gi, (one) =>
        one.startsWith('\\') ? one : one.startsWith('[') ? bothCases(one) : `[${bothCases(one)}]`,
      ),
    )
    .join('|')})`;

/** Says that a value follows. `(?![a-z])` tells `keyValue` from `keyboard`. */
const keyWord = new RegExp(`${inAnyCase(keyWords.split('|'))}[sS]?(?![a-z])`, 'g');
const strong =
  /key|token|secret|passw|pwd|auth|bearer|basic|cred|private|access|licen|webhook|signature|pat(?![a-z])|sas|dsn/i;
/** Random, and no secret: what builds, version control and identifiers are full of. */
const notSecret =
  /sha-?\d|md5|integrity|commit|checksum|digest|\bhash|etag|revision|resolved|\bversion|fingerprint|public.?key|blob\/|tree\/|issue|\.(?:png|jpe?g|gif|svg|js|css|html?|md|tgz|whl)\b/i;
/** `${FOO_`, `<your-`: the rest of a variable's name would be taken for a value. */
const isReference = /(?:[$%#]\{?\(?|<)[A-Za-z_.-]*$/;
const operator = /[=:>(,"'`?&/\s|_\\-]$|%3D$/;

/** Words parted by dots, dashes or underscores: a name, not a key. */
const notWords = String.raw`(?!(?:(?:[A-Z]?[a-z]{1,14}|[A-Z]{2,15})[_.\-]){1,6}(?:[A-Z]?[a-z]{1,14}|[A-Z]{2,15})(?![\w.+/=~\-]))`;

/** A key of a form that we do not know: behind an operator or a key word, letters and digits mixed. */
const anyForm = String.raw`(?<=[=:>(,"'\`?&/\s|\\]|%3D|(?:key|token|secret|access|private)[_-])(?=[\w+/.~\-]{0,80}?(?:\d[A-Za-z]|[A-Za-z]{2}\d{3}|[a-z][A-Z][a-z]?[A-Z]))[A-Za-z0-9][A-Za-z0-9_+/.~\-]{9,199}={0,2}(?![A-Za-z0-9=])`;

function patternOf({ aliases, isWord, shapes }: NamedService): RegExp {
  // Prose has few words of this length: the forms are not tried at the others.
  const shortest = Math.min(10, ...shapes.map((shape) => shape.minLength));
  const known = shapes.map((shape) => shape.source + shape.behind);
  const spelled = aliases.map((alias) => alias.replaceAll(/[.+-]/g, '\\$&').replaceAll(' ', '[ _.-]?'));
  // A name inside another word (mailbox) is not the service's, unless camel case parts the words.
  const start =
    isWord || aliases.some((alias) => alias.length < 6) ? '(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))' : '';
  const follows = isWord
    ? String.raw`(?=[\s_.\-]{0,2}${inAnyCase([String.raw`\.com`, String.raw`\.io`, ...keyWords.split('|')])})`
    : '';
  return new RegExp(
    `${start}${inAnyCase(spelled)}${follows}(?<gap>[\\s\\S]{0,60}?)` +
      `${wordStart}(?=[^\\s"'<>]{${shortest}})${notWords}(?<value>${[...known, anyForm].join('|')})`,
  );
}

const support = [
  'api key',
  'api_key',
  'apikey',
  'token',
  'secret',
  'credential',
  'authorization',
  'password',
];

export function namedDetector(service: NamedService): Detector {
  const { id, name, aliases, isWord } = service;
  const pattern = once(() => patternOf(service));
  const whole = once(() => service.shapes.map((shape) => new RegExp(`^(?:${shape.source})$`)));
  return {
    id: `${id}.key`,
    class: `credential.${id}`,
    name: `${name} key or token`,
    token: 'SECRET',
    find: { on: 'words', words: [...new Set(aliases.flatMap(spellings))], at: 'here' },
    get pattern() {
      return pattern();
    },
    check: (value, match) => judge(value, match.groups?.['gap'] ?? '', isWord, whole()),
    confidence: { alone: 65, supported: 75 },
    context: support,
    neverAlone: true,
    get source() {
      const forms = service.shapes.map((shape) => shape.description);
      return forms.length === 0
        ? `${name}'s API authenticates with a key; its form is left open.`
        : `Keys that ${name} issues: ${forms.join('; or ')}.`;
    },
  };
}

function judge(value: string, gap: string, isWord: boolean, forms: readonly RegExp[]): Checked {
  if (!operator.test(gap) || notSecret.test(gap) || isReference.test(gap)) return false;
  // What stands between the name and the value says most for the least.
  const named = gap.match(keyWord) ?? [];
  if (named.length === 0 && (isWord || (!direct.test(gap) && !blank.test(gap)))) return false;
  const isKnown = forms.some((form) => form.test(value));
  if (isPlaceholder(value) || isName(value) || (isKnown ? isIdentifier(value) : !isRandom(value)))
    return false;
  const isStrong = named.some((word) => strong.test(word));
  const bits = entropy(value);
  if (named.length === 0 && !(isKnown ? blank.test(gap) : isDirect(gap, value, bits))) return false;
  if (looksLikeExample(value)) return { alone: 65, supported: 65, why: 'looks like an example' };
  if (!isStrong || bits < 2.8 || !/\d/.test(value)) return { alone: 65, supported: 65 };
  // What version control calls a commit looks like a key: only an assignment tells them apart.
  if (/^[0-9a-f]{40}$/.test(value) && !/[=:(]\s{0,2}["'`]?$|["'`]$|>$/.test(gap))
    return { alone: 65, supported: 65 };
  if (isKnown)
    return { alone: isWord ? 75 : 85, supported: 85, why: 'the name of the service stands before it' };
  const isVaried = bits >= 3.2 && value.length >= 20 && (value.match(/\d/g) ?? []).length >= 3;
  return isVaried && !isWord && forms.length === 0
    ? { alone: 75, supported: 75 }
    : { alone: 65, supported: 65 };
}

const direct = /^\W{0,4}[=:>]\W{0,4}$|^["']\)\(["']$/;
const blank = /^[\s=:>"'`|]{1,5}$/;

/** Right behind the name: `foo=…`, `require('foo')('…')`; a blank alone, where the value leaves no doubt. */
function isDirect(gap: string, value: string, bits: number): boolean {
  if (direct.test(gap)) return true;
  return (
    /^[ \t]$/.test(gap) &&
    value.length >= 20 &&
    bits >= 3 &&
    (value.match(/\d/g) ?? []).length >= 3 &&
    !/^[0-9a-f]{40}$/.test(value)
  );
}

/** `HAS_GOOGLE_AUTH_HTTPLIB2`, `some-package-1.2.3`: words and short numbers, with separators between them. */
function isName(value: string): boolean {
  return (
    /^(?:[A-Za-z]{0,15}\d{0,3}[_.~/-]){1,12}[A-Za-z]{0,15}\d{0,3}$/.test(value) && wordShare(value) > 0.35
  );
}

/** `someVariableName`, `SOME_CONSTANT`: a key of that length would have a digit. */
function isIdentifier(value: string): boolean {
  return /^[A-Z]?[a-z]{2,15}(?:[A-Z][a-z]{2,15})+$|^[A-Z]{2,15}(?:_[A-Z]{2,15})+$/.test(value);
}

/** Whether `value` is rather a key than a name, a path, a date, a version. */
function isRandom(value: string): boolean {
  if (!/[A-Za-z]/.test(value) || entropy(value) < 2.5) return false;
  if (!/\d/.test(value)) return entropy(value) > 3.5 && (value.match(/[a-z](?=[A-Z])/g) ?? []).length > 3;
  if (/^\d{4}-\d\d-\d\d|^v?\d+\.\d+|\.(?:[a-z]{2,4})$|^(?:https?|www)\b/.test(value)) return false;
  // Names are words parted by separators; a key has letters and digits mixed within one part.
  return value.split(/[_./~-]/).some((part) => /\d[A-Za-z]|[A-Za-z]\d[A-Za-z]|[A-Za-z]{2}\d{3}/.test(part));
}

/** Every way to write the separators of a name: the automaton knows only fixed words. */
function spellings(alias: string): string[] {
  const parts = alias.split(' ');
  return parts.length === 1 ? [alias] : ['', '_', '-', ' ', '.'].map((separator) => parts.join(separator));
}
