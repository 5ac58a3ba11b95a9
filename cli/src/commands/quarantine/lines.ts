/** Differences between two texts by lines, in the unified form of diff(1). */

const context = 3;
/** Beyond so many differing lines the comparison costs more than anybody reads. */
const maxEdits = 2_000;

type Edit = { readonly sign: ' ' | '-' | '+'; readonly line: string };

/** @returns lines with `@@` headings; none when the texts are the same */
export function hunks(before: string, after: string): string[] {
  const edits = editsOf(linesOf(before), linesOf(after));
  const shown = edits.map((_, index) =>
    edits.slice(Math.max(0, index - context), index + context + 1).some(({ sign }) => sign !== ' '),
  );
  const out: string[] = [];
  let [a, b] = [1, 1];
  for (let index = 0; index < edits.length;) {
    if (!shown[index]) {
      a += 1;
      b += 1;
      index += 1;
      continue;
    }
    let end = index;
    while (end < edits.length && shown[end]) end += 1;
    const part = edits.slice(index, end);
    const removed = part.filter(({ sign }) => sign !== '+').length;
    const added = part.filter(({ sign }) => sign !== '-').length;
    out.push(`@@ -${removed === 0 ? a - 1 : a},${removed} +${added === 0 ? b - 1 : b},${added} @@`);
    for (const { sign, line } of part) out.push(`${sign}${line}`);
    a += removed;
    b += added;
    index = end;
  }
  return out;
}

function linesOf(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  else lines.push('\\ no newline at the end');
  return lines;
}

/** Myers, "An O(ND) difference algorithm and its variations" (1986), after what both have in common at both ends. */
function editsOf(a: readonly string[], b: readonly string[]): Edit[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let tail = 0;
  while (
    tail < a.length - start &&
    tail < b.length - start &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail += 1;
  const same = (line: string): Edit => ({ sign: ' ', line });
  return [
    ...a.slice(0, start).map(same),
    ...between(a.slice(start, a.length - tail), b.slice(start, b.length - tail)),
    ...a.slice(a.length - tail).map(same),
  ];
}

function between(a: readonly string[], b: readonly string[]): Edit[] {
  const replaced = (): Edit[] => [
    ...a.map((line): Edit => ({ sign: '-', line })),
    ...b.map((line): Edit => ({ sign: '+', line })),
  ];
  const most = Math.min(a.length + b.length, maxEdits);
  const trace: Map<number, number>[] = [];
  let reach = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= most; edits += 1) {
    trace.push(new Map(reach));
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && at(reach, k - 1) < at(reach, k + 1));
      let x = down ? at(reach, k + 1) : at(reach, k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      reach.set(k, x);
      if (x >= a.length && x - k >= b.length) return backwards(trace, a, b);
    }
    reach = new Map(reach);
  }
  return replaced();
}

function at(reach: ReadonlyMap<number, number>, k: number): number {
  return reach.get(k) ?? -1;
}

function backwards(
  trace: readonly ReadonlyMap<number, number>[],
  a: readonly string[],
  b: readonly string[],
): Edit[] {
  const edits: Edit[] = [];
  let [x, y] = [a.length, b.length];
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const reach = trace[d] ?? new Map<number, number>();
    const k = x - y;
    const down = k === -d || (k !== d && at(reach, k - 1) < at(reach, k + 1));
    const previous = down ? k + 1 : k - 1;
    const fromX = at(reach, previous);
    const fromY = fromX - previous;
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      x -= 1;
      y -= 1;
      edits.push({ sign: ' ', line: a[x] ?? '' });
    }
    if (d === 0) break;
    if (down) edits.push({ sign: '+', line: b[(y -= 1)] ?? '' });
    else edits.push({ sign: '-', line: a[(x -= 1)] ?? '' });
  }
  return edits.toReversed();
}
