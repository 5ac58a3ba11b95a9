import { sameBytes } from '../crypto/bytes.ts';
import { problem } from '../crypto/problem.ts';
import { verifiesWith } from '../crypto/signatures.ts';
import type { HostCrypto } from '../host-crypto.ts';
import { signatureAlgorithm } from './algorithms.ts';
import type { Certificate } from './certificate.ts';
import { isForHost } from './hostname.ts';
import { keepsConstraints } from './name-check.ts';
import { hasAcceptablePolicy } from './policies.ts';

/** What the leaf must be good for. */
export interface ChainOptions {
  /** The host that the leaf must be for; any when empty. */
  readonly host: string;
  /** Nanoseconds since 1970. */
  readonly timeNs: bigint;
  /** Numbers of extended key usages of which one is enough; 0 is any. */
  readonly usages: readonly number[];
}

const SERVER_AUTHENTICATION = 1;
const CERTIFICATE_SIGN = 1 << 5;
/** Signatures that are checked at most, as in Go: intermediates can be made to form very many paths. */
const MAX_SIGNATURES = 100;

/**
 * The chain from the leaf (the last) to the root (the first) over any of those between (RFC 5280, 6), leaf first. Throws
 * Problem when there is none that holds.
 */
export function verifyChain(
  certificates: readonly Certificate[],
  options: ChainOptions,
  crypto: HostCrypto,
  pay: () => void,
): readonly Certificate[] {
  const [root] = certificates;
  const leaf = certificates.at(-1);
  if (root === undefined || leaf === undefined || certificates.length < 2)
    return problem('must supply at least two certificates to be able to verify');
  if (!isInForce(leaf, 'leaf', [], options)) problem('x509: the certificate is not valid now');
  if (options.host !== '' && !isForHost(leaf.extended.names, options.host))
    problem(`x509: certificate is not valid for ${options.host}`);
  const chains = sameBytes(leaf.raw, root.raw)
    ? [[leaf]]
    : new Builder(root, certificates.slice(1, -1), options, crypto, pay).chainsFrom([leaf]);
  const usages = options.usages.length === 0 ? [SERVER_AUTHENTICATION] : options.usages;
  return (
    chains.find(
      (chain) => hasAcceptablePolicy(chain) && allowsUsage(chain, usages) && keepsConstraints(chain),
    ) ?? problem('x509: certificate signed by unknown authority')
  );
}

class Builder {
  private signatures = 0;
  private readonly root: Certificate;
  private readonly between: readonly Certificate[];
  private readonly options: ChainOptions;
  private readonly crypto: HostCrypto;
  private readonly pay: () => void;

  constructor(
    root: Certificate,
    between: readonly Certificate[],
    options: ChainOptions,
    crypto: HostCrypto,
    pay: () => void,
  ) {
    this.root = root;
    this.between = between.filter(
      (found, i) => between.findIndex((other) => sameBytes(other.raw, found.raw)) === i,
    );
    this.options = options;
    this.crypto = crypto;
    this.pay = pay;
  }

  /** All chains that go on from this one, by the plausibility of the next issuer. */
  chainsFrom(chain: readonly Certificate[]): readonly (readonly Certificate[])[] {
    const child = chain.at(-1);
    if (child === undefined) return [];
    const found: (readonly Certificate[])[] = [];
    for (const parent of [this.root].filter((candidate) => isIssuer(candidate, child)))
      if (this.extends(chain, child, parent, 'root')) found.push([...chain, parent]);
    const candidates = this.between
      .filter((candidate) => isIssuer(candidate, child))
      .toSorted((a, b) => plausibility(a, child) - plausibility(b, child));
    for (const parent of candidates)
      if (this.extends(chain, child, parent, 'between')) found.push(...this.chainsFrom([...chain, parent]));
    return found;
  }

  private extends(
    chain: readonly Certificate[],
    child: Certificate,
    parent: Certificate,
    role: 'root' | 'between',
  ): boolean {
    this.signatures += 1;
    if (this.signatures > MAX_SIGNATURES || chain.some((known) => isSameEntity(known, parent))) return false;
    return this.isSignedBy(child, parent) && isInForce(parent, role, chain, this.options);
  }

  private isSignedBy(child: Certificate, { version, extended, publicKey }: Certificate): boolean {
    const { basic, keyUsage } = extended;
    if (basic === undefined ? version === 3 : !basic.isCa) return false;
    if (keyUsage !== undefined && keyUsage !== 0 && (keyUsage & CERTIFICATE_SIGN) === 0) return false;
    const { scheme } = signatureAlgorithm(child.signatureAlgorithm);
    if (scheme === null || publicKey === null || kindFor[scheme.kind] !== publicKey.kind) return false;
    this.pay();
    return verifiesWith(this.crypto, scheme, publicKey, child.rawToBeSigned, child.signature);
  }
}

const kindFor = { pkcs1: 'rsa', pss: 'rsa', ecdsa: 'ec', ed25519: 'ed25519' } as const;

const isIssuer = (parent: Certificate, child: Certificate): boolean =>
  sameBytes(parent.rawSubject, child.rawIssuer);

function plausibility(parent: Certificate, child: Certificate): number {
  const [subject, authority] = [
    parent.extended.subjectKeyId ?? new Uint8Array(),
    child.extended.authorityKeyId ?? new Uint8Array(),
  ];
  if (sameBytes(subject, authority)) return 0;
  return (subject.length === 0) !== (authority.length === 0) ? 1 : 2;
}

/** The same subject with the same key and the same alternative names need not be in a chain twice. */
function isSameEntity(a: Certificate, b: Certificate): boolean {
  if (!sameBytes(a.rawSubject, b.rawSubject) || !sameBytes(a.rawPublicKey, b.rawPublicKey)) return false;
  const [x, y] = [a, b].map(
    ({ extensions }) => extensions.find(({ id }) => id.join('.') === '2.5.29.17')?.value,
  );
  return x === undefined || y === undefined ? x === y : sameBytes(x, y);
}

function isInForce(
  { extended, notBefore, notAfter }: Certificate,
  role: 'leaf' | 'between' | 'root',
  chain: readonly Certificate[],
  { timeNs }: ChainOptions,
): boolean {
  if (extended.unhandled.length > 0) return false;
  if (timeNs < BigInt(notBefore.ms) * 1_000_000n || timeNs > BigInt(notAfter.ms) * 1_000_000n) return false;
  const { basic } = extended;
  if (role === 'between' && basic?.isCa !== true) return false;
  return basic === undefined || basic.maxPathLength < 0 || chain.length - 1 <= basic.maxPathLength;
}

/** Is one of the usages allowed by every certificate that limits them? */
function allowsUsage(chain: readonly Certificate[], usages: readonly number[]): boolean {
  if (usages.includes(0)) return true;
  return usages.some((usage) =>
    chain.every(({ extended: { usages: own } }) => {
      if (own === undefined || own.known.length + own.unknown.length === 0) return true;
      return own.known.includes(0) || own.known.includes(usage);
    }),
  );
}
