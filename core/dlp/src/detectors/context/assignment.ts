/** The pieces of a pattern for a name and its value, in every syntax in which people write that down. */

const quote = String.raw`(?:\\{0,3}["'\x60]|&quot;|&#0?39;|&#34;)`;

/** What may stand between a name and its operator: the end of quotes and of an index, a type. */
const nameEnd = String.raw`(?:${quote}|\]){0,3}`;
const type = String.raw`(?:\s?:\s?(?:[A-Z]?[a-z]{1,30}\??|&(?:'static )?str)(?=\s?=)|\s(?:string|&str)(?=\s?=)|\s?\{\s?get;[^{}\n]{0,24}\}(?=\s?=))?`;
const operator = String.raw`(?:[:?.+!|]{0,3}={1,3}>?|:(?!:)|->|\|\||<-|\xef\xbc\x9a)`;

/** A call that gives the value only when something else is missing: `getenv("X", "...")`, `get("X") or "..."`. */
const fallback = String.raw`(?:[\w.]{1,30}\(\s?${quote}[^"'\n]{1,40}${quote}(?:,\s?|\)\s?(?:or|\|\||\?\?|\?:)\s?))?`;

/** YAML begins a text of several lines. */
const block = String.raw`(?:[>|][+-]?\r?\n[ \t]{1,24})?`;

/** What a value may be in each place where one stands, as pieces of a pattern. */
type Values = {
  /** With the quotes ahead of it. */
  readonly quoted: string;
  /** Between quotes that close right before a parenthesis. */
  readonly passed: string;
  readonly bare: string;
  /** Between two tags, with the beginning of the second. */
  readonly tagged: string;
  /** Drawn by a machine. */
  readonly random: string;
};

const formsOf = ({ quoted, passed, bare, tagged, random }: Values): readonly string[] => [
  // name = value, name: value
  String.raw`${nameEnd}${type}[ \t]{0,20}${operator}[ \t]{0,20}${block}\(?${fallback}(?:${quoted}|${bare})`,
  // name: NAME, value: ...
  String.raw`${nameEnd}(?:\s{0,2},\s{0,40}|\s{1,40})${quote}?value${quote}?\s?[:=]\s{0,3}(?:${quoted}|${bare})`,
  // ("name", "value")
  String.raw`${quote}{1,2}\s?,\s{0,4}(?<listed>)(?:${quoted}|(?=\d)${bare})`,
  // key="name" value="..."
  String.raw`${quote}\s(?:value|default|content)\s?=\s?${quoted}`,
  // variable "name" { default = "..." }
  String.raw`"\s?\{[^{}]{0,200}?\bdefault\s{0,12}=\s{0,3}${quoted}`,
  // <name>value</name>, <x key="name">value</x>, <key>name</key><string>value</string>
  String.raw`(?:["']?(?:\s[^<>\n]{0,60})?(?:>|&gt;)(?:\s{0,40}<(?:value|string)>)?|<\/key>\s{0,40}<string>)\s{0,40}${tagged}`,
  // setName("value")
  String.raw`\(\s?${passed}`,
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

const quoted = String.raw`(?:[brufl@$]{0,2}(?<open>${quote}{1,3})\s{0,3}(?<value>(?:(?!\k<open>|\\?["\n\r\x60]).){1,1000}))`;
const bareByte = String.raw`[^\s"'\x60<>()\[\]{},;|&\\]`;
const values: Values = {
  quoted,
  passed: String.raw`${quoted}(?=\k<open>\s?\))`,
  bare: `(?<value>${bareByte}{4,1000})`,
  tagged: String.raw`(?<value>[^\s<>&]{4,1000})(?=\s{0,40}(?:<\/|&lt;\/))`,
  random: String.raw`(?<value>[A-Za-z0-9][\w+/=.~%-]{9,1000})`,
};

/** Matches from the end of a name to the end of its value; groups `value`, and `open`, `blank`, `loose` as marks of how. */
export const afterName = `(?:${formsOf(values).join('|')})`;

/** At least six with a digit among them, or sixteen of those that keys are written with. */
function solid(byte: string): string {
  const around = [0, 1, 2, 3, 4].map((ahead) => String.raw`${byte}{${ahead}}\d${byte}{${5 - ahead}}`);
  return String.raw`(?:${around.join('|')}|${byte}{5,}\d|[\w\-+/=.~%:$!|*]{16})`;
}

const solidQuoted = String.raw`[brufl@$]{0,2}${quote}{1,3}\s*${solid(String.raw`[^\s"\x60]`)}`;
/** It does not go on as a call or an index. */
const uncalled = String.raw`(?=[^(\[]|$)`;
const solidValues: Values = {
  quoted: solidQuoted,
  passed: solidQuoted,
  bare: `${solid(bareByte)}${bareByte}*(?!${bareByte})${uncalled}`,
  tagged: String.raw`${solid(String.raw`[^\s<>&]`)}[^\s<>&]*\s*[<&]`,
  random: String.raw`${solid(String.raw`[\w+/=.~%-]`)}[\w+/=.~%-]*(?![\w+/=.~%-])${uncalled}`,
};
const wordQuoted = String.raw`[brufl@$]{0,2}${quote}{1,3}\s*[^\s"\x60]{8}`;

const looseOf = (of: Values): string => `(?:${formsOf(of).join('|')})`.replaceAll(/\(\?<\w+>\)/g, '');

/** Matches where `afterName` does with a solid value that is not a call, and at some places more. No groups. */
export const afterNameSolid = looseOf(solidValues);

/** The same, or with a word of eight characters in quotes. */
export const afterNameQuoted = looseOf({ ...solidValues, quoted: wordQuoted, passed: wordQuoted });
