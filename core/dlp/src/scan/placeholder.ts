/** Values that a person made up to fill a place. Looked at for each finding, so in one pass and without other strings. */

const marked = /example|xxxx|\*{3}|placeholder|changeme|change_me|replace_?me|dummy|your[-_]|\$\{|\{\{/i;

const [asterisk, less, greater, dollar, brace] = [0x2a, 0x3c, 0x3e, 0x24, 0x7b];
const [nine, letterA, letterZ] = [57, 97, 122];

/** Letters and digits of one value, one after another. */
class Shape {
  letters = 0;
  digits = 0;
  #first = 0;
  #isRepeated = true;
  #firstDigit = 0;
  #lastDigit = 0;
  #areDigitsRepeated = true;
  #ascends = true;
  #descends = true;
  #lastLetter = 0;
  #isAlphabet = true;

  addDigit(code: number): void {
    this.#addAny(code);
    if (this.digits === 0) this.#firstDigit = code;
    else {
      const step = code - this.#lastDigit;
      if (step !== 0) this.#areDigitsRepeated = false;
      if (step !== 1 && step !== -9) this.#ascends = false;
      if (step !== -1 && step !== 9) this.#descends = false;
    }
    this.#lastDigit = code;
    this.digits += 1;
  }

  /** In lower case. */
  addLetter(code: number): void {
    this.#addAny(code);
    if (this.letters > 0 && code !== this.#lastLetter + 1) this.#isAlphabet = false;
    this.#lastLetter = code;
    this.letters += 1;
  }

  /** `0000`, `abababab` is not; `1234567890`; `abcdefg`. */
  get isMadeUp(): boolean {
    const { letters, digits } = this;
    if (letters + digits >= 4 && this.#isRepeated) return true;
    if (digits >= 7 && digits > letters) {
      // At most twice from 0 to 9, or back.
      if (this.#areDigitsRepeated) return true;
      if (this.#ascends && this.#firstDigit - 48 + digits <= 20) return true;
      if (this.#descends && 57 - this.#firstDigit + digits <= 20) return true;
    }
    return digits === 0 && letters >= 6 && this.#isAlphabet;
  }

  #addAny(code: number): void {
    if (this.letters + this.digits === 0) this.#first = code;
    else if (code !== this.#first) this.#isRepeated = false;
  }
}

/** Whether a person made it up to fill a place: `1234567890`, `0000…`, `xxxx`, `YOUR_KEY`. */
export function isPlaceholder(value: string): boolean {
  const shape = new Shape();
  let mayBeMarked = false;
  let isOpen = false;
  let before = 0;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code >= 48 && code <= nine) shape.addDigit(code);
    else {
      const lower = code | 32;
      if (lower >= letterA && lower <= letterZ) {
        shape.addLetter(lower);
        mayBeMarked ||= beginsMark(before, lower);
      } else if (code === less) isOpen = true;
      else if (code === greater && isOpen) return true;
      else if (code === asterisk || code === dollar || code === brace) mayBeMarked = true;
    }
    before = code;
  }
  return shape.isMadeUp || (mayBeMarked && marked.test(value));
}

/** Whether these are the first two letters of a word of `marked`. @param lower in lower case */
function beginsMark(before: number, lower: number): boolean {
  switch (lower) {
    case 120: // ex, xx
      return (before | 32) === 101 || (before | 32) === 120;
    case 108: // pl
      return (before | 32) === 112;
    case 104: // ch
      return (before | 32) === 99;
    case 101: // re
      return (before | 32) === 114;
    case 117: // du
      return (before | 32) === 100;
    case 111: // yo
      return (before | 32) === 121;
    default:
      return false;
  }
}
