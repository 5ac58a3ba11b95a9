import { equalInConstantTime, hex } from '../crypto/bytes.ts';
import type { HashName, HostCrypto } from '../host-crypto.ts';
import { guard } from './guard.ts';
import type { Builtin, BuiltinContext, BuiltinTable } from './types.ts';

/** Hashes and message authentication codes, as lower-case hex. */
export function hashBuiltins(ctx: BuiltinContext, crypto: HostCrypto): BuiltinTable {
  const { strings, bytes } = guard(ctx);
  const hash = (name: HashName): Builtin => strings(1, (text) => hex(crypto.hash(name, bytes(text))));
  const hmac = (name: HashName): Builtin =>
    strings(2, (text, key) => hex(crypto.hmac(name, bytes(key), bytes(text))));
  return {
    'crypto.md5': hash('md5'),
    'crypto.sha1': hash('sha1'),
    'crypto.sha256': hash('sha256'),
    'crypto.hmac.md5': hmac('md5'),
    'crypto.hmac.sha1': hmac('sha1'),
    'crypto.hmac.sha256': hmac('sha256'),
    'crypto.hmac.sha512': hmac('sha512'),
    'crypto.hmac.equal': strings(2, (a, b) => equalInConstantTime(bytes(a), bytes(b))),
  };
}
