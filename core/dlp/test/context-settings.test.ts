import { expect, test } from 'vitest';
import { contextDetectors } from '../src/detectors/context/index.ts';
import { secretColumns } from '../src/detectors/context/columns.ts';
import { referenceScan } from '../src/scan/reference.ts';
import { made, madeBase64, madeHex, madeKey, madePassword } from './made-secrets.ts';

const binary = (text: string): string => Buffer.from(text).toString('latin1');

/** The detectors whose finding in `text` is exactly `value`. */
function findersOf(text: string, value: string): string[] {
  const bytes = binary(text);
  return referenceScan(bytes, contextDetectors)
    .filter(({ start, end }) => bytes.slice(start, end) === value)
    .map(({ detector }) => detector.id);
}

const word = madePassword();
const key = madeKey(32);
const base32 = made(32, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
const mixed = made(50, 'abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)');
const b64 = madeBase64(43);

test.each([
  ['command.server_directive', `requirepass ${word}\n`],
  ['command.server_directive', `<source-password>${word}</source-password>`],
  ['command.server_directive', `rabbitmqctl add_user app ${word}`],
  ['command.wireless', `network={\n  ssid="office"\n  psk="${word}"\n}`],
  ['command.wireless_code', `WIFI:T:WPA;S:office;P:${word};;`],
  ['command.pre_shared', `10.0.0.1 : PSK "${word}"`],
  ['command.dial_in', `"app" * "${word}" *`],
  ['command.community', `rocommunity ${word} 10.0.0.0/8`],
  ['command.device', `username admin privilege 15 password 0 ${word}`],
  ['command.device', `tacacs-server key ${word}`],
  ['command.neighbour', `neighbor 10.0.0.2 password ${word}`],
  ['command.relay', `[smtp.acme.net]:587 bot@acme.net:${word}`],
  ['command.auth_file', `<auth-user-pass>\njdoe\n${word}\n</auth-user-pass>`],
  ['command.services_line', `/msg NickServ IDENTIFY ${word}`],
  ['command.line', `user jdoe\npassword ${word}\n`],
  ['command.pair', `credentials: jdoe / ${word}`],
  ['command.pair', `계정: jdoe / ${word}`],
  ['command.host_login', `10.20.30.40 root ${word}`],
  ['command.archive', `7z a -p${word} a.7z b`],
  ['command.archive', `zip -P ${word} a.zip b`],
  ['command.standard_input', `echo "root:${word}" | chpasswd`],
  ['command.standard_input', `echo '${word}' | docker login -u ci --password-stdin`],
  ['command.switch', `openssl enc -aes-256-cbc -k ${word} -in a`],
  ['command.joined', `smbclient //srv/x -U jdoe%${word}`],
  ['command.joined', `sqlplus app/${word}@srv/ORCL`],
  ['command.windows', `net user jdoe ${word} /add`],
  ['command.windows', `schtasks /create /ru jdoe /rp ${word}`],
  ['command.user_key', `curl -u ${key}: https://api.acme.net/`],
  ['command.typed', `cy.get('#password').type('${word}')`],
  ['command.database_call', `mysqli_connect("srv", "root", "${word}", "app")`],
  ['command.database_call', `DBI->connect("dbi:mysql:x", "app", "${word}")`],
  ['command.opened', `conn.Open "x", "sa", "${word}"`],
  ['command.go_source', `sql.Open("mysql", "app:${word}@tcp(srv:3306)/x")`],
  ['command.mail_call', `smtp.PlainAuth("", "bot@acme.net", "${word}", "mail.acme.net")`],
  ['command.mail_call', `gomail.NewDialer("mail.acme.net", 587, "bot", "${word}")`],
  ['command.basic_call', `requests.get(url, auth=("app", "${word}"))`],
  ['command.basic_call', `btoa("app:${word}")`],
  ['command.sql', `CREATE LOGIN app WITH PASSWORD = N'${word}';`],
  ['command.sql', `CREATE USER app IDENTIFIED BY ${word};`],
  ['command.login', `xfreerdp /u:jdoe /p:${word} /v:srv`],
  ['wordpress.salt', `define('AUTH_KEY',         '${mixed}');`],
  ['django.secret_key', `SECRET_KEY = 'django-insecure-${mixed}'`],
  ['rails.pepper', `config.pepper = '${madeHex(128)}'`],
  ['fernet.key', `Fernet(b'${b64.replaceAll('+', '-').replaceAll('/', '_')}=')`],
  ['cipher.key', `const key = Buffer.from('${madeHex(64)}', 'hex')`],
  ['gossip.key', `{"encrypt": "${b64}="}`],
  ['totp.secret', `2FA: ${base32}`],
  ['jenkins.initial', `password to proceed to installation:\n\n${madeHex(32)}\n`],
  ['password_hash.challenge', `jdoe::CORP:${madeHex(16)}:${madeHex(32)}:0101000000000000${madeHex(200)}`],
  ['password_hash.cached', `$DCC2$10240#jdoe#${madeHex(32)}`],
  ['password_hash.juniper', `"$9$${madeKey(30)}"`],
  ['generic.value_first', `{"value":"${key}","name":"ACME_API_KEY"}`],
  ['generic.secret', `- name: ACME_API_KEY\n  value: ${key}\n`],
  ['generic.secret', `{"name": "ACME_API_KEY", "value": "${key}"}`],
  ['generic.secret', `variable "acme_api_key" {\n  type = string\n  default = "${key}"\n}`],
  ['generic.secret', `acme:\n  api_key: >-\n    ${key}\n`],
  ['generic.secret', `public string ApiKey { get; set; } = "${key}";`],
  ['generic.secret', `<string name="acme_api_key">${key}</string>`],
  ['generic.password', `<property name="db.password">${word}</property>`],
  ['generic.password', `<Password><Value>${word}</Value></Password>`],
  ['generic.password', `пароль: ${word}`],
  ['generic.password', `密码：${word}`],
  ['generic.password', `パスワード: ${word}`],
  ['generic.password', `비밀번호: ${word}`],
  ['generic.password', `Hasło: ${word}`],
  ['generic.password', `Şifre: ${word}`],
])('%s: %s', (id, text) => {
  const [found] = referenceScan(binary(text), contextDetectors).filter(({ detector }) => detector.id === id);
  expect(found, 'nothing is found').toBeDefined();
  const value = binary(text).slice(found?.start, found?.end);
  expect(text).toContain(value);
  expect([word, key, base32, mixed].some((secret) => value.endsWith(secret)) || value.length >= 32).toBe(
    true,
  );
});

test('a password is found to its end and no further', () => {
  expect(findersOf(`requirepass ${word}\n`, word)).toEqual(['command.server_directive']);
  expect(findersOf(`echo "root:${word}" | chpasswd`, word)).toEqual(['command.standard_input']);
  expect(findersOf(`{"value":"${key}","name":"ACME_API_KEY"}`, key)).toContain('generic.value_first');
});

test.each([
  'requirepass ${REDIS_PASSWORD}\n',
  'echo "$PASSWORD" | sudo -S apt update',
  'net user jdoe * /add',
  'net user /domain',
  'zip -r a.zip b',
  'curl -u $TOKEN: https://api.acme.net/',
  'snmp-server community public RO',
  'enable password is a command of the router',
  'auth=("app", os.environ["APP_PASSWORD"])',
  'user jdoe\npassword protected files are skipped\n',
  'the root of 10.20.30.40 admin access is described below',
  '{"value": "some text here", "name": "title"}',
  'totp: see the manual',
  'recovery codes are printed once',
])('not in %s', (text) => {
  expect(referenceScan(binary(text), contextDetectors).filter(({ confidence }) => confidence > 65)).toEqual(
    [],
  );
});

test('recovery codes are found as one list', () => {
  const codes = [1, 2, 3].map((seed) => `${made(5, '0123456789abcdef', seed)}-${madeHex(5, seed + 9)}`);
  expect(findersOf(`Recovery codes:\n${codes.join('\n')}\n`, codes.join('\n'))).toEqual(['recovery.codes']);
});

const columnsOf = (text: string): string[] =>
  referenceScan(binary(text), [], [secretColumns]).map(({ start, end }) => binary(text).slice(start, end));

test('the cells below a header of passwords are found, whatever parts them', () => {
  const other = madePassword(11);
  expect(
    columnsOf(`name,url,username,password,note\nacme,https://a.net,jdoe,${word},\nx,,,${other},\n`),
  ).toEqual([word, other]);
  expect(columnsOf(`user\tapi_key\njdoe\t${key}\n`)).toEqual([key]);
  expect(columnsOf(`"user";"password"\r\n"jdoe";"${word}"\r\n`)).toEqual([word]);
  expect(columnsOf(`Usuario;Contraseña\njdoe;${word}\n`)).toEqual([word]);
  expect(columnsOf(`| user | password |\n|---|---|\n| jdoe | ${word} |\n`)).toEqual([word]);
});

test('a sentence, a header of something else, and empty or masked cells are not', () => {
  expect(columnsOf(`Enter your name, password\njdoe, ${word}\n`)).toEqual([word]);
  expect(columnsOf(`user,password policy\njdoe,${word}\n`)).toEqual([]);
  expect(columnsOf('user,password\njdoe,\nx,********\ny,null\n')).toEqual([]);
});
