/** Check digit arithmetic that identifiers of many countries share. All of it over digits (0-9A-Z where said), upper case. */

export const digit = (text: string, at: number): number => text.charCodeAt(at) - 48;

/** Value of a character in base 36: digits, then A = 10. -1 for any other. */
export const base36 = (character: string | undefined): number =>
  character === undefined || character.length !== 1 ? -1 : base36At(character, 0);

/** The same for a character of a text. */
function base36At(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 65 && code <= 90 ? code - 55 : -1;
}

/** Sum of digit times weight; weights repeat when the text is longer. */
export function weigh(text: string, weights: readonly number[]): number {
  let sum = 0;
  for (let at = 0, each = 0; at < text.length; at += 1, each += 1) {
    if (each === weights.length) each = 0;
    sum += base36At(text, at) * (weights[each] ?? 0);
  }
  return sum;
}

/** The same from the end of the text, of which the last characters are left out. */
export function weighBack(text: string, weights: readonly number[], left = 0): number {
  let sum = 0;
  for (let at = text.length - left - 1, each = 0; at >= 0; at -= 1, each += 1) {
    if (each === weights.length) each = 0;
    sum += base36At(text, at) * (weights[each] ?? 0);
  }
  return sum;
}

/** Sum of the digits of each product, as Luhn-like schemes do it. */
export function weighCrossed(text: string, weights: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < text.length; at += 1) {
    const product = digit(text, at) * (weights[at % weights.length] ?? 0);
    sum += Math.floor(product / 10) + (product % 10);
  }
  return sum;
}

/** ISO/IEC 7812-1 annex B: the last digit checks the others. */
export function luhn(text: string): boolean {
  let sum = 0;
  for (let at = text.length - 1, twice = false; at >= 0; at -= 1, twice = !twice) {
    const value = digit(text, at) * (twice ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return text.length > 0 && sum % 10 === 0;
}

/** Remainder of a decimal number of any length. */
export function modulo(text: string, divisor: number): number {
  let rest = 0;
  for (let at = 0; at < text.length; at += 1) rest = (rest * 10 + digit(text, at)) % divisor;
  return rest;
}

/** ISO/IEC 7064 MOD 97-10 over 0-9A-Z: 1 when it holds. */
export function mod97(text: string): number {
  let rest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const value = base36At(text, at);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

/** ISO/IEC 7064 MOD 11-10: a digit checks digits. */
export const mod11x10 = (text: string): boolean => hybrid(text, 10);

/** ISO/IEC 7064 MOD 37-36: a character checks digits and letters. */
export const mod37x36 = (text: string): boolean => hybrid(text, 36);

function hybrid(text: string, modulus: number): boolean {
  let product = modulus;
  for (let at = 0; at < text.length - 1; at += 1) {
    const sum = (product + base36At(text, at)) % modulus;
    product = ((sum === 0 ? modulus : sum) * 2) % (modulus + 1);
  }
  return (product + base36At(text, text.length - 1)) % modulus === 1;
}

/** ISO/IEC 7064 MOD 11-2: the last is a digit or X. */
export function mod11x2(text: string): boolean {
  let rest = 0;
  for (let at = 0; at < text.length; at += 1)
    rest = (rest * 2 + (text[at] === 'X' && at === text.length - 1 ? 10 : digit(text, at))) % 11;
  return rest === 1;
}

const dihedral = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
] as const;
const permuted = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
] as const;

/** J. Verhoeff, Error Detecting Decimal Codes (1969). */
export function verhoeff(text: string): boolean {
  let state = 0;
  for (let at = 0; at < text.length; at += 1) {
    const row = permuted[at % 8] ?? '';
    state = digit(dihedral[state] ?? '', digit(row, digit(text, text.length - 1 - at)));
  }
  return text.length > 0 && state === 0;
}

const quasigroup = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
] as const;

/** H. M. Damm, Total anti-symmetrische Quasigruppen (2004). */
export function damm(text: string): boolean {
  let state = 0;
  for (let at = 0; at < text.length; at += 1) state = digit(quasigroup[state] ?? '', digit(text, at));
  return text.length > 0 && state === 0;
}

/** Whether it is a day of the calendar; `year` with four digits. */
export function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const isShort = month === 4 || month === 6 || month === 9 || month === 11;
  const last = month === 2 ? (leap ? 29 : 28) : isShort ? 30 : 31;
  return day <= last;
}

/** Whether YYMMDD is a day in 1900 to 2099, the century unknown. */
export function isShortDay(text: string): boolean {
  const [year, month, day] = [Number(text.slice(0, 2)), Number(text.slice(2, 4)), Number(text.slice(4, 6))];
  return isDay(1900 + year, month, day) || isDay(2000 + year, month, day);
}

/** The same for DDMMYY. */
export const isShortDayReversed = (text: string): boolean =>
  isShortDay(text.slice(4, 6) + text.slice(2, 4) + text.slice(0, 2));

/** All characters the same: a placeholder that many checksums let pass. */
export function isRepeated(text: string): boolean {
  for (let at = 1; at < text.length; at += 1) if (text.charCodeAt(at) !== text.charCodeAt(0)) return false;
  return true;
}
