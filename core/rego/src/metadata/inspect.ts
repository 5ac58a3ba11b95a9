import type { Module } from '../compile.ts';
import { RegoError, RegoErrors } from '../errors.ts';
import type { Location } from '../errors.ts';
import { parseModule } from '../parser/module.ts';
import type { Json } from '../values.ts';
import { readAnnotations } from './annotations.ts';
import type { Annotation, YamlDocuments } from './annotations.ts';

/** An annotation as `opa inspect --annotations` lists it. */
export interface InspectedAnnotation {
  readonly annotations: Readonly<Record<string, Json>>;
  readonly location: Location;
  /** Names from `data` on. */
  readonly path: readonly string[];
}

/** All annotations of some modules, by path and then by place. Throws RegoErrors when a module or an annotation is not valid. */
export function inspectAnnotations(modules: readonly Module[], yaml: YamlDocuments): InspectedAnnotation[] {
  const errors: RegoError[] = [];
  const found: Annotation[] = [];
  for (const { file, source, dialect } of modules) {
    try {
      found.push(...readAnnotations(parseModule(file, source, dialect ?? 'v1'), yaml));
    } catch (error) {
      if (!(error instanceof RegoError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new RegoErrors(errors);
  const key = ({ path, at }: Annotation): string =>
    `${path.join('\u0001')}\u0000${at.file}\u0000${String(at.row).padStart(9, '0')}`;
  return found
    .toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
    .map(({ fields, at, path }) => ({ annotations: fields, location: at, path: ['data', ...path] }));
}
