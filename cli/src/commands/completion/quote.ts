/** A word as sh, bash, zsh and fish all read it back: one argument, nothing expanded. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
