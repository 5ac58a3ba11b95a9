import { decodeTokenPart } from '../crypto/base64.ts';
import { utf8 } from '../crypto/bytes.ts';
import type { Jwk } from '../crypto/jwk.ts';
import { algorithmNamed, verifies } from '../crypto/signatures.ts';
import { headerOf, jsonObject, parametersOf, payloadText, signedBytes, splitToken } from '../crypto/token.ts';
import type { Parameters, Token } from '../crypto/token.ts';
import type { VerificationKeys } from '../crypto/verification-keys.ts';
import type { HostCrypto } from '../host-crypto.ts';
import { isObject } from '../values.ts';
import type { Plain, Value } from '../values.ts';
import { guard } from './guard.ts';
import { acceptsClaims, constraintsOf, unverified } from './jwt-constraints.ts';
import type { Constraints } from './jwt-constraints.ts';
import { PUBLIC_KEY_STEPS } from './jwt.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';

/** `io.jwt.decode_verify`: signature, then claims. Only what it verified does it return. */
export function decodeVerifyBuiltins(
  ctx: BuiltinContext,
  crypto: HostCrypto,
  keys: VerificationKeys,
): BuiltinTable {
  const { run, pay } = guard(ctx);

  const isSigned = (constraints: Constraints, token: Token, { alg, kid }: Parameters): boolean => {
    const signature = decodeTokenPart(token.signature);
    const algorithm = algorithmNamed(alg);
    if (algorithm === undefined) return false;
    const data = signedBytes(token);
    return candidates(constraints, alg, kid).some((key) => {
      ctx.charge(PUBLIC_KEY_STEPS);
      return verifies(crypto, algorithm, key, data, signature, 'strict');
    });
  };

  /** Header and payload of the innermost token when every token around it and it itself are signed. */
  const open = (text: string, constraints: Constraints): { header: Plain; payload: Plain } | null => {
    let token = splitToken(pay(text));
    for (;;) {
      const header = headerOf(token);
      const parameters = parametersOf(header);
      if (!parameters.acceptable) return null;
      if (constraints.alg !== '' && constraints.alg !== parameters.alg) return null;
      if (!isSigned(constraints, token, parameters)) return null;
      const payload = payloadText(token);
      if (parameters.cty.toLowerCase() !== 'jwt') return { header, payload: jsonObject(payload) };
      token = splitToken(payload);
    }
  };

  const decodeVerify = (text: Value | undefined, given: Value | undefined): Value | undefined => {
    if (given === undefined || !isObject(given)) return ctx.fail.type(2, 'object', given);
    return run(() => {
      const constraints = constraintsOf(given, keys, ctx.nowNs);
      if (typeof text !== 'string') return ctx.fail.type(1, 'string', text);
      const opened = open(text, constraints);
      if (opened === null || !acceptsClaims(constraints, opened.payload)) return unverified();
      return [true, opened.header, opened.payload];
    });
  };
  return { 'io.jwt.decode_verify': { arity: 2, fn: decodeVerify } };
}

/** The key of the id that the token names; without one, every key that does not name another algorithm. */
function candidates({ keys, secret }: Constraints, alg: string, kid: string): readonly Jwk[] {
  if (keys === null) return [{ key: { is: 'secret', bytes: utf8(secret) }, alg: '', kid: '' }];
  const named = kid === '' ? undefined : keys.find((key) => key.kid === kid);
  return named === undefined ? keys.filter((key) => key.alg === '' || key.alg === alg) : [named];
}
