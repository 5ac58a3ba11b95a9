/** How regular expressions are written, as far as outlines read them. */

/** A group that captures, or a reference to one. */
export const refersToGroups: RegExp = /\((?!\?)|\?<(?![=!])|\\[1-9k]/;
const [opening, closing, openingBracket, closingBracket, backslash] = [0x28, 0x29, 0x5b, 0x5d, 0x5c];
export const quantifier: RegExp = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/y;
export const around: RegExp = /\?(<?)([=!])/y;
export const modifier: RegExp = /\?(-?)i:/y;
export const groupName: RegExp = /\?<(\w+)>/y;
export const reference: RegExp = /<(\w+)>/y;

export function matchedAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Letters of escapes that stand for themselves otherwise. */
export const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, 0: 0 };

/** @param from behind the beginning of a group. @returns where it ends; undefined where it does not */
export function closingOf(source: string, from: number): number | undefined {
  let depth = 1;
  let isClass = false;
  for (let at = from; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === backslash) at += 1;
    else if (isClass) isClass = code !== closingBracket;
    else if (code === openingBracket) isClass = true;
    else if (code === opening) depth += 1;
    else if (code === closing && --depth === 0) return at;
  }
  return undefined;
}
