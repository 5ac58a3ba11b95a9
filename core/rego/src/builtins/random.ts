import { integerOf } from '../decimal.ts';
import { hex, toBigInt } from '../crypto/bytes.ts';
import type { HostCrypto } from '../host-crypto.ts';
import { display } from '../json.ts';
import { isNumber } from '../values.ts';
import type { Value } from '../values.ts';
import { normal } from './numbers.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

/** Below `n`, each with the same probability: what would favour small numbers is drawn again. */
function below(crypto: HostCrypto, n: bigint): bigint {
  const limit = 2n ** 64n - (2n ** 64n % n);
  for (;;) {
    const drawn = toBigInt(crypto.randomBytes(8));
    if (drawn < limit) return drawn % n;
  }
}

/** A random UUID (RFC 9562, version 4). */
function uuid(crypto: HostCrypto): string {
  const bytes = Uint8Array.from(crypto.randomBytes(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Random values. The same arguments give the same value as long as one evaluation lasts. */
export function randomBuiltins(ctx: BuiltinContext, crypto: HostCrypto): BuiltinTable {
  const intn = (text: Value | undefined, n: Value | undefined): Value | undefined => {
    if (typeof text !== 'string') return ctx.fail.type(1, 'string', text);
    if (!isNumber(n)) return ctx.fail.type(2, 'number', n);
    const whole = integerOf(n);
    if (whole === undefined || whole >= 2n ** 63n || whole <= -(2n ** 63n))
      return ctx.fail.operand(2, 'must be integer number but got floating-point number');
    const size = whole < 0n ? -whole : whole;
    if (size === 0n) return 0;
    return ctx.once(`rand.intn ${size} ${text}`, () => normal(below(crypto, size)) ?? 0);
  };
  return {
    'uuid.rfc4122': {
      arity: 1,
      fn: (key) =>
        ctx.once(`uuid.rfc4122 ${key === undefined ? '' : display(key, false)}`, () => uuid(crypto)),
    },
    'rand.intn': { arity: 2, fn: intn },
  };
}
