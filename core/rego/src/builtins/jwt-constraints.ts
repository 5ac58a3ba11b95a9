import { compareNumbers } from '../decimal.ts';
import type { Jwk } from '../crypto/jwk.ts';
import { problem } from '../crypto/problem.ts';
import type { VerificationKeys } from '../crypto/verification-keys.ts';
import { display } from '../json.ts';
import { compare, isArray, isNumber, objectEntries, objectFrom, own } from '../values.ts';
import type { Plain, RegoObject, Value } from '../values.ts';

/** What a token must satisfy. Texts are empty when the policy does not ask for them. */
export interface Constraints {
  /** Null when a secret is given instead. */
  readonly keys: readonly Jwk[] | null;
  readonly secret: string;
  readonly alg: string;
  readonly iss: string;
  readonly aud: string;
  /** Seconds since 1970. */
  readonly seconds: number;
}

/** Reads the constraints in the order of their names, so that of several mistakes always the same is told. Throws Problem. */
export function constraintsOf(
  given: Plain | RegoObject,
  keys: VerificationKeys,
  nowNs: () => bigint,
): Constraints {
  const texts: Record<string, string> = {};
  let found: readonly Jwk[] | null = null;
  let time: number | null = null;
  for (const [name, value] of objectEntries(given).toSorted(([a], [b]) => compare(a, b))) {
    switch (name) {
      case 'cert':
        found = keys.of(typeof value === 'string' ? value : problem('cert constraint: must be a string'));
        break;
      case 'time':
        time = timeOf(value);
        break;
      case 'alg':
      case 'aud':
      case 'iss':
      case 'secret':
        texts[name] = typeof value === 'string' ? value : problem(`${name} constraint: must be a string`);
        break;
      default:
        problem(`unknown token validation constraint: ${display(name)}`);
    }
  }
  const { alg = '', aud = '', iss = '', secret = '' } = texts;
  if (found !== null && secret !== '') problem('duplicate key constraints');
  if (found === null && secret === '') problem('no key constraint');
  return { keys: found, secret, alg, aud, iss, seconds: (time ?? Number(nowNs())) / 1e9 };
}

function timeOf(value: Value): number {
  if (!isNumber(value)) return problem('token time constraint: must be a number');
  const time = Number(value);
  if (!Number.isFinite(time)) problem('token time constraint: unvalid float64');
  return time < 0 ? problem('token time constraint: must not be negative') : time;
}

/** Are issuer, audience and times of the payload as wanted (RFC 7519, 4.1)? Throws Problem for times that are no numbers. */
export function acceptsClaims({ iss, aud, seconds }: Constraints, payload: Plain): boolean {
  if (iss !== '' && own(payload, 'iss') !== iss) return false;
  const audience = own(payload, 'aud');
  if (audience === undefined ? aud !== '' : !isMeant(audience, aud)) return false;
  const expires = own(payload, 'exp');
  if (expires !== undefined) {
    if (!isNumber(expires)) return problem('exp value must be a number');
    if (compareNumbers(seconds, expires) >= 0) return false;
  }
  const begins = own(payload, 'nbf');
  if (begins === undefined) return true;
  if (!isNumber(begins)) return problem('nbf value must be a number');
  return compareNumbers(seconds, begins) >= 0;
}

function isMeant(audience: Value, wanted: string): boolean {
  return isArray(audience) ? audience.includes(wanted) : audience === wanted;
}

/** What `decode_verify` answers for a token that is not valid. */
export const unverified = (): Value => [false, objectFrom([]), objectFrom([])];
