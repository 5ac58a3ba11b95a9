import { VerificationKeys } from '../crypto/verification-keys.ts';
import type { HostCrypto } from '../host-crypto.ts';
import { awsBuiltins } from './aws.ts';
import { hashBuiltins } from './crypto.ts';
import { signBuiltins } from './jwt-sign.ts';
import { decodeVerifyBuiltins } from './jwt-verify.ts';
import { verifyBuiltins } from './jwt.ts';
import { randomBuiltins } from './random.ts';
import type { BuiltinContext, BuiltinTable } from './types.ts';
import { certificateKeyBuiltins } from './x509.ts';

/** Built-ins that exist only where the host offers cryptography. */
export function hostCryptoBuiltins(ctx: BuiltinContext, crypto: HostCrypto): readonly BuiltinTable[] {
  const keys = new VerificationKeys(crypto);
  return [
    hashBuiltins(ctx, crypto),
    randomBuiltins(ctx, crypto),
    awsBuiltins(ctx, crypto),
    verifyBuiltins(ctx, crypto, keys),
    decodeVerifyBuiltins(ctx, crypto, keys),
    signBuiltins(ctx, crypto),
    certificateKeyBuiltins(ctx, crypto),
  ];
}
