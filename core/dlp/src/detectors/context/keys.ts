/** Private keys in the forms in which programs write them. */
import type { Checked, Detector } from '../../detector.ts';
import { high, low, medium } from './bands.ts';
import { fromBase64 } from './base64.ts';

function key(
  id: string,
  name: string,
  rest: Pick<Detector, 'find' | 'pattern' | 'source'> & Partial<Detector>,
): Detector {
  return { id, class: 'credential.private_key', name, token: 'PRIVATE_KEY', confidence: high, ...rest };
}

/** A header alone is a text about keys; a body makes it one. */
function judgePem(value: string): Checked {
  const body = value
    .replace(/-----[^-]{0,60}-----/g, '')
    .replace(/\\[nr]|^[\w-]+:.*$/gm, '')
    .replace(/[^A-Za-z0-9+/]/g, '');
  if (body.length < 64) return low;
  if (/ENCRYPTED/.test(value)) return { ...medium, why: 'its key is encrypted' };
  return new Set(body).size > 20 ? high : low;
}

const pem = key('pem.private_key', 'private key (PEM)', {
  find: { on: 'words', at: 'here', words: ['-----begin'] },
  pattern:
    /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----)){0,32000}(?:-----END [^-\n]{3,50}-----)?/,
  check: judgePem,
  source: 'RFC 7468; RFC 1421; RFC 4880, section 6.2; OpenSSH PROTOCOL.key',
});

const packedPem = key('pem.base64', 'private key (PEM) in base64', {
  find: { on: 'words', at: 'here', words: ['ls0tls1crudjti'] },
  pattern: /LS0tLS1CRUdJTi[A-Za-z0-9+/]{40,34000}={0,2}/,
  check: (value) => / PRIVATE KEY/.test(fromBase64(value.slice(0, 60)) ?? ''),
  source: 'RFC 7468, wrapped as Kubernetes and CI systems store files',
});

const ssh2 = key('ssh2.private_key', 'private key (SSH2)', {
  find: { on: 'words', at: 'here', words: ['---- begin'] },
  pattern: /---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----[^-]{20,32000}(?:---- END [^-\n]{3,50}----)?/,
  source: 'ssh.com key format; RFC 4716 for the frame',
});

const putty = key('putty.private_key', 'private key (PuTTY)', {
  find: { on: 'words', at: 'here', words: ['putty-user-key-file'] },
  pattern:
    /PuTTY-User-Key-File-[123]: [^\n]{3,60}\r?\nEncryption: [\s\S]{1,6000}?Private-Lines: \d{1,3}\r?\n(?:[A-Za-z0-9+/=]{1,64}\r?\n){1,120}/i,
  check: (value) => (/^Encryption: none/im.test(value) ? high : { ...medium, why: 'its key is encrypted' }),
  source: 'PuTTY user manual, appendix C: PPK file format',
});

const jwk = key('jwk.private_key', 'private key (JWK)', {
  find: { on: 'words', at: { before: 4000, after: 4000 }, words: ['"kty"'] },
  pattern: /"(?:d|k|p|q|dp|dq|qi)\\?"\s{0,8}:\s{0,8}\\?"(?<value>[A-Za-z0-9_-]{20,3000})\\?"/,
  source: 'RFC 7518, section 6',
});

const age = key('age.secret_key', 'age secret key', {
  find: { on: 'words', at: 'here', words: ['age-secret-key-1'] },
  pattern: /AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{50,66}/i,
  source: 'age-encryption.org/v1',
});

const wireguard = key('wireguard.key', 'WireGuard key', {
  find: {
    on: 'words',
    at: 'here',
    words: ['privatekey', 'presharedkey', 'private-key', 'private_key', 'preshared-key'],
  },
  pattern:
    /(?:private|preshared)[-_]?key["']?\s{0,4}[:=]\s{0,4}["']?(?<value>[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)(?![A-Za-z0-9+/=])/i,
  source: 'The manual page wg(8) of WireGuard',
});

const nkey = key('nats.seed', 'NATS seed', {
  find: { on: 'words', at: 'here', words: ['suaa', 'soa', 'saa', 'sua', 'sna', 'sca', 'sxa'] },
  pattern: /S[ANCOUX]A[A-Z2-7]{55}(?![A-Za-z0-9])/,
  check: (value, match) =>
    !/[A-Za-z0-9+/=_-]/.test(match.input[match.index - 1] ?? ' ') && /[2-7]/.test(value),
  source: 'NATS documentation: NKeys',
});

const extended = key('bitcoin.extended_key', 'extended private key of a wallet', {
  find: { on: 'words', at: 'here', words: ['xprv', 'yprv', 'zprv', 'tprv'] },
  pattern: /[xyzt]prv[1-9A-HJ-NP-Za-km-z]{107,108}(?![A-Za-z0-9])/,
  source: 'BIP 32',
});

const wif = key('bitcoin.wif', 'private key of a wallet (WIF)', {
  find: { on: 'words', at: 'here', words: ['privkey', 'private key', 'private_key', 'privatekey', 'wif'] },
  pattern:
    /(?:priv(?:ate)?[ _]?key|wif)["']?\s{0,4}(?:[:=]|is)?\s{0,4}["']?(?<value>[59KLc][1-9A-HJ-NP-Za-km-z]{50,51})(?![A-Za-z0-9])/i,
  source: 'Bitcoin wallet import format',
});

const mnemonic = key('wallet.mnemonic', 'recovery phrase of a wallet', {
  find: {
    on: 'words',
    at: 'here',
    words: [
      'mnemonic',
      'seed phrase',
      'seed_phrase',
      'recovery phrase',
      'seed words',
      'seedphrase',
      'backup phrase',
    ],
  },
  pattern:
    /(?:mnemonic|(?:seed|recovery|backup)[ _]?(?:phrase|words))[\w ]{0,20}["']?\s{0,4}(?:[:=]|is)\s{0,4}["'`]?(?<value>[a-z]{3,8}(?:[ ,]{1,2}[a-z]{3,8}){11}(?:(?:[ ,]{1,2}[a-z]{3,8}){12})?)(?![a-z ]{0,2}[a-z])/i,
  check: (value) => new Set(value.split(/[ ,]+/)).size > 8,
  confidence: medium,
  source: 'BIP 39',
});

export const keyDetectors: readonly Detector[] = [
  pem,
  packedPem,
  ssh2,
  putty,
  jwk,
  age,
  wireguard,
  nkey,
  extended,
  wif,
  mnemonic,
];
