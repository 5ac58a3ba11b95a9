import type { HostCrypto } from '../host-crypto.ts';
import { parseCertificate } from '../x509/certificate.ts';
import { ExportProblem, parseJwks } from './jwk.ts';
import type { Jwk } from './jwk.ts';
import { parsePublicKeyInfo } from './keys.ts';
import type { PublicKey } from './keys.ts';
import { nextPem } from './pem.ts';
import { PrivateKeys } from './private-keys.ts';
import { Problem, problem } from './problem.ts';
import { algorithmNamed } from './signatures.ts';

/** Texts of keys that are remembered with their keys. */
const REMEMBERED = 32;

/**
 * The keys that a policy gives to verify with: one PEM certificate, one PEM public key, or a JWK (set). A key is read once and
 * remembered by its text, which can never go stale.
 */
export class VerificationKeys {
  private readonly keys: PrivateKeys;
  private readonly known = new Map<string, readonly Jwk[]>();

  constructor(crypto: HostCrypto) {
    this.keys = new PrivateKeys(crypto);
  }

  /** Throws Problem. */
  of(text: string): readonly Jwk[] {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const found = this.read(text);
    if (this.known.size >= REMEMBERED) this.known.clear();
    this.known.set(text, found);
    return found;
  }

  private read(text: string): readonly Jwk[] {
    const found = nextPem(text);
    if (found === null) return this.readJwks(text);
    const { block, rest } = found;
    if (rest.length > 0) problem('extra data after a PEM certificate block');
    const single = (key: PublicKey | null): readonly Jwk[] =>
      key === null ? [] : [{ key: { is: 'public', key }, alg: '', kid: '' }];
    switch (block.type) {
      case 'CERTIFICATE':
        return single(
          within('failed to parse a PEM certificate', () => parseCertificate(block.bytes).publicKey),
        );
      case 'PUBLIC KEY':
        return single(within('failed to parse a PEM public key', () => parsePublicKeyInfo(block.bytes)));
      default:
        return problem('failed to extract a Key from the PEM certificate');
    }
  }

  private readJwks(text: string): readonly Jwk[] {
    const all = within(
      'failed to parse a JWK key (set): jwk.ParseString: failed to parse string: jwk.Parse',
      () => parseJwks(text, this.keys),
    );
    // Keys for other algorithms, such as encryption, are no keys here.
    return all.filter(({ alg }) => alg === '' || algorithmNamed(alg) !== undefined);
  }
}

function within<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Problem) || error instanceof ExportProblem) throw error;
    throw new Problem(`${what}: ${error.message}`, { cause: error });
  }
}
