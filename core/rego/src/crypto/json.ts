import { curveNamed } from './curves.ts';
import { concat, fromBigInt } from './bytes.ts';
import { toStandard, toUrl } from './base64.ts';
import type { PrivateKey, PublicKey } from './keys.ts';
import { problem } from './problem.ts';
import type { Value } from '../values.ts';

/** A public key as Go's encoder shows it. */
export function publicKeyJson(key: PublicKey | null): Value {
  switch (key?.kind) {
    case undefined:
      return null;
    case 'rsa':
      return { N: key.n, E: key.e };
    case 'ec':
      return { Curve: {}, X: key.x, Y: key.y };
    case 'ed25519':
      return toStandard(key.x);
    case 'x25519':
      return {};
    case 'dsa':
      return { P: key.p, Q: key.q, G: key.g, Y: key.y };
  }
}

/** A private key as Go's encoder shows it. */
export function privateKeyJson(key: PrivateKey): Value {
  switch (key.kind) {
    case 'rsa':
      return {
        N: key.public.n,
        E: key.public.e,
        D: key.d,
        Primes: key.primes,
        Precomputed: { Dp: key.dp, Dq: key.dq, Qinv: key.qinv, CRTValues: [] },
      };
    case 'ec':
      return { Curve: {}, X: key.public.x, Y: key.public.y, D: key.d };
    case 'ed25519':
      return toStandard(concat(key.seed, key.public.x));
    case 'x25519':
      return {};
  }
}

/** A private key as a JWK (RFC 7517, RFC 8037); throws Problem. */
export function toJwk(key: PrivateKey): Value {
  switch (key.kind) {
    case 'rsa': {
      const [p = 0n, q = 0n] = key.primes;
      const numbers = {
        n: key.public.n,
        e: key.public.e,
        d: key.d,
        p,
        q,
        dp: key.dp,
        dq: key.dq,
        qi: key.qinv,
      };
      const fields = Object.entries(numbers).map(([name, value]) => [name, toUrl(fromBigInt(value))]);
      return { kty: 'RSA', ...(Object.fromEntries(fields) as Record<string, string>) };
    }
    case 'ec': {
      const { curve, x, y } = key.public;
      if (curve === 'P-224')
        return problem(
          'jwk: failed to get algorithm for converting ECDSA private key to JWK: unknown elliptic curve',
        );
      const size = curveNamed(curve)?.size ?? 0;
      const [X, Y, D] = [x, y, key.d].map((value) => toUrl(fromBigInt(value, size))) as [
        string,
        string,
        string,
      ];
      return { kty: 'EC', crv: curve, x: X, y: Y, d: D };
    }
    case 'ed25519':
    case 'x25519':
      return {
        kty: 'OKP',
        crv: key.kind === 'ed25519' ? 'Ed25519' : 'X25519',
        x: toUrl(key.public.x),
        d: toUrl(key.seed),
      };
  }
}
