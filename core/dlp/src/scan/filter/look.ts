/** What an expression that looks around says of the one byte beside the place. */
import type { ByteSet } from './byte-set.ts';
import { complement, edge, united } from './byte-set.ts';
import type { Outline } from './outline.ts';

/** @returns an outline that consumes nothing; undefined where it says nothing of that byte */
export function lookingAt(inside: Outline, isBehind: boolean, isNegated: boolean): Outline | undefined {
  const kind = isBehind ? 'behind' : 'ahead';
  const parts = inside.kind === 'any' ? inside.parts : [inside];
  if (isNegated) {
    // Of "neither this nor that" what is about one byte is enough.
    const singles = parts.flatMap((part) => onlySet(part) ?? []);
    return singles.length === 0 ? undefined : { kind, set: complement(united(singles), true) };
  }
  const sets = parts.map((part) => nearestSet(part, isBehind));
  const known = sets.filter((set) => set !== undefined);
  return known.length < sets.length ? undefined : { kind, set: united(known) };
}

/** The set of an outline that is one byte. */
function onlySet(part: Outline): ByteSet | undefined {
  if (part.kind === 'set') return part.set;
  return part.kind === 'all' && part.parts.length === 1 && part.parts[0] ? onlySet(part.parts[0]) : undefined;
}

/** The bytes that can stand first, or last; undefined where there may be none. */
function nearestSet(part: Outline, isBehind: boolean): ByteSet | undefined {
  switch (part.kind) {
    case 'set':
      return part.set;
    case 'behind':
    case 'ahead': {
      // `^` and `$`: the edge itself.
      const isEdge =
        part.set[edge] === 1 && part.set.indexOf(1) === edge && (part.kind === 'behind') === isBehind;
      return isEdge ? part.set : undefined;
    }
    case 'all': {
      const met: ByteSet[] = [];
      for (const one of isBehind ? part.parts.toReversed() : part.parts) {
        const set = nearestSet(one, isBehind);
        if (set) return united([...met, set]);
        if (one.kind !== 'repeat') return undefined;
        const inside = nearestSet(one.part, isBehind);
        if (inside === undefined) return undefined;
        met.push(inside);
      }
      return undefined;
    }
    case 'any': {
      const sets = part.parts.map((one) => nearestSet(one, isBehind));
      const known = sets.filter((set) => set !== undefined);
      return known.length < sets.length ? undefined : united(known);
    }
    case 'repeat':
      return part.min > 0 ? nearestSet(part.part, isBehind) : undefined;
    default:
      return part satisfies never;
  }
}
