/**
 * Takes secrets out of what is recorded. A secret is replaced by a fingerprint keyed with this device's salt: two uses
 * of one secret can be told to be the same, and nobody without the device's key can test a guess. When in doubt the
 * value goes: a record that is harder to read is better than a journal that leaks.
 */
import { createHmac } from 'node:crypto';
import { isHighEntropy, isSecretName, issuedToken, longToken } from './secret-names.ts';

export type Salt = Uint8Array;

/** `‹secret:sha256:8 hex digits›` of HMAC-SHA-256 over the value. */
export function fingerprint(secret: string, salt: Salt): string {
  return `‹secret:sha256:${createHmac('sha256', salt).update(secret).digest('hex').slice(0, 8)}›`;
}

/** Programs whose `-x` takes a secret, glued or as the next argument. */
const secretShortFlags: Readonly<Record<string, string>> = {
  mysql: '-p',
  mysqladmin: '-p',
  mysqldump: '-p',
  mariadb: '-p',
  'mariadb-dump': '-p',
  sshpass: '-p',
  docker: '-p',
  podman: '-p',
  '7z': '-p',
  '7za': '-p',
  zip: '-P',
  unzip: '-P',
  'redis-cli': '-a',
  ldapsearch: '-w',
  ldapmodify: '-w',
  ldapadd: '-w',
  mosquitto_pub: '-P',
  mosquitto_sub: '-P',
  openssl: '-k',
  curl: '-u',
  wget: '-u',
};

/** Programs whose `-p` certainly takes none; for any other one the value of `-p` is taken for a secret. */
const plainPrograms: ReadonlySet<string> = new Set(
  'bash chaperone cp dash docker-compose find git grep install ls make mkdir mv nc node npm npx nmap patch pkg-config ps python python3 rsync scp sed sftp sh ssh ssh-keygen tar touch tsc vim zsh'.split(
    ' ',
  ),
);

/**
 * What one record keeps of a command line. The bounds also bound the time: the agent chooses the text, and a supervisor
 * that is busy with it holds up the session.
 */
const maxArguments = 256;
const maxArgumentLength = 4_096;
const maxTotalLength = 32_768;

/**
 * @param argv as executed; the first element names the program
 * @returns the arguments without secrets; what is left out for its length is counted in the last one kept
 */
export function scrubArgv(argv: readonly string[], salt: Salt): string[] {
  const kept: string[] = [];
  let total = 0;
  for (const argument of argv) {
    if (kept.length === maxArguments || total > maxTotalLength) break;
    kept.push(cut(argument));
    total += Math.min(argument.length, maxArgumentLength);
  }
  const scrubbed = scrubKept(kept, salt);
  const more = argv.length - kept.length;
  return more === 0 ? scrubbed : [...scrubbed, `‹${more} more arguments›`];
}

/** A secret that the cut goes through would no longer look like one, so the last run of its characters goes, too. */
function cut(argument: string): string {
  if (argument.length <= maxArgumentLength) return argument;
  const start = argument.slice(0, maxArgumentLength).replace(/[^\s;&,'"]{1,512}$/, '');
  return `${start}‹${argument.length - start.length} more characters›`;
}

function scrubKept(argv: readonly string[], salt: Salt): string[] {
  const program = argv[0]?.slice(argv[0].lastIndexOf('/') + 1) ?? '';
  let nextIsSecret = false;
  return argv.map((argument, index) => {
    if (nextIsSecret) {
      nextIsSecret = false;
      return argument === '' ? '' : fingerprint(argument, salt);
    }
    if (index === 0) return scrubText(argument, salt);
    const flag = secretShortFlag(program, argv, argument);
    if (flag !== undefined) {
      if (argument !== flag) return flag + fingerprint(argument.slice(flag.length), salt);
      nextIsSecret = !argv[index + 1]?.startsWith('-');
      return argument;
    }
    if (/^--?[A-Za-z]/.test(argument) && !/[=\s:]/.test(argument) && isSecretName(argument)) {
      nextIsSecret = true;
      return argument;
    }
    return scrubText(argument, salt);
  });
}

/** The short flag that introduces a secret in this argument, if it does. */
function secretShortFlag(program: string, argv: readonly string[], argument: string): string | undefined {
  const flag = secretShortFlags[program];
  if (flag === undefined) return argument === '-p' && !plainPrograms.has(program) ? '-p' : undefined;
  // `docker run -p 80:80` publishes a port.
  if ((program === 'docker' || program === 'podman') && argv[1] !== 'login') return undefined;
  if (program === 'openssl' || program === 'curl' || program === 'wget')
    return argument === flag ? flag : undefined;
  return argument.startsWith(flag) && !argument.startsWith('--') ? flag : undefined;
}

// Every repetition that a match can start in is bounded, or hostile text would take quadratic time.
const url = /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s'"<>]+/gi;
const privateKey = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g;
const wholeAssignment = /^([\w.-]{1,200})=([^]+)$/;
const assignmentName = /([\w.-]{1,100})\s{0,20}=\s{0,20}/g;
const assignmentValue = /"[^"]*"|'[^']*'|[^;&,\s'"]+/y;
const jsonMember = /("([^"\\]{1,80})"\s{0,20}:\s{0,20})"((?:[^"\\]|\\.)+)"/g;
const header = /^(\s{0,20}[\w-]{1,100})(:\s{0,20})([^]+)$/;
const spacedFlag = /(--?[A-Za-z][\w-]{0,100})(\s{1,20})("[^"]*"|'[^']*'|\S+)/g;
const scheme = /\b(Bearer|Basic|Token)(\s{1,20})([^\s'"]+)/gi;

/** Takes secrets out of any text: an argument, a script after `sh -c`, a message. */
export function scrubText(text: string, salt: Salt): string {
  const hide = (value: string): string => (value.startsWith('‹secret:') ? value : fingerprint(value, salt));

  const whole = wholeAssignment.exec(text);
  if (whole?.[1] && whole[2] && isSecretName(whole[1])) return `${whole[1]}=${hide(whole[2])}`;
  const named = header.exec(text);
  if (named?.[1] && named[3] && isSecretName(named[1])) return `${named[1]}${named[2]}${hide(named[3])}`;

  return scrubAssignments(
    text.replace(privateKey, hide).replace(url, (found) => scrubUrl(found, salt)),
    hide,
  )
    .replace(jsonMember, (all, start: string, name: string, value: string) =>
      isSecretName(name) ? `${start}"${hide(value)}"` : all,
    )
    .replace(scheme, (_, name: string, space: string, value: string) => `${name}${space}${hide(value)}`)
    .replace(spacedFlag, (all, name: string, space: string, value: string) =>
      isSecretName(name) ? `${name}${space}${hide(value)}` : all,
    )
    .replace(issuedToken, hide)
    .replace(longToken, (token) => (isHighEntropy(token) ? hide(token) : token));
}

/** Looks at every `name=`, also at one inside the value of another (`--env=API_KEY=…`). */
function scrubAssignments(text: string, hide: (value: string) => string): string {
  let result = '';
  let done = 0;
  for (const match of text.matchAll(assignmentName)) {
    const start = match.index + match[0].length;
    if (match.index < done || !isSecretName(match[1] ?? '')) continue;
    assignmentValue.lastIndex = start;
    const value = assignmentValue.exec(text)?.[0];
    if (value === undefined) continue;
    result += text.slice(done, start) + hide(value);
    done = start + value.length;
  }
  return result + text.slice(done);
}

/**
 * Takes the password out of `user:password@`, and secrets out of query and fragment. Works on the text, not on a parsed
 * URL: what is recorded must show what was asked for, malformed or not.
 */
export function scrubUrl(text: string, salt: Salt): string {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)([^?#]*)(\?[^#]*)?(#[^]*)?$/i.exec(text);
  if (!match) return text;
  const [, start = '', authority = '', path = '', query = '', fragment = ''] = match;
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  return (
    start +
    (at === -1 ? '' : `${scrubUserinfo(authority.slice(0, at), salt)}@`) +
    host +
    path.replace(longToken, (token) => (isHighEntropy(token) ? fingerprint(token, salt) : token)) +
    scrubParameters(query, salt) +
    scrubParameters(fragment, salt)
  );
}

function scrubUserinfo(userinfo: string, salt: Salt): string {
  const colon = userinfo.indexOf(':');
  // Without a colon it may be a user (ssh://git@…) or a token (https://ghp_…@…).
  if (colon === -1) return userinfo.length < 20 ? userinfo : fingerprint(userinfo, salt);
  return `${scrubUserinfo(userinfo.slice(0, colon), salt)}:${fingerprint(userinfo.slice(colon + 1), salt)}`;
}

function scrubParameters(parameters: string, salt: Salt): string {
  return parameters.replace(/([^?#&;=]{0,100})=([^&;]*)/g, (all, name: string, value: string) => {
    const isToken = (value.match(longToken) ?? []).some(isHighEntropy);
    return value !== '' && (isSecretName(name) || isToken) ? `${name}=${fingerprint(value, salt)}` : all;
  });
}
