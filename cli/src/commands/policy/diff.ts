/** Lines of context around a change. */
const CONTEXT = 3;
/** Beyond this many line pairs the middle is shown as replaced as a whole. */
const COMPARED = 25_000_000;

type Line = { readonly sign: ' ' | '-' | '+'; readonly text: string };

/** What changed from one text to the other, in the form that `patch` reads. */
export function unifiedDiff(file: string, before: string, after: string): string {
  const lines = changes(before.split('\n'), after.split('\n'));
  let text = `--- ${file}\n+++ ${file}\n`;
  for (const [from, to] of hunks(lines)) {
    const [a, b] = [position(lines, from, '-'), position(lines, from, '+')];
    const hunk = lines.slice(from, to);
    const [removed, added] = [
      hunk.filter(({ sign }) => sign !== '+').length,
      hunk.filter(({ sign }) => sign !== '-').length,
    ];
    text += `@@ -${String(a)},${String(removed)} +${String(b)},${String(added)} @@\n`;
    text += hunk.map(({ sign, text: line }) => `${sign}${line}\n`).join('');
  }
  return text;
}

/** The 1-based line of one side at which an index of the whole falls. */
function position(lines: readonly Line[], index: number, side: '-' | '+'): number {
  return lines.slice(0, index).filter(({ sign }) => sign === ' ' || sign === side).length + 1;
}

/** Ranges of changes with their context; those that touch are one. */
function hunks(lines: readonly Line[]): [number, number][] {
  const found: [number, number][] = [];
  for (const [i, { sign }] of lines.entries()) {
    if (sign === ' ') continue;
    const last = found.at(-1);
    if (last !== undefined && i - CONTEXT <= last[1]) last[1] = Math.min(lines.length, i + CONTEXT + 1);
    else found.push([Math.max(0, i - CONTEXT), Math.min(lines.length, i + CONTEXT + 1)]);
  }
  return found;
}

function changes(a: readonly string[], b: readonly string[]): Line[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const same = (text: string): Line => ({ sign: ' ', text });
  return [
    ...a.slice(0, head).map(same),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(same),
  ];
}

/** By the longest common subsequence. */
function middle(a: readonly string[], b: readonly string[]): Line[] {
  const minus = (text: string): Line => ({ sign: '-', text });
  const plus = (text: string): Line => ({ sign: '+', text });
  if (a.length * b.length > COMPARED) return [...a.map(minus), ...b.map(plus)];
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [x, y] = [a[i], b[j]];
    if (x !== undefined && x === y) {
      lines.push({ sign: ' ', text: x });
      i += 1;
      j += 1;
    } else if (x !== undefined && (y === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(minus(x));
      i += 1;
    } else if (y !== undefined) {
      lines.push(plus(y));
      j += 1;
    }
  }
  return lines;
}
