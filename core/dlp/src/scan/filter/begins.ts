/** What the matches of an outline begin with. */
import type { Outline } from './outline.ts';

/** Bytes of a match that are looked at. */
const most = 4;
const ahead = 128;
const beyond = (1 << most) - 1;

/** By byte: 1, 2, 4, 8 where a match may have it first, second, third, fourth; 128 where it may stand ahead of one. */
export function beginsOf(outline: Outline): Uint8Array {
  const begins = new Uint8Array(256);
  const ends = marked(outline, 1, begins);
  // Behind a match of fewer bytes anything may be.
  let open = 0;
  for (let end = 0; end < most; end++) if ((ends & (1 << end)) !== 0) open |= beyond & ~((1 << end) - 1);
  const parts = outline.kind === 'all' ? outline.parts : [outline];
  const first = parts.findIndex(({ kind }) => kind !== 'behind' && kind !== 'ahead');
  const before = parts.slice(0, first < 0 ? undefined : first).filter(({ kind }) => kind === 'behind');
  for (let byte = 0; byte < 256; byte++) {
    const isOpen = before.every((part) => part.kind !== 'behind' || part.set[byte] === 1);
    begins[byte] = (begins[byte] ?? 0) | open | (isOpen ? ahead : 0);
  }
  return begins;
}

/**
 * Marks what a part may have at each place.
 * @param starts bits of the places where it may begin
 * @returns bits of the places where it may end
 */
function marked(part: Outline, starts: number, begins: Uint8Array): number {
  if ((starts & beyond) === 0) return 0;
  switch (part.kind) {
    case 'set':
      for (let byte = 0; byte < 256; byte++)
        if (part.set[byte] === 1) begins[byte] = (begins[byte] ?? 0) | (starts & beyond);
      return (starts << 1) & beyond;
    case 'behind':
    case 'ahead':
      return starts;
    case 'all':
      return part.parts.reduce((at, one) => marked(one, at, begins), starts);
    case 'any':
      return part.parts.reduce((ends, one) => ends | marked(one, starts, begins), 0);
    case 'repeat': {
      let [at, ends] = [starts, part.min === 0 ? starts : 0];
      for (let times = 1; times <= part.max && at !== 0 && times <= part.min + most; times++) {
        at = marked(part.part, at, begins);
        if (times >= part.min) ends |= at;
      }
      return ends;
    }
    default:
      return part satisfies never;
  }
}
