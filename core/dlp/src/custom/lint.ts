/** Whether a pattern of a customer is sure to end soon: its repeats are bounded, not nested, and not too many together. */

/** Ways to split a text among all repeats of a pattern. */
const mostWays = 10_000;
const longestRepeat = 500;

type Group = { isVariable: boolean; hasChoice: boolean };

/** @returns what is wrong and what to do; undefined when the pattern is fine */
export function lintPattern(source: string): string | undefined {
  try {
    void new RegExp(source);
  } catch {
    return 'is not a regular expression';
  }
  const groups: Group[] = [{ isVariable: false, hasChoice: false }];
  let closed: Group | undefined;
  let ways = 1;
  for (let at = 0; at < source.length;) {
    const group = groups.at(-1);
    if (group === undefined) return 'is not a regular expression';
    const repeat = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(source.slice(at, at + 24))?.[0];
    if (repeat !== undefined) {
      const [least, most] = boundsOf(repeat);
      if (most === Infinity) return `repeats without end (${repeat}): give an upper bound such as {0,40}`;
      if (most > longestRepeat) return `repeats more than ${longestRepeat} times (${repeat})`;
      if (most > 1 && closed?.isVariable) return `has a repeat within a repeat (${repeat})`;
      if (most > 1 && closed?.hasChoice)
        return `repeats alternatives (${repeat}): use a character class instead`;
      if (least !== most) {
        ways *= most - least + 1;
        group.isVariable = true;
      }
      closed = undefined;
      at += repeat.length;
      continue;
    }
    closed = undefined;
    const character = source.charAt(at);
    if (character === '\\') {
      if (/[1-9k]/.test(source.charAt(at + 1))) return 'refers back to a group: that can take too long';
      at += 2;
    } else if (character === '[') {
      const end = endOfClass(source, at);
      if (/[^\x00-\x7f]/.test(source.slice(at, end)))
        return 'has a letter outside of ASCII in a character class: write alternatives, such as (?:ä|ö)';
      at = end;
    } else if (character === '(') {
      // The engine gets alternatives in such a group wrong once it compiles without optimising.
      if (/^\(\?[a-z-]+:/.test(source.slice(at, at + 8)))
        return 'has a flag within a group: give "ignoreCase" for the whole, or write [aA]';
      groups.push({ isVariable: false, hasChoice: false });
      at += /^\((?:\?(?:[:=!]|<[=!]|<\w+>))?/.exec(source.slice(at))?.[0].length ?? 1;
    } else if (character === ')') {
      closed = groups.pop();
      const parent = groups.at(-1);
      if (parent && closed?.isVariable) parent.isVariable = true;
      if (parent && closed?.hasChoice) parent.hasChoice = true;
      at += 1;
    } else {
      if (character === '|') group.hasChoice = true;
      at += 1;
    }
  }
  return ways > mostWays
    ? `has too many repeats of open length (${ways} ways to match, at most ${mostWays})`
    : undefined;
}

function boundsOf(repeat: string): [least: number, most: number] {
  if (repeat.startsWith('*')) return [0, Infinity];
  if (repeat.startsWith('+')) return [1, Infinity];
  if (repeat.startsWith('?')) return [0, 1];
  const [, least = '0', open, most = ''] = /^\{(\d+)(,?)(\d*)\}/.exec(repeat) ?? [];
  if (open === '') return [Number(least), Number(least)];
  return [Number(least), most === '' ? Infinity : Number(most)];
}

function endOfClass(source: string, start: number): number {
  for (let at = start + 1; at < source.length; at++) {
    if (source.charAt(at) === '\\') at += 1;
    else if (source.charAt(at) === ']') return at + 1;
  }
  return source.length;
}
