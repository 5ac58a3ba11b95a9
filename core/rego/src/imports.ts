import type { Import, ModuleAst } from './ast.ts';
import { RegoError } from './errors.ts';
import { showPath } from './paths.ts';

/** An import as it is written. */
export function showImport({ path, alias }: Import): string {
  return `import ${showPath(path)}${path.at(-1) === alias ? '' : ` as ${alias}`}`;
}

/** Adds an error for every import that takes the name of an earlier one. */
export function checkImports(ast: ModuleAst, errors: RegoError[]): void {
  const known = new Map<string, Import>();
  for (const found of ast.imports) {
    const earlier = known.get(found.alias);
    if (earlier === undefined) known.set(found.alias, found);
    else
      errors.push(
        new RegoError(
          'rego_compile_error',
          `import must not shadow ${showImport(earlier)}`,
          found.at,
          'rename one of them with `as`, or remove it',
        ),
      );
  }
}
