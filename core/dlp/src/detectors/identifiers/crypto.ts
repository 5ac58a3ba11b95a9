import type { Detector } from '../../detector.ts';
import { keccak256 } from './keccak.ts';
import { sha256 } from './sha256.ts';
import { binaryWords } from './spec.ts';

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** @returns the bytes without the checksum, or nothing where it does not hold */
function base58Check(value: string, alphabet: string): Uint8Array | undefined {
  let number = 0n;
  for (const character of value) {
    const digit = alphabet.indexOf(character);
    if (digit < 0) return undefined;
    number = number * 58n + BigInt(digit);
  }
  const zeros = value.length - value.replace(new RegExp(`^${alphabet[0]}+`), '').length;
  let hex = number === 0n ? '' : number.toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  const bytes = Uint8Array.from([
    ...Array.from({ length: zeros }, () => 0),
    ...(hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)),
  ]);
  const [body, check] = [bytes.slice(0, -4), bytes.slice(-4)];
  const digest = sha256(sha256(body));
  return bytes.length > 4 && check.every((byte, at) => byte === digest[at]) ? body : undefined;
}

/** Version bytes of addresses: Bitcoin (main, test), Litecoin, Dogecoin, Dash, Zcash transparent, Tron. */
const versions = new Set([0, 5, 111, 196, 48, 50, 30, 22, 76, 16, 65]);
export function isBase58Address(value: string, allowed: ReadonlySet<number> = versions): boolean {
  const body = base58Check(value, base58);
  if (body === undefined) return false;
  if (body.length === 22) return body[0] === 0x1c;
  return body.length === 21 && allowed.has(body[0] ?? -1);
}
const bitcoinVersions = new Set([0, 5, 111, 196]);
const rippleAlphabet = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz';

const bech32Alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
/** BIP 173 and, for witness version 1 and up, BIP 350. */
export function isBech32(text: string): boolean {
  const value = text.toLowerCase();
  if (value !== text && text.toUpperCase() !== text) return false;
  const at = value.lastIndexOf('1');
  const data = value
    .slice(at + 1)
    .split('')
    .map((character) => bech32Alphabet.indexOf(character));
  if (at < 1 || data.length < 6 || data.includes(-1)) return false;
  const prefix = value
    .slice(0, at)
    .split('')
    .map((character) => character.charCodeAt(0));
  const witness = data[0] ?? 0;
  const rest = polymod([...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...data]);
  if (!/^(?:bc|tb|ltc)$/.test(value.slice(0, at))) return rest === 1;
  const bytes = Math.floor(((data.length - 7) * 5) / 8);
  if (witness > 16 || bytes < 2 || bytes > 40) return false;
  return witness === 0 ? rest === 1 && (bytes === 20 || bytes === 32) : rest === 0x2bc830a3;
}
function polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].forEach((generator, bit) => {
      if (((top >> bit) & 1) === 1) sum ^= generator;
    });
  }
  return sum;
}

/** EIP-55: the case of letters carries a checksum, unless all are alike. */
export function isEthereum(value: string): boolean {
  const hex = value.slice(2);
  if (hex === hex.toLowerCase() || hex === hex.toUpperCase()) return !/^(.)\1+$/.test(hex);
  const digest = keccak256(new TextEncoder().encode(hex.toLowerCase()));
  return hex.split('').every((character, at) => {
    const nibble = ((digest[at >> 1] ?? 0) >> (at % 2 === 0 ? 4 : 0)) & 15;
    return /\d/.test(character) || (character === character.toUpperCase()) === nibble > 7;
  });
}

const coinWords =
  'wallet,bitcoin,btc,ethereum,eth,crypto,coin,address,litecoin,ltc,dogecoin,tron,ripple,xrp,monero,donate,payment';
const coin = (
  id: string,
  name: string,
  token: string,
  find: Detector['find'],
  pattern: RegExp,
  check: (value: string) => boolean,
  source: string,
): Detector => ({
  id,
  class: 'financial.crypto',
  name,
  token,
  find,
  pattern,
  check: (value) => check(value),
  isProven: true,
  alone: new RegExp(`^(?:${pattern.source.replaceAll(/\(\?<![^)]*\)|\(\?![^)]*\)/g, '')})$`, pattern.flags),
  confidence: { alone: 75, supported: 85 },
  context: binaryWords(coinWords),
  source,
});

export const cryptoDetectors: readonly Detector[] = [
  coin(
    'btc',
    'Bitcoin address',
    'BTC',
    { on: 'digits', min: 1, max: 40, before: 40, after: 40 },
    /(?<![A-Za-z0-9])[13mn2][1-9A-HJ-NP-Za-km-z]{25,34}(?![A-Za-z0-9])/,
    (value) => isBase58Address(value, bitcoinVersions),
    'Bitcoin base58check',
  ),
  coin(
    'btc.bech32',
    'Bitcoin address (bech32)',
    'BTC',
    { on: 'words', words: ['bc1', 'tb1', 'ltc1'], at: 'here' },
    /(?<![A-Za-z0-9])(?:bc1|tb1|ltc1)[02-9ac-hj-np-z]{8,87}(?![A-Za-z0-9])/i,
    isBech32,
    'BIP 173 and BIP 350',
  ),
  coin(
    'eth',
    'Ethereum address',
    'ETH',
    {
      on: 'words',
      words: [
        '0x0',
        '0x1',
        '0x2',
        '0x3',
        '0x4',
        '0x5',
        '0x6',
        '0x7',
        '0x8',
        '0x9',
        '0xa',
        '0xb',
        '0xc',
        '0xd',
        '0xe',
        '0xf',
      ],
      at: 'here',
    },
    /(?<![A-Za-z0-9])0x[0-9A-Fa-f]{40}(?![A-Za-z0-9])/,
    isEthereum,
    'EIP-55',
  ),
  coin(
    'coin.base58',
    'Cryptocurrency address (Litecoin, Dogecoin, Dash, Zcash, Tron)',
    'COIN',
    { on: 'digits', min: 1, max: 40, before: 40, after: 40 },
    /(?<![A-Za-z0-9])(?:[LMDX97AT]|t[13])[1-9A-HJ-NP-Za-km-z]{25,34}(?![A-Za-z0-9])/,
    (value) => isBase58Address(value),
    'base58check versions of the chains',
  ),
  coin(
    'xrp',
    'XRP ledger address',
    'XRP',
    { on: 'digits', min: 1, max: 40, before: 40, after: 40 },
    /(?<![A-Za-z0-9])r[1-9A-HJ-NP-Za-km-z]{24,34}(?![A-Za-z0-9])/,
    (value) => base58Check(value, rippleAlphabet)?.[0] === 0,
    'XRP Ledger base58 encodings',
  ),
  coin(
    'ada',
    'Cardano address',
    'ADA',
    { on: 'words', words: ['addr1', 'stake1'], at: 'here' },
    /(?<![A-Za-z0-9])(?:addr|stake)1[02-9ac-hj-np-z]{50,110}(?![A-Za-z0-9])/,
    isBech32,
    'CIP-19',
  ),
];
