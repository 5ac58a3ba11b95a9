/** Hashed passwords: whoever has them can try passwords in peace. */
import type { Detector } from '../../detector.ts';
import { high, low, medium } from './bands.ts';

const alone = { alone: 75, supported: 85 } as const;
const context = ['shadow', 'htpasswd', 'htaccess', 'password_hash', 'encrypted_password', 'rootpw', 'passwd'];

function hash(
  id: string,
  name: string,
  words: readonly string[],
  pattern: RegExp,
  source: string,
  rest: Partial<Detector> = {},
): Detector {
  return {
    id: `password_hash.${id}`,
    class: 'credential.password_hash',
    name,
    token: 'PASSWORD_HASH',
    find: { on: 'words', at: 'here', words },
    pattern,
    confidence: alone,
    context,
    source,
    ...rest,
  };
}

export const hashDetectors: readonly Detector[] = [
  hash(
    'bcrypt',
    'password hash (bcrypt)',
    ['$2a$', '$2b$', '$2y$', '$2x$'],
    /\$2[abxy]\$[0-3]\d\$[./A-Za-z0-9]{53}(?![./A-Za-z0-9])/,
    'crypt(5)',
  ),
  hash(
    'crypt',
    'password hash (crypt)',
    ['$1$', '$5$', '$6$', '$7$', '$8$', '$9$', '$y$', '$gy$', '$sm3$', '$apr1$', '$md5$', '$sha1$'],
    /\$(?:1|apr1|md5|[5-9]|y|gy|sm3|sha1)\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,64}\$(?:[./A-Za-z0-9]{1,64}\$)?[./A-Za-z0-9]{22,128}(?![./A-Za-z0-9])/,
    'crypt(5); Cisco IOS types 8 and 9',
  ),
  hash(
    'phpass',
    'password hash (phpass)',
    ['$p$', '$h$'],
    /\$[PH]\$[./A-Za-z0-9]{31}(?![./A-Za-z0-9])/,
    'Openwall phpass',
  ),
  hash(
    'argon2',
    'password hash (Argon2)',
    ['$argon2'],
    /\$argon2(?:id|i|d)\$(?:v=\d{1,3}\$)?[a-z0-9=,]{5,40}\$[A-Za-z0-9+/]{8,88}\$[A-Za-z0-9+/]{16,128}/,
    'RFC 9106; PHC string format',
  ),
  hash(
    'scrypt',
    'password hash (scrypt)',
    ['$scrypt$', '$s0$', 'scrypt:'],
    /(?:\$scrypt\$[a-z0-9=,]{5,40}\$|\$s0\$[0-9a-f]{5,8}\$|scrypt:\d{1,8}:\d{1,3}:\d{1,3}\$)[A-Za-z0-9+/=.]{8,88}\$[A-Za-z0-9+/=]{32,200}/,
    'PHC string format',
  ),
  hash(
    'pbkdf2',
    'password hash (PBKDF2)',
    ['pbkdf2'],
    /(?:\$?pbkdf2[-_:]?(?:sha\d{1,3}|md5)?[$:](?:sha\d{1,3}:)?(?:i=)?\d{3,8}[$,:](?:l=\d{1,3}\$)?|pbkdf2\.sha512\.\d{4,8}\.)[A-Za-z0-9+/=.]{6,256}[$.:][A-Za-z0-9+/=.]{20,512}/i,
    'Django and passlib documentation; GRUB manual',
  ),
  hash(
    'ldap',
    'password hash (LDAP)',
    ['{ssha', '{smd5}', '{sha}', '{sha256}', '{sha512}', '{crypt}', '{pbkdf2', '{md5}', '{x-', '{pkcs5s2}'],
    /\{(?:S?SHA(?:256|384|512)?|S?MD5|CRYPT|PBKDF2[\w-]{0,10}|x-\w{2,12}|PKCS5S2)\}(?:[A-Za-z0-9+/]{22,172}={0,2}|\$[^\s"']{10,200})/i,
    'RFC 2307; slapd userPassword',
  ),
  hash(
    'kerberos',
    'Kerberos ticket to crack',
    ['$krb5'],
    /\$krb5(?:asrep|tgs|pa)\$\d{1,2}\$[^\s"']{30,8000}/,
    'RFC 4120, as password testers write it',
  ),
  hash(
    'mysql',
    'password hash (MySQL)',
    ['identified by', 'identified with', 'password'],
    /(?:identified (?:by password|(?:with|by) ['"`]?[\w ]{0,40}['"`]?(?: as)?)|password[\w ]{0,20}["']?\s{0,3}[:=,]?)\s{0,3}['"](?<value>\*[0-9A-F]{40})['"]/i,
    'MySQL documentation: mysql_native_password',
    { neverAlone: true },
  ),
  hash(
    'postgres',
    'password hash (PostgreSQL)',
    ['scram-sha-'],
    /SCRAM-SHA-(?:1|256|512)\$\d{3,7}:[A-Za-z0-9+/=]{8,88}\$[A-Za-z0-9+/=]{27,90}:[A-Za-z0-9+/=]{27,90}/,
    'PostgreSQL documentation: pg_authid',
    { confidence: high },
  ),
  hash(
    'windows',
    'password hashes of Windows',
    [':::'],
    /(?<=\b[^\s:]{1,64}:\d{1,10}:)(?<value>[0-9a-f]{32}:[0-9a-f]{32}):::/i,
    'SAM dump as PWDUMP writes it',
    { find: { on: 'words', words: [':::'], at: { before: 70, after: 3 } }, confidence: high },
  ),
  hash(
    'werkzeug',
    'salted password hash',
    ['sha1$', 'sha256$', 'sha512$', 'md5$'],
    /(?:md5|sha1|sha256|sha512)\$[A-Za-z0-9]{4,32}\$[0-9a-f]{32,128}(?![0-9a-f])/,
    'Django and Werkzeug documentation',
  ),
  hash(
    'cisco',
    'password of a Cisco device',
    ['password 7 ', 'secret 5 ', 'secret 8 ', 'secret 9 ', 'key 7 '],
    /(?:password|secret|key) 7 (?<value>[0-9]{2}[0-9A-F]{8,100})(?![0-9A-F])/,
    'Cisco IOS, password type 7',
    { confidence: low, neverAlone: true },
  ),
  hash(
    'challenge',
    'answer to a challenge of Windows',
    [],
    /[\w.$-]{1,64}::[\w.-]{0,64}:[0-9a-f]{16}:(?<value>[0-9a-f]{32}:0101000000000000[0-9a-f]{32,1000})/i,
    'MS-NLMP 2.2.2.7: NTLMv2 client challenge',
    {
      find: { on: 'words', words: [':0101000000000000'], at: { before: 190, after: 1100 } },
      confidence: high,
    },
  ),
  hash(
    'cached',
    'cached domain log-in of Windows',
    ['$dcc2$'],
    /\$DCC2\$(?:\d{1,8}#)?[^\s#]{1,64}#[0-9a-f]{32}(?![0-9a-f])/i,
    'Domain cached credentials 2, as password testers write it',
  ),
  hash(
    'juniper',
    'password of a Juniper device',
    ['"$9$'],
    /"(?<value>\$9\$[./A-Za-z0-9-]{8,100})"/,
    'Junos documentation: encrypted passwords',
    { confidence: medium },
  ),
  hash(
    'keytab',
    'keytab of a service',
    ['keytab:0x'],
    /keytab:0x(?<value>0502[0-9a-f]{40,4000})/i,
    'MIT Kerberos keytab file format',
    { confidence: medium },
  ),
];
