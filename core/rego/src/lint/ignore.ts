import type { LintModule } from './types.ts';

/** `chaperone-lint ignore=path-prefix,use-in` or, as Regal has it, `regal ignore:path-prefix,use-in`. */
const IGNORE = /^\s*(?:chaperone-lint\s+ignore=|regal\s+ignore:)([\w,-]+)/;

/** Is the rule switched off for this row, by a comment on it or on the row above? */
export function isIgnored({ ast: { comments } }: LintModule, row: number, id: string): boolean {
  return comments.some((comment) => {
    if (comment.row !== row && comment.row !== row - 1) return false;
    return IGNORE.exec(comment.text)?.[1]?.split(',').includes(id) === true;
  });
}
