import type { Certificate } from './certificate.ts';
import { sameBytes } from '../crypto/bytes.ts';

const ANY = '2.5.29.32.0';

/** Policies that hold at one depth of a chain, each with the ones that it expects below. */
type Level = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Is there a policy under which the whole chain was issued, where one of its authorities asks for that (RFC 5280, 6.1)? Any
 * policy is good enough.
 * @param chain leaf first, root last
 */
export function hasAcceptablePolicy(chain: readonly Certificate[]): boolean {
  const count = chain.length - 1;
  let level: Level | null = new Map([[ANY, new Set([ANY])]]);
  let [explicit, mapping, inhibitAny] = [count + 1, count + 1, count + 1];
  for (let i = count - 1; i >= 0; i -= 1) {
    const certificate = chain[i];
    if (certificate === undefined) return false;
    const { extended } = certificate;
    const isSelfIssued = sameBytes(certificate.rawIssuer, certificate.rawSubject);
    const isLeaf = i === 0;
    level =
      level === null ? null : nextLevel(level, certificate, inhibitAny > 0 || (!isLeaf && isSelfIssued));
    if (explicit === 0 && level === null) return false;
    if (!isLeaf) {
      level = level === null ? null : mapped(level, certificate, mapping > 0);
      if (!isSelfIssued) {
        explicit = Math.max(0, explicit - 1);
        mapping = Math.max(0, mapping - 1);
        inhibitAny = Math.max(0, inhibitAny - 1);
      }
      explicit = Math.min(explicit, extended.requireExplicitPolicy ?? explicit);
      mapping = Math.min(mapping, extended.inhibitPolicyMapping ?? mapping);
      inhibitAny = Math.min(inhibitAny, extended.inhibitAnyPolicy ?? inhibitAny);
    } else {
      explicit = Math.max(0, explicit - 1);
      if (extended.requireExplicitPolicy === 0) explicit = 0;
    }
  }
  return explicit > 0 || level !== null;
}

function nextLevel(level: Level, { extended }: Certificate, anyCounts: boolean): Level | null {
  const policies = (extended.policies ?? []).map((oid) => oid.join('.'));
  const next = new Map<string, ReadonlySet<string>>();
  const expected = new Set([...level.values()].flatMap((set) => [...set]));
  for (const policy of policies)
    if (policy !== ANY && (expected.has(policy) || level.has(ANY))) next.set(policy, new Set([policy]));
  if (policies.includes(ANY) && anyCounts)
    for (const policy of expected) if (!next.has(policy)) next.set(policy, new Set([policy]));
  return next.size === 0 ? null : next;
}

function mapped(level: Level, { extended }: Certificate, isAllowed: boolean): Level | null {
  const mappings = new Map<string, Set<string>>();
  for (const [issuer, subject] of extended.mappings ?? []) {
    const known = mappings.get(issuer.join('.')) ?? new Set();
    mappings.set(issuer.join('.'), known.add(subject.join('.')));
  }
  const next = new Map(level);
  for (const [issuer, subjects] of mappings) {
    if (!isAllowed) next.delete(issuer);
    else if (next.has(issuer) || next.has(ANY)) next.set(issuer, subjects);
  }
  return next.size === 0 ? null : next;
}
