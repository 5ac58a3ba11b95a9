import { expect, test } from 'vitest';
import { contextDetectors } from '../src/detectors/context/index.ts';
import { referenceScan } from '../src/scan/reference.ts';
import { made, madeBase64, madeHex, madeKey, madePassword } from './made-secrets.ts';

function found(text: string): string[] {
  const hits = referenceScan(Buffer.from(text).toString('latin1'), contextDetectors);
  return [...new Set(hits.map(({ detector, confidence }) => `${detector.id} ${confidence}`))];
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const base64url = (text: string): string => Buffer.from(text).toString('base64url');
const lines = (text: string): string => text.replaceAll(/.{64}/g, '$&\n');
const begin = (kind: string): string => `-----${'BEGIN'} ${kind}-----`;
const end = (kind: string): string => `-----${'END'} ${kind}-----`;
const pem = (kind: string, body = lines(madeBase64(800)), head = ''): string =>
  `${begin(kind)}\n${head}${body}\n${end(kind)}\n`;

const password = madePassword();
const jwt = [base64url('{"alg":"HS256","typ":"JWT"}'), base64url('{"sub":"42","exp":1}'), madeKey(43)].join(
  '.',
);

test.each([
  ['RSA PRIVATE KEY', 'pem.private_key 85'],
  ['PRIVATE KEY', 'pem.private_key 85'],
  ['EC PRIVATE KEY', 'pem.private_key 85'],
  ['OPENSSH PRIVATE KEY', 'pem.private_key 85'],
  ['PGP PRIVATE KEY BLOCK', 'pem.private_key 85'],
  ['ENCRYPTED PRIVATE KEY', 'pem.private_key 75'],
])('a private key in PEM: %s', (kind, expected) => {
  expect(found(pem(kind))).toContain(expected);
  expect(found(JSON.stringify({ key: pem(kind) }))).toContain(expected);
});

test('the whole key is the finding, so that a redaction leaves nothing of it', () => {
  const text = `a\n${pem('RSA PRIVATE KEY', lines(madeBase64(1600)), 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n')}b`;
  const [hit] = referenceScan(text, contextDetectors);
  expect(text.slice(0, hit?.start) + text.slice(hit?.end)).toBe('a\n\nb');
});

test('a key without its body is worth little, a public key nothing', () => {
  expect(found(begin('RSA PRIVATE KEY'))).toEqual(['pem.private_key 65']);
  expect(found(pem('PUBLIC KEY'))).toEqual([]);
  expect(found(pem('CERTIFICATE'))).toEqual([]);
});

test.each([
  ['pem.base64 85', `KEY_B64=${base64(pem('RSA PRIVATE KEY'))}`],
  [
    'putty.private_key 85',
    `PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: a\nPublic-Lines: 1\n${madeBase64(64)}\nPrivate-Lines: 2\n${madeBase64(64)}\n${madeBase64(20)}\nPrivate-MAC: ${madeHex(40)}\n`,
  ],
  ['jwk.private_key 85', `{"kty":"EC","crv":"P-256","x":"${madeKey(43)}","d":"${madeKey(43, 3)}"}`],
  ['age.secret_key 85', `AGE-SECRET-KEY-1${made(58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')}`],
  ['wireguard.key 85', `[Interface]\nPrivateKey = ${madeBase64(42)}A=\n`],
  [
    'bitcoin.extended_key 85',
    `xprv${made(107, '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz')}`,
  ],
  [
    'wallet.mnemonic 75',
    `mnemonic: "${Array.from({ length: 12 }, (_, i) => made(5, 'abcdefghijklmnopqrstuvwxyz', i + 1)).join(' ')}"`,
  ],
  ['jwt 85', `session ${jwt}`],
  ['jwt 75', jwt.slice(0, jwt.lastIndexOf('.'))],
  ['jwt.base64 85', base64(jwt)],
  ['password_hash.bcrypt 75', `$2b$12$${madeKey(53)}`],
  ['password_hash.bcrypt 85', `root:$2b$12$${madeKey(53)}:19000:0:: # /etc/shadow`],
  ['password_hash.crypt 75', `$6$${madeKey(16)}$${madeKey(86)}`],
  ['password_hash.argon2 75', `$argon2id$v=19$m=65536,t=3,p=4$${madeKey(22)}$${madeKey(43)}`],
  ['password_hash.ldap 75', `userPassword: {SSHA}${madeBase64(32)}`],
  ['password_hash.windows 85', `bob:1001:${madeHex(32)}:${madeHex(32, 9)}:::`],
  ['http.basic 85', `Authorization: Basic ${base64(`bob:${password}`)}`],
  ['http.authorization 85', `curl -H "Authorization: Bearer ${madeKey(40)}"`],
  ['http.bearer 85', `the header is Bearer ${madeKey(40)}`],
  ['http.authorization 85', `"Authorization": "SSWS ${madeKey(40)}"`],
  ['connection_string.postgres 85', `postgresql://app:${madeKey(20)}@db.internal:5432/app`],
  ['connection_string.postgres 65', 'postgresql://user:secret@localhost'],
  ['connection_string.mongodb 85', `mongodb+srv://app:${madeKey(20)}@cluster0.abc.mongodb.net/x`],
  ['connection_string.http 85', `git clone https://bob:${madeKey(20)}@git.internal/a.git`],
  ['url.token 75', `https://${madeKey(36)}@git.internal/a.git`],
  [
    'connection_string.key_value 75',
    `Server=db1,1433;Database=crm;User ID=crm;Password=${password};Encrypt=True`,
  ],
  [
    'connection_string.azure 85',
    `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${madeBase64(86)}==;`,
  ],
  ['azure.sas 85', `https://a.blob.core.windows.net/c?sv=2022-11-02&sig=${madeKey(43)}%3D`],
  ['aws.key_pair 85', `aws: A${'KIA'}${made(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')} / ${madeBase64(40)}`],
  ['netrc 85', `machine git.internal login bob password ${password}`],
  ['pgpass 85', `db.internal:5432:crm:bob:${password}\n`],
  ['docker.auth 85', `{"auths":{"r.internal":{"auth":"${base64(`bob:${password}`)}"}}}`],
  [
    'kubernetes.secret 85',
    `apiVersion: v1\nkind: Secret\ndata:\n  user: ${base64('bob')}\n  word: ${base64(password)}\n`,
  ],
  ['aspnet.machine_key 85', `<machineKey validationKey="${madeHex(128).toUpperCase()}" />`],
  ['command.curl 75', `curl -s -u bob:${password} https://a.internal`],
  ['command.mysql 75', `mysqldump -u root -p${password} crm`],
  ['command.sshpass 75', `sshpass -p ${password} ssh a`],
  ['command.secure_string 75', `ConvertTo-SecureString "${password}" -AsPlainText -Force`],
  ['command.network_credential 75', `new NetworkCredential("bob", "${password}")`],
  ['command.sql 75', `ALTER USER 'bob'@'%' IDENTIFIED BY '${password}';`],
  ['aws.arn 65', 'arn:aws:s3:::some-bucket/reports/*'],
])('%s is found', (expected, text) => {
  expect(found(text)).toContain(expected);
});

test.each([
  'Authorization: Basic realm="x"',
  'https://user:${PASSWORD}@db.internal/',
  'https://example.net:8080/a@b',
  'curl -u "$USER:$PASSWORD" https://a.internal',
  'Server={0};Database={1};User ID={2};Password={3};',
  'eyJub3RhIjoiand0In0',
  `${madeKey(30)}eyJhbGciOiJub25lIn0.eyJhIjoxfQ.`,
  '$1$ and $2$ are 3$',
  'kind: Secret\nmetadata:\n  name: a\n',
])('no credential: %s', (text) => {
  expect(found(text)).toEqual([]);
});

test('ids are unique, and every pattern has an end', () => {
  const ids = contextDetectors.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { pattern } of contextDetectors)
    expect(pattern.source.replaceAll(/\[(?:\\.|[^\]\\])*\]/g, '')).not.toMatch(/(?<!\\)[*+](?!\?)/);
});
