/** From a path to the value of its document. */
import {
  type Entrypoint,
  type EvaluationOptions,
  isArray,
  isPlain,
  objectGet,
  isObject,
  type Program,
  RegoSet,
  type Value,
} from '@chaperone/rego';
import { type Key, parseDocumentPath } from './path.ts';

/** How one document is computed. Made once per path and version. */
export type DocumentPlan = {
  readonly keys: readonly Key[];
  /** What is evaluated; null when it is a base document, which stands there. */
  readonly entrypoint: Entrypoint | null;
  /** Keys to follow in the value of the entrypoint. */
  readonly rest: readonly Key[];
  /** The base document. */
  readonly base: Value | undefined;
  /** Is there a rule that could define it? */
  readonly isVirtual: boolean;
};

/** @param path as in a URL. Throws InvalidPath. */
export function planDocument(program: Program, data: Value, path: string): DocumentPlan {
  const keys = parseDocumentPath(path);
  const names = keys.map(String);
  if (program.has(joined(names))) {
    const entrypoint = program.entrypoint(joined(names));
    return { keys, entrypoint, rest: [], base: undefined, isVirtual: isRule(program, names) };
  }
  // Below a rule the value continues; below a package only base documents do.
  for (let length = names.length - 1; length > 0; length -= 1) {
    const above = names.slice(0, length);
    if (!program.has(joined(above)) || !isRule(program, above)) continue;
    const entrypoint = program.entrypoint(joined(above));
    return { keys, entrypoint, rest: keys.slice(length), base: undefined, isVirtual: true };
  }
  return { keys, entrypoint: null, rest: [], base: baseAt(data, keys), isVirtual: false };
}

/** The document's value; undefined is Rego's undefined. Throws RegoEvalError. */
export function evaluatePlan(
  plan: DocumentPlan,
  input: Value | undefined,
  options?: EvaluationOptions,
): Value | undefined {
  if (plan.entrypoint === null) return plan.base;
  return follow(plan.entrypoint.value(input, options), plan.rest);
}

/** What is found in a value by its keys. */
export function follow(start: Value | undefined, keys: readonly Key[]): Value | undefined {
  let value = start;
  for (const key of keys) {
    if (value === undefined) return undefined;
    if (isArray(value)) value = typeof key === 'number' ? value[key] : undefined;
    else if (value instanceof RegoSet) value = value.has(key) ? key : undefined;
    else value = isObject(value) ? objectGet(value, key) : undefined;
  }
  return value;
}

function isRule(program: Program, names: readonly string[]): boolean {
  const path = joined(names);
  return program.rules().some((rule) => joined(rule.path) === path);
}

/** No name of a rule or package that can be asked for has a slash in it: such a path is looked up as nothing. */
function joined(names: readonly string[]): string {
  return names.some((name) => name.includes('/')) ? '\0' : names.join('/');
}

function baseAt(data: Value, keys: readonly Key[]): Value | undefined {
  let value: Value | undefined = data;
  for (const key of keys) {
    if (isArray(value)) value = typeof key === 'number' ? value[key] : undefined;
    else if (isPlain(value)) value = Object.hasOwn(value, String(key)) ? value[String(key)] : undefined;
    else return undefined;
  }
  return value;
}
