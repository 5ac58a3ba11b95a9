/** The pieces of a pattern for a name and its value, in every syntax in which people write that down. */

const quote = String.raw`(?:\\{0,3}["'\x60]|&quot;|&#0?39;|&#34;)`;

/** What may stand between a name and its operator: the end of quotes and of an index, a type. */
const nameEnd = String.raw`(?:${quote}|\]){0,3}`;
const type = String.raw`(?:\s?:\s?(?:[A-Z]?[a-z]{1,30}\??|&(?:'static )?str)(?=\s?=)|\s(?:string|&str)(?=\s?=))?`;
const operator = String.raw`(?:[:?.+!|]{0,3}={1,3}>?|:(?!:)|->|\|\||<-)`;

/** A call that gives the value only when something else is missing: `getenv("X", "...")`, `get("X") or "..."`. */
const fallback = String.raw`(?:[\w.]{1,30}\(\s?${quote}[^"'\n]{1,40}${quote}(?:,\s?|\)\s?(?:or|\|\||\?\?|\?:)\s?))?`;

const quoted = String.raw`(?:[brufl@$]{0,2}(?<open>${quote}{1,3})\s{0,3}(?<value>(?:(?!\k<open>|\\?["\n\r\x60]).){1,1000}))`;
const bare = String.raw`(?<value>[^\s"'\x60<>()\[\]{},;|&\\]{4,1000})`;
const random = String.raw`(?<value>[A-Za-z0-9][\w+/=.~%-]{9,1000})`;

const forms = [
  // name = value, name: value
  String.raw`${nameEnd}${type}[ \t]{0,20}${operator}[ \t]{0,20}\(?${fallback}(?:${quoted}|${bare})`,
  // ("name", "value")
  String.raw`${quote}{1,2}\s?,\s{0,4}(?<listed>)(?:${quoted}|(?=\d)${bare})`,
  // key="name" value="..."
  String.raw`${quote}\s(?:value|default|content)\s?=\s?${quoted}`,
  // <name>value</name>
  String.raw`(?:\s[^<>\n]{0,60})?(?:>|&gt;)\s{0,40}(?<value>[^\s<>&]{4,1000})(?=\s{0,40}(?:<\/|&lt;\/))`,
  // setName("value")
  String.raw`\(\s?${quoted}(?=\k<open>\s?\))`,
  // get("name") or "value"
  String.raw`${quote}[\])]\s?(?:or|\|\||\?\?|\?:)\s?${quoted}`,
  // the name is value
  String.raw`\s(?:is|was|will be|ist|lautet|est|es)(?:\s?[:=])?\s{1,4}(?:${quoted}|${bare})`,
  // name 'value'
  String.raw`\s{1,2}(?<blank>)${quoted}`,
  // --name value
  String.raw`(?<=(?:^|[\s"'])(?:--?|\/)[\w-]{1,40})\s{1,2}${bare}`,
  // name value, perhaps some words away: only what is drawn by a machine is taken for a value here
  String.raw`(?:\s[a-z]{1,14}){0,3}(?!-{3})[\s:-]{1,8}(?<loose>)${random}`,
];

/** Matches from the end of a name to the end of its value; groups `value`, and `open`, `blank`, `loose` as marks of how. */
export const afterName = `(?:${forms.join('|')})`;
