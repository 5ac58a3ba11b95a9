/** Credentials within URLs, for everything that one can log in to by URL. */
import type { Checked, Detector } from '../../detector.ts';
import { looksLikeExample } from '../credential-value.ts';
import { high, low, medium } from './bands.ts';
import { isRandom, kindOf } from './value.ts';

const local =
  /^(?:localhost|127\.|0\.0\.0\.0|\[::1\]|host\b|example|(?:[\w-]+\.)*example\b|test\b|[\w.-]*\.(?:test|local|invalid)\b)/i;
const commonWord =
  /^(?:p(?:ass)?w(?:or)?d|pass|passwd|secret|pw|p|password1?|mypass(?:word)?|user|username|admin|guest|root|postgres|mysql|test|token|key|x+|foo|bar|baz|qux|pwd|hunter2|changeme|1234\d*)$/i;

function judgeUrl(_value: string, match: RegExpExecArray): Checked {
  const host = match.groups?.['host'] ?? '';
  const password = decoded(match.groups?.['password'] ?? '');
  if (/^[<${%*]|\$\{|\{\{|^\.+$|^\*+$|[<>{}]/.test(password)) return false;
  if (password === '' || /^\d{1,5}$/.test(password)) return false;
  if (commonWord.test(password) || local.test(host)) return low;
  if (looksLikeExample(password)) return low;
  return kindOf(password, true) === 'plain' || kindOf(password, true) === 'none' ? medium : high;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

const user = String.raw`[^\s:@/"'\x60<>()\[\]{}|\\^]{0,100}`;
const afterScheme = String.raw`(?<value>${user}:(?<password>[^\s/"'\x60<>|\\^,;]{1,200}))@(?<host>\[?[\w.:%-]{1,200})`;

/** @param schemes without `://` */
function login(id: string, name: string, schemes: readonly string[], source: string): Detector {
  return {
    id: `connection_string.${id}`,
    class: 'credential.connection_string',
    name: `URL of ${name} with a password`,
    token: 'PASSWORD',
    find: { on: 'words', at: 'here', words: schemes.map((scheme) => `${scheme}://`) },
    pattern: new RegExp(String.raw`[a-z0-9+]{2,20}:\/\/${afterScheme}`, 'i'),
    check: judgeUrl,
    confidence: medium,
    neverAlone: true,
    source,
  };
}

/** `https://TOKEN@host`: the name is the secret. */
const tokenInUrl: Detector = {
  id: 'url.token',
  class: 'credential.connection_string',
  name: 'token in front of the host of a URL',
  token: 'TOKEN',
  find: { on: 'words', at: 'here', words: ['https://', 'http://'] },
  pattern: /https?:\/\/(?<value>[A-Za-z0-9_-]{20,200})(?::x-oauth-basic)?@[A-Za-z0-9]/i,
  check: (value) => isRandom(value, 20) && medium,
  confidence: medium,
  neverAlone: true,
  source: 'RFC 3986, section 3.2.1',
};

export const urlDetectors: readonly Detector[] = [
  login(
    'postgres',
    'PostgreSQL',
    ['postgres', 'postgresql', 'postgis', 'cockroachdb', 'redshift'],
    'PostgreSQL documentation, 34.1.1.2 Connection URIs',
  ),
  login(
    'mysql',
    'MySQL',
    ['mysql', 'mysql2', 'mysqlx', 'mariadb', 'pymysql', 'mysqlconnector'],
    'MySQL documentation, URI-like connection strings',
  ),
  login(
    'mongodb',
    'MongoDB',
    ['mongodb', 'mongodb+srv'],
    'MongoDB documentation, connection string URI format',
  ),
  login(
    'redis',
    'Redis',
    ['redis', 'rediss', 'valkey', 'memcached'],
    'IANA registration of the redis URI scheme',
  ),
  login(
    'amqp',
    'a message broker',
    ['amqp', 'amqps', 'mqtt', 'mqtts', 'nats', 'stomp', 'kafka', 'pulsar', 'ws', 'wss', 'pyamqp'],
    'RabbitMQ URI specification',
  ),
  login(
    'sql',
    'a database',
    [
      'mssql',
      'sqlserver',
      'oracle',
      'jdbc:oracle:thin',
      'db2',
      'snowflake',
      'clickhouse',
      'couchdb',
      'couchbase',
      'couchbases',
      'cassandra',
      'neo4j',
      'neo4j+s',
      'bolt',
      'influxdb',
      'presto',
      'trino',
      'hive',
      'impala',
      'vertica',
      'teradata',
      'sybase',
      'firebird',
      'elasticsearch',
      'pyodbc',
      'cx_oracle',
      'psycopg2',
      'asyncpg',
      'aiomysql',
      'sqlite',
      'libsql',
    ],
    'SQLAlchemy documentation, database URLs',
  ),
  login(
    'mail',
    'a mail or directory server',
    ['smtp', 'smtps', 'imap', 'imaps', 'pop3', 'pop3s', 'ldap', 'ldaps', 'sip', 'sips', 'xmpp'],
    'RFC 3986, section 3.2.1',
  ),
  login(
    'files',
    'a file server',
    [
      'ftp',
      'ftps',
      'sftp',
      'ssh',
      'scp',
      'smb',
      'cifs',
      'afp',
      'nfs',
      'dav',
      'davs',
      'webdav',
      'svn',
      'svn+ssh',
      'rsync',
      'git',
      'git+ssh',
      'rtsp',
      'rtsps',
      'rtmp',
      'vnc',
      'rdp',
      'socks4',
      'socks5',
      'socks5h',
      'telnet',
      'docker',
      's3',
    ],
    'RFC 3986, section 3.2.1',
  ),
  login('http', 'a web server', ['http', 'https'], 'RFC 3986, section 3.2.1'),
  tokenInUrl,
];
