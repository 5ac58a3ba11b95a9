/**
 * The facts of a question without secrets. What has a fixed meaning (paths, names, numbers) stays as it is; arguments, URLs and
 * whatever another program put there under a name of its own are looked through.
 */
import type { DecisionInput } from '@chaperone/protocol';
import { fingerprint, type Salt, scrubArgv, scrubText } from './scrub.ts';
import { isSecretName } from './secret-names.ts';

/** What a record of many needs of one command line. */
const maxArguments = 64;

/** Facts that stay as they are; of an object only the fields that are named. */
const plain: Readonly<Record<string, true | ReadonlySet<string>>> = {
  action: true,
  path: true,
  path_bytes: true,
  target: true,
  target_bytes: true,
  operation: true,
  user: true,
  groups: true,
  time: true,
  mode: true,
  pep: true,
  grants: true,
  command: names('cwd sha256 interpreter script'),
  call: names('name'),
  process: names('pid exe sha256 roles ancestors container'),
  agent: names('id type risk capabilities trust session'),
  device: names('id attested attested_at'),
  resource: names('kind links labels classification findings previous label_change size mount owner'),
  destination: names('host ip port protocol method content_type region bytes bytes_before first_seen bucket'),
  credential: names('kind id provenance'),
};

export function scrubInput(input: DecisionInput, salt: Salt): DecisionInput {
  let scrubbed: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(input)) {
    const kept = scrubbedPart(name, value, salt);
    if (kept === value) continue;
    scrubbed ??= { ...input };
    scrubbed[name] = kept;
  }
  return (scrubbed as DecisionInput | undefined) ?? input;
}

/** @returns the value itself when nothing in it had to be looked through */
function scrubbedPart(name: string, value: unknown, salt: Salt): unknown {
  const known = Object.hasOwn(plain, name) ? plain[name] : undefined;
  if (known === true) return value;
  if (known === undefined || typeof value !== 'object' || value === null)
    return scrubbedFact(name, value, salt);
  const fields = Object.entries(value);
  if (fields.every(([field]) => known.has(field))) return value;
  return Object.fromEntries(
    fields.map(([field, one]) => {
      if (known.has(field)) return [field, one];
      const isArgv = name === 'command' && field === 'argv' && Array.isArray(one);
      return [
        field,
        isArgv ? scrubArgv((one as string[]).slice(0, maxArguments), salt) : scrubbedFact(field, one, salt),
      ];
    }),
  );
}

function scrubbedFact(name: string, value: unknown, salt: Salt): unknown {
  if (typeof value === 'string')
    return isSecretName(name) && value !== '' ? fingerprint(value, salt) : scrubText(value, salt);
  if (Array.isArray(value)) return value.map((one: unknown) => scrubbedFact(name, one, salt));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, scrubbedFact(key, one, salt)]));
}

function names(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
