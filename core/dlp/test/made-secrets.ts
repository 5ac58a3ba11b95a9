/** Secrets for tests, made when they run: nothing in the tree looks like a live one. The same in every run. */

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `length` characters of `alphabet` that do not repeat in an order. */
export function made(length: number, alphabet: string, seed = 7): string {
  let state = seed;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += alphabet[(state >>> 16) % alphabet.length] ?? '';
  }
  return text;
}

export const madeKey = (length: number, seed = 7): string => made(length, `${letters}0123456789`, seed);
export const madeHex = (length: number, seed = 7): string => made(length, '0123456789abcdef', seed);
export const madeBase64 = (length: number, seed = 7): string => made(length, `${letters}0123456789+/`, seed);

/** As a person chooses one: letters of both cases, digits, a sign. */
export const madePassword = (seed = 7): string => `${made(5, letters, seed)}7${made(4, letters, seed + 1)}4!`;
