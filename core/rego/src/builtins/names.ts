import { noWaiting } from '../external.ts';
import type { Host } from '../host.ts';
import { createBuiltins } from './index.ts';
import { hasSignature, signatureNames } from './signatures.ts';
import type { BuiltinContext } from './types.ts';

/** What the compiler must know about a built-in. */
export interface BuiltinInfo {
  readonly supported: boolean;
  readonly arity: number;
  readonly relation: boolean;
}

/** Built-ins of OPA that are not here. Naming them lets a policy that uses one be refused for the right reason. */
const UNSUPPORTED: readonly string[] = [
  'graphql.is_valid',
  'graphql.parse',
  'graphql.parse_and_verify',
  'graphql.parse_query',
  'graphql.parse_schema',
  'graphql.schema_is_valid',
  'http.send',
  'json.match_schema',
  'json.verify_schema',
  'net.cidr_overlap',
  'net.lookup_ip_addr',
  'opa.runtime',
  'regex.globs_match',
  'regex.template_match',
  'rego.metadata.chain',
  'rego.metadata.rule',
  'rego.parse_module',
  'strings.render_template',
  'test.sleep',
  'time.parse_ns',
  'uuid.parse',
  'yaml.is_valid',
  'yaml.marshal',
  'yaml.unmarshal',
];

/** Built-ins that are here where the host offers `crypto`. */
const NEEDS_CRYPTO: readonly string[] = [
  'crypto.hmac.equal',
  'crypto.hmac.md5',
  'crypto.hmac.sha1',
  'crypto.hmac.sha256',
  'crypto.hmac.sha512',
  'crypto.md5',
  'crypto.parse_private_keys',
  'crypto.sha1',
  'crypto.sha256',
  'crypto.x509.parse_and_verify_certificates',
  'crypto.x509.parse_and_verify_certificates_with_options',
  'crypto.x509.parse_keypair',
  'crypto.x509.parse_rsa_private_key',
  'io.jwt.decode_verify',
  'io.jwt.encode_sign',
  'io.jwt.encode_sign_raw',
  'io.jwt.verify_eddsa',
  'io.jwt.verify_es256',
  'io.jwt.verify_es384',
  'io.jwt.verify_es512',
  'io.jwt.verify_hs256',
  'io.jwt.verify_hs384',
  'io.jwt.verify_hs512',
  'io.jwt.verify_ps256',
  'io.jwt.verify_ps384',
  'io.jwt.verify_ps512',
  'io.jwt.verify_rs256',
  'io.jwt.verify_rs384',
  'io.jwt.verify_rs512',
  'providers.aws.sign_req',
  'rand.intn',
  'uuid.rfc4122',
];

/** Built-ins that are here when the host offers what else they need. */
const NEED_HOST: readonly string[] = [
  'graphql.is_valid',
  'graphql.parse',
  'graphql.parse_and_verify',
  'graphql.parse_query',
  'graphql.parse_schema',
  'graphql.schema_is_valid',
  'http.send',
  'net.lookup_ip_addr',
  'yaml.is_valid',
  'yaml.unmarshal',
];

/** Looks built-ins up by name; null for a name that OPA does not have either. */
export function builtinInfo(host: Host): (name: string) => BuiltinInfo | null {
  const supported = createBuiltins(withoutEvaluation(host));
  return (name) => {
    const found = supported.get(name);
    if (found !== undefined)
      return { supported: true, arity: found.arity, relation: found.relation === true };
    const known = UNSUPPORTED.includes(name) || NEEDS_CRYPTO.includes(name) || NEED_HOST.includes(name);
    return known ? { supported: false, arity: -1, relation: false } : null;
  };
}

/** A context for built-ins that are not called. */
export function withoutEvaluation(host: Host): BuiltinContext {
  const fail = {
    type: () => undefined,
    operand: () => undefined,
    invalid: () => undefined,
    error: () => undefined,
  };
  return {
    host,
    fail,
    ask: noWaiting.ask,
    nowNs: () => 0n,
    once: (_, make) => make(),
    charge: () => undefined,
  };
}

/** Is this the name of a built-in, supported or not? */
export function isKnownBuiltin(name: string): boolean {
  return hasSignature(name);
}

/** Do names of built-ins begin with this one, as those of `time.now_ns` with `time`? */
export function isKnownNamespace(name: string): boolean {
  for (const known of signatureNames()) if (known.startsWith(`${name}.`)) return true;
  return false;
}
