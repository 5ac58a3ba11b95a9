/**
 * The part of a help text that shows how a command is used. The manual page takes over whatever a command prints after
 * its options.
 */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
