/** Secrets of frameworks, second factors and recovery, whose form or call is what tells them. */
import type { Checked, Detector } from '../../detector.ts';
import { entropy, isPlaceholder, looksLikeExample } from '../credential-value.ts';
import { high, low, medium } from './bands.ts';
import { isRandom, isStrong } from './value.ts';

function secret(
  id: string,
  name: string,
  words: readonly string[],
  pattern: RegExp,
  source: string,
  check: (value: string) => Checked = judge,
): Detector {
  return {
    id,
    class: 'credential.framework',
    name,
    token: 'SECRET',
    find: { on: 'words', at: 'here', words },
    pattern,
    check,
    confidence: medium,
    neverAlone: true,
    source,
  };
}

function judge(value: string): Checked {
  if (isPlaceholder(value)) return false;
  return isStrong(value) && isRandom(value) ? high : entropy(value) >= 2.8 && /\d/.test(value) && low;
}

/** Any character that a keyboard has, so that no alphabet can be asked for. */
function judgeMixed(value: string): Checked {
  if (isPlaceholder(value) || looksLikeExample(value)) return false;
  return entropy(value) >= 4 && /\d/.test(value) && /[^A-Za-z0-9\s]/.test(value) ? high : false;
}

/** Groups of letters and digits that look alike everywhere: several lines of them, or their name ahead. */
const codes = (value: string): Checked => /\d/.test(value) && low;

export const frameworkDetectors: readonly Detector[] = [
  secret(
    'wordpress.salt',
    'key or salt of WordPress',
    ['auth_key', 'logged_in_key', 'nonce_key', 'auth_salt', 'logged_in_salt', 'nonce_salt'],
    /(?:auth|logged_in|nonce)_(?:key|salt)["']\s{0,4},\s{0,12}(?<open>["'])(?<value>(?:(?!\k<open>)[^\n]){32,100})\k<open>/i,
    'WordPress: wp-config.php',
    judgeMixed,
  ),
  secret(
    'django.secret_key',
    'secret key of Django',
    ['secret_key', 'secretkey'],
    /secret_?key["']?\]?\s{0,4}[=:,]\s{0,4}[rb]?(?<open>["'])(?:django-insecure-)?(?<value>(?:(?!\k<open>)[^\s]){32,100})\k<open>/i,
    'Django documentation: SECRET_KEY',
    judgeMixed,
  ),
  secret(
    'flask.secret_key',
    'secret key of Flask, as bytes',
    ['secret_key', 'secret'],
    /secret(?:_key)?["']?\]?\s?[=:]\s?b["'](?<value>(?:\\x[0-9a-f]{2}|[^\\"'\n]|\\[^\n]){8,200})["']/i,
    'Flask documentation: SECRET_KEY',
    (value) => (value.match(/\\x[0-9a-f]{2}/gi)?.length ?? 0) >= 4 && high,
  ),
  secret(
    'rails.pepper',
    'pepper of Devise',
    ['pepper'],
    /pepper["']?\s{0,3}(?:=>?|:)\s{0,3}["']?(?<value>[0-9A-Za-z+/=]{16,256})/i,
    'Devise: config/initializers/devise.rb',
  ),
  secret(
    'fernet.key',
    'Fernet key',
    ['fernet('],
    /fernet\(\s?b?["'](?<value>[\w-]{43}=)["']/i,
    'Python cryptography documentation: Fernet',
  ),
  secret(
    'cipher.key',
    'key of a cipher',
    [
      'key = buffer.from(',
      'key: buffer.from(',
      'secret = buffer.from(',
      'key = bytes.fromhex(',
      'key = hex.decode',
      'aes.new(',
      'secretkeyspec(',
    ],
    /[a-z. =:(]{5,30}\(?\s?b?["'](?<value>[A-Za-z0-9+/=]{16,128})["']/i,
    'Node.js and Python documentation: bytes from text',
  ),
  secret(
    'gossip.key',
    'key for gossip between servers',
    ['"encrypt"', 'encrypt ='],
    /"?encrypt"?\s{0,3}[:=]\s{0,3}"(?<value>[A-Za-z0-9+/]{22,43}={1,2})"/i,
    'Consul and Nomad documentation: encrypt',
  ),
  secret(
    'totp.secret',
    'secret of a second factor',
    ['totp', '2fa', 'mfa ', 'mfa_', 'otp ', 'otp_', 'otpauth', 'authenticator'],
    /(?:totp|2fa|mfa|otp|authenticator)[ _-]?(?:auth)?(?:secret|key|seed|code|token|setup key|app key)?["']?\s{0,3}(?:[:=]|is)\s{0,3}["']?(?<value>(?:[A-Z2-7]{16}|[A-Z2-7]{20}|[A-Z2-7]{24}|[A-Z2-7]{26}|[A-Z2-7]{32}|[A-Z2-7]{52}|[a-z2-7]{4}(?: [a-z2-7]{4}){3,7}))(?![A-Za-z0-9])/i,
    'RFC 6238; Key Uri Format of Google Authenticator',
    (value) => !isPlaceholder(value) && entropy(value) >= 2.8 && /\d/.test(value) && medium,
  ),
  secret(
    'recovery.codes',
    'recovery codes',
    [
      'backup code',
      'recovery code',
      'backup_code',
      'recovery_code',
      'backup-code',
      'recovery-code',
      'scratch code',
    ],
    /(?:backup|recovery|scratch)[ _-]codes?[^\n]{0,60}?[\s:=[{"']{1,12}(?<value>(?:[0-9a-z]{4,6}(?:[ -][0-9a-z]{4,6}){1,3}|\d{8}|[0-9a-z]{8,10})(?:["'\s,]{1,8}(?:[0-9a-z]{4,6}(?:[ -][0-9a-z]{4,6}){1,3}|\d{8}|[0-9a-z]{8,10})){1,19})(?![\w-])/i,
    'How services print codes for a lost second factor',
    codes,
  ),
  secret(
    'jenkins.initial',
    'first password of Jenkins',
    ['password to proceed', 'initialadminpassword'],
    /(?:password to proceed to installation:|initialAdminPassword)\s{1,6}(?<value>[0-9a-f]{32})(?![0-9a-f])/i,
    'Jenkins handbook: unlocking Jenkins',
  ),
];
