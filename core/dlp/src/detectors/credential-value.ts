/** What a credential's value looks like, whatever the service: random, and neither a reference nor an example. */

/** Shannon entropy. @returns bits for each character of binary text, 0 for an empty value */
export function entropy(value: string): number {
  const counts = new Uint32Array(256);
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at) & 255;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  let bits = 0;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at) & 255;
    const count = counts[code] ?? 0;
    if (count === 0) continue;
    counts[code] = 0;
    const share = count / value.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}

/** Templates, variables and calls: the value is somewhere else. */
const reference =
  /^(?:\$[\w({]|<[^>]*>?$|%[\w-]+%$|\{\{?[^}]*\}?\}$|@[\w.]+@$|#\{|&lt;)|\$\{|\$\(|\{\{|process\.env|os\.environ|getenv|env\.get|\benv\[|System\.|\bsecrets\.|vault:|\bself\.|\bthis\.|\barg(?:s|v)\b/i;

const standIn =
  /change[_-]?(?:me|it)|place[_-]?holder|redacted|<?your[_-]|(?:^|[_-])your(?:[_-]|$)|^your|my[_-]?(?:api|secret|token|access)|(?:insert|enter|paste|put|add|fill|replace)[_-](?:your|with|the|this|me|in|here|token|key|api)|(?:token|key|secret|goes|value)[_-]?here\b|(?:^|[_-])todo(?:[_-]|$)|dummy|foobar|lorem|^undefined$|^null$|^none$|^true$|^false$/i;

/** One character (x, *, 0, a dot) for most of the value: what has the majority is what is left when different ones cancel out (Boyer and Moore 1981). */
function isMostlyOneCharacter(value: string): boolean {
  const lower = value.toLowerCase();
  let most = 0;
  let lead = 0;
  for (let at = 0; at < lower.length; at++) {
    const code = lower.charCodeAt(at);
    if (lead === 0) most = code;
    lead += code === most ? 1 : -1;
  }
  if (lead <= 0) return false;
  let count = 0;
  for (let at = 0; at < lower.length; at++) if (lower.charCodeAt(at) === most) count += 1;
  return count > value.length * 0.6;
}

/** @returns whether `value` stands for a credential that is not written here: a template, a mask, `changeme`, `<your-key>` */
export function isPlaceholder(value: string): boolean {
  return value === '' || reference.test(value) || standIn.test(value) || isMostlyOneCharacter(value);
}

const exampleWord = /example|sample|fake|x{6}|(?:^|[_-])(?:test|demo|mock)(?:[_-]|$)|deadbeef|cafebabe/i;

/** @returns share of the characters, 0 to 1, that follow their predecessor in the alphabet or repeat it: `abcd`, `9876`, `aaaa` */
export function sequenceShare(value: string): number {
  let steps = 0;
  let run = 0;
  let last = 9;
  for (let at = 1; at <= value.length; at++) {
    const step = value.charCodeAt(at) - value.charCodeAt(at - 1);
    if (step === last && run > 0) run += 1;
    else {
      if (run >= 3) steps += run + 1;
      run = Math.abs(step) <= 1 ? 1 : 0;
    }
    last = step;
  }
  return value.length === 0 ? 0 : steps / value.length;
}

/** @returns whether somebody probably made `value` up for a text: `…EXAMPLE…`, `abcdef1234567890`. Worth the low band, no more. */
export function looksLikeExample(value: string): boolean {
  return exampleWord.test(value) || sequenceShare(value) > 0.5;
}
