import { expect, test } from 'vitest';
import { genericDetectors } from '../src/detectors/context/generic.ts';
import { contextDetectors } from '../src/detectors/context/index.ts';
import { referenceScan } from '../src/scan/reference.ts';
import { madeKey, madePassword } from './made-secrets.ts';

/** The surest finding that is exactly `value`, as `id band`. */
function foundAs(text: string, value: string): string | undefined {
  const binary = Buffer.from(text).toString('latin1');
  const hits = referenceScan(binary, genericDetectors).filter(
    ({ start, end }) => binary.slice(start, end) === value,
  );
  return hits.map(({ detector, confidence }) => `${detector.id} ${confidence}`)[0];
}

const key = madeKey(32);
const word = madePassword();

test.each([
  `api_key = "${key}"`,
  `const apiKey: string = '${key}';`,
  `export SERVICE_API_KEY=${key}`,
  `"clientSecret": "${key}",`,
  `access-token: ${key}`,
  `client_secret := \`${key}\``,
  `{\\"auth_token\\": \\"${key}\\"}`,
  `  "secretToken" => "${key}"`,
  `System.setProperty("API_KEY", "${key}")`,
  `<apiKey>\n    ${key}\n</apiKey>`,
  `<add key="ApiKey" value="${key}" />`,
  `https://api.acme.net/v1?access_token=${key}&x=1`,
  `--api-key ${key}`,
  `-e "API_SECRET=${key}"`,
  `secret_key = os.environ.get("SECRET_KEY") or "${key}"`,
  `api_key = getenv("API_KEY", "${key}")`,
])('a key is found with high confidence: %s', (text) => {
  expect(foundAs(text, key)).toBe('generic.secret 85');
});

test('beside a domain of documentation a key is found with medium confidence', () => {
  expect(foundAs(`https://example.net/v1?access_token=${key}&x=1`, key)).toBe('generic.secret 75');
});

test.each([`acme SECRET ${key}`, `acmeKEY-${key}`, `the access token for this is ${key}`, `acme_key=${key}`])(
  'a key whose name is vague is found with less confidence: %s',
  (text) => {
    expect(foundAs(text, key)).toMatch(/^generic\.secret (?:75|65)$/);
  },
);

test.each([
  `password = "${word}"`,
  `db.password=${word}`,
  `passwd: ${word}`,
  `$config['db_pass'] = '${word}';`,
  `setPassword("${word}")`,
  `<password>${word}</password>`,
  `the default password is ${word}`,
  `mot_de_passe = "${word}"`,
  `Kennwort: ${word}`,
  `contraseña: ${word}`,
  `--password=${word}`,
  `--password ${word}`,
  `define( 'DB_PASSWORD', '${word}' );`,
  `10.0.0.1(pw:${word})`,
])('a password is found: %s', (text) => {
  expect(foundAs(text, word)).toMatch(/^generic\.password (?:85|75)$/);
});

test.each([
  'password = os.environ["DB_PASSWORD"]',
  'password: ${{ secrets.DB_PASSWORD }}',
  'password = getpass.getpass("Password: ")',
  'password=changeme',
  'password: <your password>',
  'String password = null;',
  '"password": "Enter your password"',
  'password_file: /etc/secrets/db',
  'api_key = ""',
  'token = next_token(stream)',
  'key: value',
  'the key words of this language are the same',
  'private static final String NAME = "x";',
  'session_name: "main"',
  'author = "someone@example.com"',
  `public_key = "${key}"`,
  `sha256 key fingerprint: ${key}`,
  'PASS: ld-x86-64/pr19636-1f',
  '(get_passphrase): New function.',
  'password = read_it(file)',
  'passenger: Seat12A!x',
  '**************** password: ****************',
])('no secret: %s', (text) => {
  expect(referenceScan(Buffer.from(text).toString('latin1'), contextDetectors)).toEqual([]);
});

test('a word stands for a password in settings, and is code elsewhere', () => {
  expect(foundAs('APP_PASSWORD=whiteduke\n', 'whiteduke')).toBe('generic.password 65');
  expect(foundAs('call(password=whiteduke)', 'whiteduke')).toBeUndefined();
});

test.each([`user: "root", password: "${word}"`, `user:root pwd:${word}`, `login=root;password=${word};`])(
  'of a name and a password side by side one finding covers the whole password: %s',
  (text) => {
    const hits = referenceScan(text, genericDetectors);
    expect(hits).toHaveLength(1);
    const [{ start, end, confidence } = { start: 0, end: 0, confidence: 65 }] = hits;
    expect(text.slice(start, end)).toContain(word);
    expect(confidence).toBeGreaterThanOrEqual(75);
  },
);

test('patterns end in time on names without end', () => {
  const started = performance.now();
  for (const text of [
    'password_'.repeat(20_000),
    `key${' '.repeat(200_000)}`,
    `token="${'a'.repeat(200_000)}`,
    'secret a '.repeat(20_000),
  ])
    referenceScan(text, genericDetectors);
  expect(performance.now() - started).toBeLessThan(20_000);
});
