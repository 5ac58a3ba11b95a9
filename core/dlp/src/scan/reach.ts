/** How far around a place the engine looks. The reference and the fast pipeline share these, so that they see the same. */

/** Characters in which a supporting word counts, as in Microsoft Purview. */
export const supportReach = 300;

/** Characters before and behind a finding in which a word speaks against it: on its line or the one beside it. */
export const againstBefore = 60;
export const againstAfter = 24;

/** What a look-behind may see ahead of where a search begins. */
export const lookBehind = 64;

/** A match that begins within the window of a word may go on behind it for this long. */
export const nearTail = 256;

/** The same for digits. */
export const digitTail = 64;

/** A match that begins at a word ends within this. */
export const hereTail = 36_864;

/** Around an `@`. */
export const atBefore = 80;
export const atAfter = 260;

/** A line that is longer has no columns. */
export const longestLine = 2_048;

/** The header of a table is looked for in this much of the beginning of a part. */
export const headBytes = 4_096;
