/** What a name says of the value that follows it. */

/** `explicit` can only be a secret; `likely` mostly is; `weak` may be one when its value is random. */
export type Promise = 'explicit' | 'likely' | 'weak' | 'none';

/** The whole identifier around a match that begins within it. @param name the part of it that was matched */
export function identifierAround(match: RegExpExecArray, name: string): string {
  const { input, index } = match;
  const first = Math.max(0, index - 64);
  let start = index;
  while (start > first && isNamePart(input.charCodeAt(start - 1))) start -= 1;
  return input.slice(start, index) + name;
}

/** Letters, digits, `_`, `.`, `$`, `-`. */
function isNamePart(code: number): boolean {
  const letter = code | 32;
  return (
    (letter >= 97 && letter <= 122) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 46 ||
    code === 36 ||
    code === 45
  );
}

/** About a secret, without being one: its place, its length, its label. */
const about =
  /(?:file(?:name)?|path|dir|folder|url|uri|endpoint|host|field|label|type|len(?:gth)?|bits?|size|count|num|policy|hint|prompt|form|input|dialog|page|reset|expir[a-z]*|expires_?in|valid(?:ity|ator|ation|ate)?|min|max|require[a-z]*|regexp?|pattern|column|attr[a-z]*|class|provider|encoder|manager|store|service|factory|callback|(?<!access[_-]?key[_-]?)id|ids|idx|index|error|msg|message|title|text|placeholder|mode|state|status|format|version|name|names|algo(?:rithm)?s?|alg|cipher|scheme|realm|usage|info|desc(?:ription)?|list|map|set|dict|hash(?:es|ed)?|digest|fingerprint|sum|header|param[a-z]*|arn|ref|selector|template|rotation|enabled?|allowed|method|grant|scope)$/i;

const unrelated =
  /public|pub_?key|pubkey|primary|foreign|sort|cache|hot_?key|partition|registry|keycode|keyboard|keyword|keystroke|keymap|keyring|keysym|keyserver|keygrip|keyid|key_id|tokeniz|next_?token|(?:^|[_.-])page_?token|continuation|sync_?token|fingerprint|checksum|digest|integrity|i18n|locale|lang|monkey|turkey|donkey|keynote|keypress|keydown|keyup|hockey|jockey|whiskey|osckey|keypoint|keyframe|author(?!i[sz]ation)|auth_?type|auth_?method|session_?name|passenger|getpass|askpass|passive|passage|passport|bypass|compass|passed|passes|passing|passthr|pass_?through|password-?(?:less|protected)|access(?:ible|or|ibility|_?log|_?mode|_?time|_?control|_?level|_?type)|privately|secretary|secretion|desalt|salty|basalt|cobalt|asphalt|saltstack/i;

const explicit =
  /secret|passw|passphrase|pass_?code|passwd|pwd|api[\s_.-]?key|apikey|access[\s_.-]?key|auth[\s_.-]?key|private[\s_.-]?key|(?:sign|encrypt|decrypt|master|account|shared|service|admin|license|licence|stream|subscription|storage|deploy|app|application|consumer|client|integration)(?:ing|ion)?[\s_.-]?key|(?:access|auth|api|bearer|refresh|oauth|personal|security|bot|private|deploy|client|session|id)[\s_.-]?token|credential|kennwort|passwort|contrase|senha|clave_?secreta|mot_?de_?passe|geheim/i;

const mostKnown = 4_096;
/** What was said of names before: a text has few different ones. */
const known = new Map<string, Promise>();

export function promiseOf(identifier: string): Promise {
  // So long a name is not one, but the middle of an encoded text.
  if (identifier === '' || identifier.length > 60) return 'none';
  let promise = known.get(identifier);
  if (promise === undefined) {
    if (known.size >= mostKnown) known.clear();
    known.set(identifier, (promise = judged(identifier)));
  }
  return promise;
}

function judged(identifier: string): Promise {
  if (unrelated.test(identifier)) return 'none';
  const name = identifier.replace(/[^A-Za-z0-9]+$/, '');
  if (about.test(name) && !/^(?:pass|pwd)$/i.test(name))
    return /(?:^|[._-])(?:id|name)$/i.test(name) ? 'weak' : 'none';
  if (explicit.test(name)) return 'explicit';
  // A name with something ahead of it belongs to something: stripe_key, slackToken.
  return /[A-Za-z0-9][\w.-]*(?:key|token|auth|pass)\w{0,6}$/i.test(name) &&
    !/^(?:key|token|auth|pass)\w{0,2}$/i.test(name)
    ? 'likely'
    : 'weak';
}
