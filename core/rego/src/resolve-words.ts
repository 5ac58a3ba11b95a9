import type { Term } from './ast.ts';
import { signatureNames, Signatures } from './builtins/signatures.ts';
import { nearest } from './nearest.ts';

/** What a term is, in the word that messages use. */
export function kindName(term: Term): string {
  switch (term.k) {
    case 'scalar':
      return term.v === null ? 'null' : typeof term.v === 'bigint' ? 'number' : typeof term.v;
    case 'comp':
      return `${term.of}comprehension`;
    case 'local':
      return 'var';
    case 'root':
      return 'ref';
    case 'template':
      return 'templatestring';
    default:
      return term.k;
  }
}

/** Why `with` cannot replace a built-in, or null. */
export function irreplaceable(name: string): string | null {
  if (name === 'eq' || name.startsWith('rego.metadata.'))
    return `replacement of ${JSON.stringify(name)} invalid`;
  if (name.startsWith('internal.')) return `replacement of internal function ${JSON.stringify(name)} invalid`;
  const signature = new Signatures().get(name);
  if (signature?.relation === true) return 'target must not be a relation';
  return signature?.type.result === null ? 'target must not be a void function' : null;
}

/** A hint for a name that nothing has. */
export function hintFor(name: string): string | undefined {
  const near = nearest(name, signatureNames());
  return near === null ? undefined : `did you mean ${near}?`;
}
