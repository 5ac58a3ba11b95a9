import type { Rule, Term } from '../ast.ts';
import { RegoError } from '../errors.ts';
import type { Location } from '../errors.ts';
import { packageKey } from '../paths.ts';
import type { Json } from '../values.ts';
import type { Annotation } from './annotations.ts';

/** All annotations of a program, for what rules say of themselves with `rego.metadata.rule` and `rego.metadata.chain`. */
export class AnnotationSet {
  private readonly byRule = new Map<Rule, Annotation[]>();
  private readonly documents = new Map<string, Annotation>();
  private readonly packages = new Map<string, Annotation>();
  private readonly subpackages = new Map<string, Annotation>();

  constructor(annotations: readonly Annotation[], errors: RegoError[]) {
    for (const one of annotations) {
      if (one.scope === 'rule') {
        if (one.rule !== null) this.byRule.set(one.rule, [one, ...(this.byRule.get(one.rule) ?? [])]);
        continue;
      }
      const places = this.placesOf(one.scope);
      const earlier = places.get(packageKey(one.path));
      if (earlier === undefined) places.set(packageKey(one.path), one);
      else
        errors.push(
          new RegoError(
            'rego_type_error',
            `${one.scope} annotation redeclared: ${earlier.at.file}:${earlier.at.row}`,
            one.at,
          ),
        );
    }
  }

  private placesOf(scope: 'document' | 'package' | 'subpackages'): Map<string, Annotation> {
    if (scope === 'document') return this.documents;
    return scope === 'package' ? this.packages : this.subpackages;
  }

  /** What `rego.metadata.rule()` gives in a rule. */
  rule(rule: Rule): Json {
    return this.byRule.get(rule)?.[0]?.fields ?? {};
  }

  /** What `rego.metadata.chain()` gives in a rule: the rule's own annotations, then those around it, outwards. */
  chain(rule: Rule, pkg: readonly string[]): Json {
    const path = [...pkg];
    for (const key of rule.head.ref) {
      if (key.k !== 'scalar' || typeof key.v !== 'string') break;
      path.push(key.v);
    }
    const own = this.byRule.get(rule) ?? [];
    const entries: Json[] = own.length === 0 ? [{ path }] : own.map(entry);
    const around = [this.documents.get(packageKey(path)), this.packages.get(packageKey(pkg))];
    for (let i = pkg.length; i > 0; i -= 1) around.push(this.subpackages.get(packageKey(pkg.slice(0, i))));
    for (const one of around) if (one !== undefined) entries.push(entry(one));
    return entries;
  }
}

function entry({ path, fields }: Annotation): Json {
  return { path: [...path], annotations: fields };
}

/** A JSON value as a term. */
export function jsonTerm(value: Json, at: Location): Term {
  if (typeof value !== 'object' || value === null) return { k: 'scalar', v: value, at };
  if (Array.isArray(value)) return { k: 'array', items: value.map((item) => jsonTerm(item as Json, at)), at };
  const items = Object.entries(value).map(
    ([key, item]) => [{ k: 'scalar', v: key, at } as const, jsonTerm(item as Json, at)] as const,
  );
  return { k: 'object', items, at };
}
