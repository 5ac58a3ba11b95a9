/** Mulberry32: the same numbers on every run. @returns a source of numbers of 32 bits */
function numbersOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** @returns a source of numbers from 0 up to 1 */
export function randomFrom(seed: number): () => number {
  const next = numbersOf(seed);
  return () => next() / 2 ** 32;
}

/** @returns a source of whole numbers from 0 up to the one that is given */
export function randomOf(seed: number): (below: number) => number {
  const next = numbersOf(seed);
  return (below) => next() % below;
}
