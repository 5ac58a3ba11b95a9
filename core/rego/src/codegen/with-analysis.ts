import { RegoError } from '../errors.ts';
import { packageKey } from '../paths.ts';
import type { Tree } from '../tree.ts';
import { startOf } from '../types/errors.ts';
import { walkRule } from '../walk.ts';
import type { ProgramInfo } from './emit.ts';
import { mockKey, targetPath } from './with.ts';

/** Finds everything that some `with` replaces, so that code pays for overrides only where there can be one. */
export function analyseWith(
  tree: Tree,
  errors: RegoError[],
): Pick<ProgramInfo, 'masks' | 'mocks' | 'largest'> {
  const masks = new Map<string, { id: number; path: readonly string[] }>();
  const mocks = new Map<string, number>();
  const note = { info: { tree } as ProgramInfo };
  let largest = 0;
  for (const group of tree.groups) {
    for (const { rule } of group.entries) {
      let terms = 0;
      walkRule(rule, {
        term: () => {
          terms += 1;
        },
        with: (w) => {
          try {
            const key = mockKey(note, w);
            if (key !== null) {
              if (!mocks.has(key)) mocks.set(key, mocks.size);
              return;
            }
            const { root, path } = targetPath(w.target);
            if (root === 'input') return;
            const inside = tree.groups.find(
              (other) => other.path.length < path.length && other.path.every((part, i) => part === path[i]),
            );
            if (inside !== undefined)
              throw new RegoError(
                'rego_compile_error',
                'with keyword cannot partially replace virtual document(s)',
                startOf(w.target),
              );
            if (!masks.has(packageKey(path))) masks.set(packageKey(path), { id: masks.size, path });
          } catch (error) {
            if (!(error instanceof RegoError)) throw error;
            errors.push(error);
          }
        },
      });
      largest = Math.max(largest, terms);
    }
  }
  return { masks, mocks, largest };
}
