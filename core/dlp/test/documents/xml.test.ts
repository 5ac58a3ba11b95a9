/** The kernel reads XML as the reader alone does, whatever is in it. */
import { expect, test } from 'vitest';
import { nameHash, XmlReader } from '../../src/documents/xml.ts';
import { dice } from './samples.ts';

const cell = nameHash('c');

/** One word for each token, with all that a reader may be asked. */
function tokensOf(bytes: Uint8Array, withKernel: boolean, other?: XmlReader): string[] {
  const reader = new XmlReader(bytes, withKernel);
  const seen: string[] = [];
  for (let token = reader.next(); token !== 'end'; token = reader.next()) {
    const isTag = token === 'open' || token === 'close' || token === 'empty';
    const content = isTag ? [reader.name] : [reader.from, reader.to, reader.hasReferences];
    seen.push([token, reader.start, reader.end, ...content].join(' '));
    if (!isTag && bytes.subarray(reader.from, reader.to).includes(0x26))
      expect(reader.hasAmpersand).toBe(true);
    if (token === 'open' || token === 'empty')
      while (reader.nextAttribute()) seen.push(`${reader.attribute} ${reader.from} ${reader.to}`);
    if (token === 'open' && reader.name === cell) {
      const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf('</c>', reader.end);
      if (end >= 0) reader.leave(end + 4);
    }
    if (seen.length % 97 === 0) other?.next();
  }
  seen.push(`${reader.isDamaged} ${reader.hasDoctype}`);
  return seen;
}

const pieces = [
  '<a>',
  '</a>',
  '<b:c d="e>" f=\'"\'/>',
  '<a/>',
  '<a',
  '>',
  '<',
  '</',
  '/',
  '"',
  "'",
  'text',
  ' ',
  'x &amp; y',
  '&',
  '<!--',
  '-->',
  '-',
  '<![CDATA[',
  ']]>',
  ']',
  '<?p i?>',
  '<?',
  '?>',
  '<!DOCTYPE x>',
  '<!',
  '=',
  'long text '.repeat(40),
  '<w:t xml:space="preserve">',
  'é',
  '<c>',
  '<!-- x </c> y -->',
  '<d e="</c>">',
  '<row r="1"><c r="A1"><v>1</v></c></row>',
];

test('tokens are the same with and without it', () => {
  const roll = dice(20_261_122);
  for (let round = 0; round < 1_500; round += 1) {
    const isWild = round % 3 === 0;
    const length = 1 + roll(round % 50 === 0 ? 4_000 : 60);
    const text = Array.from({ length }, () => pieces[roll(isWild ? pieces.length : 4)] ?? '').join('');
    const rare = Array.from({ length: 1 + roll(4) }, () => pieces[roll(pieces.length)] ?? '').join('');
    const bytes = new TextEncoder().encode(isWild ? text : text + rare + text);
    const other = new XmlReader(new TextEncoder().encode('<a>b</a>'.repeat(100)), true);
    expect(tokensOf(bytes, true, other)).toEqual(tokensOf(bytes, false));
  }
});

test('a token longer than what is read at once', () => {
  for (const long of [
    `<a b="${'x'.repeat(100_000)}">`,
    'y'.repeat(200_000),
    `<!--${'z'.repeat(70_000)}-->`,
  ]) {
    const bytes = new TextEncoder().encode(
      `<p>${'<a>b</a>'.repeat(9_000)}${long}${'<a>b</a>'.repeat(9_000)}</p>`,
    );
    expect(tokensOf(bytes, true)).toEqual(tokensOf(bytes, false));
  }
});
