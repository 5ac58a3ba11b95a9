/** A run that a detector is asked at, as a number: sorted, they are in the order of the text. */

/** A run, a detector and the last place where a match may begin, in one number. */
const places = 2 ** 17;
const perRun = 2 ** 12 * places;

/** @param place where a match begins at last; Infinity: nothing is known of one */
export const keyOf = (run: number, number: number, place: number): number =>
  run * perRun + number * places + Math.max(0, Math.min(place, places - 1));

export const runOf = (key: number): number => Math.floor(key / perRun);
export const detectorOf = (key: number): number => Math.floor(key / places) % 2 ** 12;

/** Where a match begins at last that the detector is asked for; undefined: nothing is known of one. */
export function lastPlaceOf(key: number): number | undefined {
  const place = key % places;
  return place === places - 1 ? undefined : place;
}

/** Sorts, and keeps the last place of each run and detector. @returns how many are kept */
export function unique(keys: Float64Array): number {
  if (keys.length < 2) return keys.length;
  keys.sort();
  let kept = 0;
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] ?? 0;
    const next = at + 1 < keys.length ? (keys[at + 1] ?? 0) : Infinity;
    if (Math.floor(key / places) !== Math.floor(next / places)) keys[kept++] = key;
  }
  return kept;
}
