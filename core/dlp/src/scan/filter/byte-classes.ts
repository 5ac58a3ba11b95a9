/** Bytes that no set tells apart share a class. */
import type { ByteSet } from './byte-set.ts';
import { edge } from './byte-set.ts';

/** Class of each byte and of the edge, below 256 where there are not more; `width`: how many classes there are. */
export type ByteClasses = { readonly classes: Uint8Array; readonly width: number };

/** @param sets also of the edge of the text */
export function classesOf(sets: ReadonlySet<ByteSet>): ByteClasses {
  const classes = new Uint8Array(edge + 1);
  /** By class: how many bytes it has. */
  const sizes = [edge + 1];
  const members: number[] = [];
  for (const set of sets) {
    members.length = 0;
    const inside: number[] = [];
    for (let byte = set.indexOf(1); byte >= 0; byte = set.indexOf(1, byte + 1)) {
      members.push(byte);
      const one = classes[byte] ?? 0;
      inside[one] = (inside[one] ?? 0) + 1;
    }
    const parted: number[] = [];
    for (const byte of members) {
      const one = classes[byte] ?? 0;
      if (inside[one] === sizes[one]) continue;
      // What is in the set leaves its class.
      const other = (parted[one] ??= sizes.push(inside[one] ?? 0) - 1);
      classes[byte] = other;
    }
    for (const [one, other] of parted.entries())
      if (other !== undefined) sizes[one] = (sizes[one] ?? 0) - (inside[one] ?? 0);
  }
  return { classes, width: sizes.length };
}
