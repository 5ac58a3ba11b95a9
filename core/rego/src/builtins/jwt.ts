import { decodeTokenPart } from '../crypto/base64.ts';
import { equalInConstantTime, hex, utf8 } from '../crypto/bytes.ts';
import { problem } from '../crypto/problem.ts';
import { algorithmNamed, verifies } from '../crypto/signatures.ts';
import type { Algorithm } from '../crypto/signatures.ts';
import {
  headerOf,
  jsonObject,
  parametersOf,
  payloadText,
  signatureOf,
  signedBytes,
  splitToken,
} from '../crypto/token.ts';
import type { VerificationKeys } from '../crypto/verification-keys.ts';
import type { HostCrypto } from '../host-crypto.ts';
import { own } from '../values.ts';
import type { Value } from '../values.ts';
import { guard } from './guard.ts';
import type { Builtin, BuiltinContext, BuiltinTable } from './types.ts';

/** Steps that one use of a public key costs, so that a large key set cannot stall an evaluation unpaid. */
export const PUBLIC_KEY_STEPS = 1000;

/** Header, payload and signature (in hex) of a token; of the innermost one when tokens are nested. Nothing is verified. */
function decode(text: string): Value {
  let token = splitToken(text);
  for (;;) {
    const header = headerOf(token);
    const payload = payloadText(token);
    const cty = own(header, 'cty');
    if (cty !== undefined && typeof cty !== 'string') problem('cty: must be a string');
    // A token within a token is a JSON string to some that make them.
    if (cty === 'JWT') token = splitToken(payload.replaceAll(/^["']+|["']+$/g, ''));
    else return [header, jsonObject(payload), hex(signatureOf(token))];
  }
}

/** Reads tokens; needs nothing of the host. */
export function tokenBuiltins(ctx: BuiltinContext): BuiltinTable {
  const { strings, pay } = guard(ctx);
  return { 'io.jwt.decode': strings(1, (text) => decode(pay(text))) };
}

/** Verifies signatures, by algorithm. */
export function verifyBuiltins(
  ctx: BuiltinContext,
  crypto: HostCrypto,
  keys: VerificationKeys,
): BuiltinTable {
  const { strings, pay } = guard(ctx);
  const withKey = (algorithm: Algorithm): Builtin =>
    strings(2, (text, keyText) => {
      const token = splitToken(pay(text));
      const candidates = keys.of(pay(keyText));
      const signature = decodeTokenPart(token.signature);
      const { kid, alg } = parametersOf(headerOf(token));
      const data = signedBytes(token);
      const named = kid === '' ? undefined : candidates.find((key) => key.kid === kid);
      const tried =
        named === undefined ? candidates.filter((key) => key.alg === '' || key.alg === alg) : [named];
      return tried.some((key) => {
        ctx.charge(PUBLIC_KEY_STEPS);
        return verifies(crypto, algorithm, key, data, signature, 'lenient');
      });
    });
  const withSecret = (hash: 'sha256' | 'sha384' | 'sha512'): Builtin =>
    strings(2, (text, secret) => {
      const token = splitToken(pay(text));
      const expected = crypto.hmac(hash, utf8(pay(secret)), signedBytes(token));
      return equalInConstantTime(decodeTokenPart(token.signature), expected);
    });
  const table: Record<string, Builtin> = {
    'io.jwt.verify_hs256': withSecret('sha256'),
    'io.jwt.verify_hs384': withSecret('sha384'),
    'io.jwt.verify_hs512': withSecret('sha512'),
    'io.jwt.verify_eddsa': withKey({ family: 'eddsa' }),
  };
  for (const family of ['RS', 'PS', 'ES'])
    for (const size of ['256', '384', '512']) {
      const algorithm = algorithmNamed(`${family}${size}`);
      if (algorithm !== undefined) table[`io.jwt.verify_${family.toLowerCase()}${size}`] = withKey(algorithm);
    }
  return table;
}
