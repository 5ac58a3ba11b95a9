import type { Term } from '../../ast.ts';
import { infixOf, ownNames } from '../../format/infix.ts';
import { calleeOf, pathOf, termsOf } from '../tree.ts';
import type { Contract, Found, LintModule, LintRule } from '../types.ts';

/** What a field of the contract holds, or where the path leaves it. */
type Looked =
  | { readonly is: 'known'; readonly type: Contract[string] }
  | { readonly is: 'unknown'; readonly field: string; readonly siblings: readonly string[] };

function look(path: readonly string[], contract: Contract): Looked {
  let type: Contract[string] = contract;
  for (const field of path) {
    if (typeof type === 'string') return { is: 'known', type: 'any' };
    const next: Contract[string] | undefined = Object.hasOwn(type, field) ? type[field] : undefined;
    if (next === undefined) return { is: 'unknown', field, siblings: Object.keys(type) };
    type = next;
  }
  return { is: 'known', type };
}

/** References to input: their path below it. */
function inputPaths(module: LintModule): { readonly path: readonly string[]; readonly term: Term }[] {
  const aliases = new Map(
    module.ast.imports.filter(({ path }) => path[0] === 'input').map(({ alias, path }) => [alias, path]),
  );
  return module.ast.rules.flatMap((rule) =>
    [...termsOf(rule)].flatMap((term) => {
      if (term.k !== 'ref') return [];
      const [head, ...rest] = pathOf(term) ?? [];
      if (head === 'input') return [{ path: rest, term }];
      const alias = head === undefined ? undefined : aliases.get(head);
      return alias === undefined ? [] : [{ path: [...alias.slice(1), ...rest], term }];
    }),
  );
}

export const unknownField: LintRule = {
  id: 'unknown-input-field',
  title: 'Fields of input are spelled as the decision contract has them',
  severity: 'error',
  why: 'A field that does not exist is undefined: a condition on it never holds, and with `not` it always does.',
  bad: 'allow if input.agnet.id == "assistant"\n',
  good: 'allow if input.agent.id == "assistant"\n',
  check: (module, { contract }) => {
    // Policies for other callers have inputs of their own; there, only what looks like a slip of the pen is told.
    const own = module.ast.package[0] === 'chaperone';
    return inputPaths(module).flatMap(({ path, term }): Found[] => {
      const found = look(path, contract);
      if (found.is === 'known') return [];
      const near = nearest(found.field, found.siblings);
      if (near === null && !own) return [];
      const known = near === null ? `known are: ${found.siblings.join(', ')}` : `did you mean ${near}?`;
      return [
        {
          at: term.at,
          message: `input has no field ${[...path.slice(0, path.indexOf(found.field)), found.field].join('.')}`,
          hint: known,
        },
      ];
    });
  },
};

/** The name that differs least, if it differs little; one name that begins with the other counts as near. */
function nearest(name: string, names: readonly string[]): string | null {
  const limit = name.length < 4 ? 1 : 2;
  const scored = names
    .map((other) => ({ other, cost: other.length > 3 && name.startsWith(other) ? 1 : distance(name, other) }))
    .toSorted((a, b) => a.cost - b.cost);
  const [best] = scored;
  return best !== undefined && best.cost <= limit ? best.other : null;
}

/** Edits from one word to the other; two letters that changed places are one edit. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    before = above;
    above = row;
  }
  return above[b.length] ?? 0;
}

export const impossibleComparison: LintRule = {
  id: 'impossible-comparison',
  title: 'What is compared can be equal',
  severity: 'error',
  why: 'Values of different types are never equal: input.destination.port == "443" never holds, and with != it always does.',
  bad: 'allow if input.destination.port == "443"\n',
  good: 'allow if input.destination.port == 443\n',
  check: (module, { contract }) => {
    const own = ownNames(module.ast);
    return module.ast.rules.flatMap((rule) =>
      [...termsOf(rule)].flatMap((term): Found[] => {
        if (term.k !== 'call') return [];
        const infix = infixOf(own, term);
        if (infix === null || (infix.symbol !== '==' && infix.symbol !== '!=')) return [];
        const types = infix.operands.map((operand) => typeOf(operand, contract));
        const [left, right] = types;
        if (left === undefined || right === undefined || left === 'any' || right === 'any' || left === right)
          return [];
        const never = infix.symbol === '==' ? 'never' : 'always';
        const at = infix.operands[0]?.at ?? term.at;
        return [{ at, message: `${left} and ${right}: this ${never} holds`, hint: `compare with a ${left}` }];
      }),
    );
  },
};

const RESULTS: ReadonlyMap<string, string> = new Map([
  ['count', 'number'],
  ['sum', 'number'],
  ['lower', 'string'],
  ['upper', 'string'],
  ['concat', 'string'],
  ['sprintf', 'string'],
  ['trim', 'string'],
  ['split', 'array'],
  ['startswith', 'boolean'],
  ['endswith', 'boolean'],
]);

function typeOf(term: Term, contract: Contract): string {
  if (term.k === 'scalar')
    return term.v === null ? 'null' : typeof term.v === 'bigint' ? 'number' : typeof term.v;
  if (term.k === 'array' || term.k === 'set' || term.k === 'object') return term.k;
  if (term.k === 'call') return RESULTS.get(calleeOf(term) ?? '') ?? 'any';
  const path = pathOf(term);
  if (term.k !== 'ref' || path?.[0] !== 'input' || path.length !== term.path.length + 1) return 'any';
  const found = look(path.slice(1), contract);
  if (found.is === 'unknown') return 'any';
  return typeof found.type === 'string' ? found.type : 'object';
}
