/** Which modules of the library a policy comes to: what it costs to be ready for a rule is for those who have it. */

/**
 * Without those of packages `chaperone.lib.NAME` that no other module in use refers to as `data.chaperone.lib.NAME`. Whoever gets at `data`
 * in a way that does not say where uses all of them, because requests are not even asked about where nothing in use speaks of them.
 *
 * @param sources texts of all modules @param entrypoint slash-separated
 */
export function inUse(sources: readonly string[], entrypoint = ''): readonly string[] {
  if (entrypoint.startsWith('chaperone/lib')) return sources;
  const used = sources.filter((source) => nameOf(source) === undefined);
  const left = new Set(sources.filter((source) => nameOf(source) !== undefined));
  // Grows while it is walked: what is found may lead to more.
  for (const source of used) {
    const names = namesIn(source);
    if (!names) return sources;
    for (const one of left) {
      if (!names.has(nameOf(one) ?? '')) continue;
      left.delete(one);
      used.push(one);
    }
  }
  return used;
}

function nameOf(source: string): string | undefined {
  // The first statement is the package; what looks like one further on may be text.
  const [, name = ''] = /^[ \t]*package[ \t]+(\S+)/m.exec(source) ?? [];
  return /^chaperone\.lib\.([A-Za-z_]\w*)$/.exec(name)?.[1];
}

/** @returns undefined where `data` stands, be it in a comment or a text, without saying which part of it is meant */
function namesIn(source: string): ReadonlySet<string> | undefined {
  const places = source.matchAll(/\bdata\b(?:\.([A-Za-z_]\w*))?(?:\.([A-Za-z_]\w*))?(?:\.([A-Za-z_]\w*))?/g);
  const names = new Set<string>();
  for (const [, first, second, third] of places) {
    if (first === undefined) return undefined;
    if (first !== 'chaperone') continue;
    if (second === undefined) return undefined;
    if (second !== 'lib') continue;
    if (third === undefined) return undefined;
    names.add(third);
  }
  return names;
}
