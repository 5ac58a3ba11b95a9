/** Files whose layout says which field is the secret. */
import type { Checked, Detector } from '../../detector.ts';
import { isPlaceholder } from '../credential-value.ts';
import { high, low, medium } from './bands.ts';
import { fromBase64 } from './base64.ts';
import { isRandom, isStrong, kindOf } from './value.ts';

function judge(value: string, match: RegExpExecArray): Checked {
  const kind = kindOf(match.groups?.['password'] ?? value, true);
  return kind === 'random' || kind === 'chosen' ? high : kind === 'plain' && medium;
}

function field(
  id: string,
  name: string,
  rest: Pick<Detector, 'find' | 'pattern' | 'source'> & Partial<Detector>,
): Detector {
  return {
    id,
    class: 'credential.config_file',
    name,
    token: 'PASSWORD',
    check: judge,
    confidence: medium,
    neverAlone: true,
    ...rest,
  };
}

const netrc = field('netrc', 'password in a .netrc file', {
  find: { on: 'words', at: 'here', words: ['machine '] },
  pattern:
    /machine\s{1,4}[\w.:-]{1,200}\s{1,8}(?:login|account)\s{1,4}\S{1,200}\s{1,8}password\s{1,4}["']?(?<password>[^\s"']{1,200})/i,
  source: 'netrc(5)',
});

const pgpass = field('pgpass', 'password in a .pgpass file', {
  find: { on: 'words', at: 'here', words: [':5432:', ':5433:', ':6432:', ':*:'] },
  pattern: /:(?:5432|5433|6432|\*):[\w*-]{1,63}:[\w*.-]{1,63}:(?<value>[^\s:]{3,200})(?=\s|$)/,
  source: 'PostgreSQL documentation, 34.16 The Password File',
});

/** `user:password` in base64, as Docker and npm keep it. */
const packedLogin = field('docker.auth', 'log-in to a registry', {
  find: { on: 'words', at: 'here', words: ['"auth"', '_auth'] },
  pattern: /["_]auth["']?\s{0,4}[:=]\s{0,4}["']?(?<value>[A-Za-z0-9+/]{8,2000}={0,2})(?![A-Za-z0-9+/])/,
  check(value) {
    const pair = fromBase64(value);
    if (pair === undefined || !/^[\x20-\x7e]{1,200}:[\x20-\x7e]+$/.test(pair)) return false;
    return isPlaceholder(pair.slice(pair.indexOf(':') + 1)) ? false : high;
  },
  source: 'Docker documentation: config.json; npmrc(5)',
});

const machineKey = field('aspnet.machine_key', 'machineKey of ASP.NET', {
  find: { on: 'words', at: 'here', words: ['validationkey', 'decryptionkey'] },
  pattern: /(?:validation|decryption)Key\s?=\s?["'](?<value>[0-9A-F]{32,256})["',]/i,
  check: (value) => new Set(value).size > 6,
  confidence: high,
  source: 'machineKey element (ASP.NET settings schema)',
});

const azureKey = field('connection_string.azure', 'key in an Azure connection string', {
  class: 'credential.connection_string',
  find: {
    on: 'words',
    at: 'here',
    words: [
      'accountkey=',
      'sharedaccesskey=',
      'accesskey=',
      ';secret=',
      'sharedaccesssignature',
      'accountkey',
    ],
  },
  pattern:
    /(?:AccountKey|SharedAccessKey|AccessKey|;Secret|SharedAccessSignature)["']?\s?[=:]\s?["']?(?<value>[A-Za-z0-9+/%]{27,120}={0,2}|sv=[^\s"';]{40,600})/i,
  check: (value) => value.startsWith('sv=') || (isRandom(value, 27) && (isStrong(value) ? high : low)),
  confidence: high,
  source: 'Azure Storage documentation: configure connection strings',
});

const appConfiguration = field(
  'connection_string.azure_app',
  'connection string of Azure App Configuration',
  {
    class: 'credential.connection_string',
    find: { on: 'words', at: 'here', words: ['endpoint=https://', 'https://'] },
    pattern:
      /(?:Endpoint=)?(?<value>https:\/\/[\w.-]{1,100};Id=[\w+/:-]{1,100};Secret=(?<password>[A-Za-z0-9+/]{20,120}={0,2}))/i,
    source: 'Azure App Configuration documentation: access keys',
  },
);

const sas = field('azure.sas', 'shared access signature of Azure', {
  find: { on: 'words', at: 'here', words: ['&sig=', '?sig=', ';sig='] },
  pattern: /[&?;]sig=(?<value>[A-Za-z0-9%+/]{40,80}(?:=|%3D)?)(?![A-Za-z0-9])/i,
  check: (value) => isRandom(value, 40),
  confidence: high,
  source: 'Azure Storage documentation: shared access signatures',
});

const server =
  /(?:server|data source|host|hostname|address|addr|network address|initial catalog|database|dsn|driver|provider)\s?=/i;

/** `Server=...;Password=...`: one key beside others, parted by semicolons or blanks. */
const keyValue = field('connection_string.key_value', 'password in a connection string', {
  class: 'credential.connection_string',
  find: { on: 'words', at: 'here', words: ['user', 'uid='] },
  pattern:
    /(?:user(?: ?id|name)?|uid)\s?=\s?(?<value>[^\s;"'<>&]{1,100}[; ]\s?(?:[\w ]{1,30}=[^;"']{0,60};\s?){0,3}(?:password|pwd)\s?=\s?(?<password>[^\s;"'<>&]{1,200}))(?=;|"|'|\s|$)/i,
  check(_value, match): Checked {
    const { password = '' } = match.groups ?? {};
    if (!server.test(match.input.slice(Math.max(0, match.index - 300), match.index))) return false;
    if (/^[{$<%*]|[(){}#]|\$\{/.test(password) || isPlaceholder(password)) return false;
    const kind = kindOf(password, true);
    return kind === 'random' ? high : kind === 'chosen' ? medium : low;
  },
  confidence: low,
  source: 'ADO.NET, ODBC and libpq documentation: connection strings',
});

const awsPair = field('aws.key_pair', 'secret access key of AWS beside its id', {
  class: 'credential.aws',
  token: 'AWS_SECRET',
  find: { on: 'words', at: 'here', words: ['akia', 'asia', 'abia', 'acca'] },
  pattern:
    /A(?:KI|SI|BI|CC)A[A-Z2-7]{16}(?![A-Za-z0-9])[\s\S]{1,200}?(?<![A-Za-z0-9/+])(?<value>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/,
  check: (value) => /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value) && isRandom(value, 40),
  confidence: high,
  source: 'IAM documentation: access keys',
});

/** Manifests list the fields of a Secret below `data`, whichever comes first, in base64 each. */
/** Lines of `name: base64` below `data:`. */
const secretLines = String.raw`data:[ \t]{0,8}\r?\n(?<value>(?:[ \t]{1,8}[\w.-]{1,100}:[ \t]{0,4}[^\s]{4,30000}[ \t]{0,4}(?:\r?\n|$)){1,40})`;

function holdsSecret(value: string): Checked {
  const values = value.split('\n').map((line) => line.slice(line.indexOf(':') + 1).replaceAll(/["'\s]/g, ''));
  return values.some((one) => one.length >= 8 && fromBase64(one) !== undefined) && high;
}

const kubernetes = field('kubernetes.secret', 'values of a Kubernetes secret', {
  find: { on: 'words', words: ['kind: secret'], at: 'here' },
  pattern: new RegExp(String.raw`kind: Secret\s(?:(?!---)[^\n]{0,500}\n){0,60}?${secretLines}`, 'i'),
  check: holdsSecret,
  source: 'Kubernetes documentation: Secret v1 core',
});

/** As the API server writes it, sorted by name. */
const kubernetesSorted = field('kubernetes.secret_sorted', 'values of a Kubernetes secret', {
  find: { on: 'words', words: ['data:'], at: 'here' },
  pattern: new RegExp(String.raw`${secretLines}(?=(?:(?!---)[^\n]{0,500}\n){0,60}?kind: Secret\s)`, 'i'),
  check: holdsSecret,
  source: 'Kubernetes documentation: Secret v1 core',
});

export const fileDetectors: readonly Detector[] = [
  netrc,
  pgpass,
  packedLogin,
  machineKey,
  azureKey,
  appConfiguration,
  sas,
  keyValue,
  awsPair,
  kubernetes,
  kubernetesSorted,
];
