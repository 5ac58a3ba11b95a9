import type * as NodeCrypto from 'node:crypto';
import type { HashName, HostCrypto, Scheme } from '../host-crypto.ts';

/** Ed25519 hashes inside; the other schemes name their hash. */
function hashOf(scheme: Scheme): HashName | null {
  return scheme.kind === 'ed25519' ? null : scheme.hash;
}

function keyOptions(
  crypto: typeof NodeCrypto,
  scheme: Scheme,
  key: NodeCrypto.KeyObject,
): NodeCrypto.SignKeyObjectInput {
  const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_AUTO, RSA_PSS_SALTLEN_DIGEST } =
    crypto.constants;
  switch (scheme.kind) {
    case 'pkcs1':
      return { key, padding: RSA_PKCS1_PADDING };
    case 'pss':
      return {
        key,
        padding: RSA_PKCS1_PSS_PADDING,
        saltLength: scheme.salt === 'any' ? RSA_PSS_SALTLEN_AUTO : RSA_PSS_SALTLEN_DIGEST,
      };
    case 'ecdsa':
      return { key, dsaEncoding: 'der' };
    case 'ed25519':
      return { key };
  }
}

/** The library throws for keys and signatures that it cannot read; for a policy these are answers. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

/** The host's cryptography on OpenSSL, loaded on first use: most policies never need it. */
export function nodeCrypto(): HostCrypto {
  let loaded: typeof NodeCrypto | undefined;
  const library = (): typeof NodeCrypto => (loaded ??= process.getBuiltinModule('node:crypto'));
  return {
    hash: (name, data) => library().createHash(name).update(data).digest(),
    hmac: (name, key, data) => library().createHmac(name, key).update(data).digest(),
    randomBytes: (count) => library().randomBytes(count),
    verify: (scheme, publicKey, data, signature) =>
      attempt(() => {
        const crypto = library();
        const key = crypto.createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
        return crypto.verify(hashOf(scheme), data, keyOptions(crypto, scheme, key), signature);
      }) === true,
    sign: (scheme, privateKey, data) =>
      attempt(() => {
        const crypto = library();
        const key = crypto.createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' });
        return crypto.sign(hashOf(scheme), data, keyOptions(crypto, scheme, key));
      }),
    publicKey: (privateKey) =>
      attempt(() => {
        const crypto = library();
        const key = crypto.createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' });
        return crypto.createPublicKey(key).export({ format: 'der', type: 'spki' });
      }),
  };
}
