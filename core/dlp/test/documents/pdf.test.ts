import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { latin, readAll } from './texts.ts';

const secret = 'DE89370400440532013000';

type Part = { readonly dict: string; readonly stream?: Uint8Array };

/** Objects numbered from 1, without a cross-reference table: it is not what counts. */
function pdfOf(parts: readonly Part[], trailer = '<< /Root 1 0 R >>'): Uint8Array {
  const pieces: Uint8Array[] = [latin('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n')];
  for (const [index, { dict, stream }] of parts.entries()) {
    pieces.push(latin(`${index + 1} 0 obj\n${dict}\n`));
    if (stream) pieces.push(latin('stream\n'), stream, latin('\nendstream\n'));
    pieces.push(latin('endobj\n'));
  }
  pieces.push(latin(`trailer\n${trailer}\n%%EOF\n`));
  return Buffer.concat(pieces);
}

const page = (content: string, font: string, more: readonly Part[] = []): Uint8Array => {
  const stream = deflateSync(latin(content));
  return pdfOf([
    { dict: '<< /Type /Catalog /Pages 2 0 R >>' },
    { dict: '<< /Type /Pages /Kids [3 0 R] /Resources << /Font << /F1 5 0 R >> >> >>' },
    { dict: '<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>' },
    { dict: `<< /Length ${stream.length} /Filter /FlateDecode >>`, stream },
    { dict: font },
    ...more,
  ]);
};

const simple = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>';

describe('a page', () => {
  test('shows text with inherited fonts, in pieces and lines', () => {
    const { type, text, problems } = readAll(
      page(
        `BT /F1 12 Tf 72 700 Td [(DE89 37) -20 (0400)] TJ 0 -14 Td (M\\374ller \\(x\\)) Tj T* <41> Tj ET`,
        simple,
      ),
    );
    expect(type).toBe('application/pdf');
    expect(text).toContain('DE89 370400\nMüller (x)\nA');
    expect(problems).toEqual([]);
  });

  test('large gaps are spaces', () => {
    expect(readAll(page('BT /F1 9 Tf [(one) -400 (two)] TJ ET', simple)).text).toContain('one two');
  });

  test('names of glyphs count', () => {
    const font = '<< /Type /Font /Subtype /Type1 /Encoding << /Differences [1 /D /E 65 /uni20AC /fi] >> >>';
    expect(readAll(page('BT /F1 9 Tf (\\001\\002AB) Tj ET', font)).text).toContain('DE€fi');
  });

  test('a composite font is read by its map, ranges and lists', () => {
    const map = `1 begincodespacerange <0000> <FFFF> endcodespacerange 2 beginbfrange <0010> <0012> <0041>
      <0020> <0021> [<00660069> <D83DDE00>] endbfrange 1 beginbfchar <0003> <0020> endbfchar`;
    const font = '<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /ToUnicode 6 0 R >>';
    const { text, problems } = readAll(
      page('BT /F1 9 Tf <0010001100120003 00200021> Tj ET', font, [{ dict: '<< >>', stream: latin(map) }]),
    );
    expect(text).toContain('ABC fi😀');
    expect(problems).toEqual([]);
  });

  test('glyphs that nobody can name are a problem, never silence', () => {
    const font = '<< /Type /Font /Subtype /Type0 /Encoding /Identity-H >>';
    expect(readAll(page('BT /F1 9 Tf <00100011> Tj ET', font)).problems).toEqual(['unreadable']);
  });

  test('an inline image is passed over', () => {
    expect(readAll(page(`BI /W 1 /H 1 ID \u0001(( EI BT /F1 9 Tf (${secret}) Tj ET`, simple)).text).toContain(
      secret,
    );
  });
});

describe('streams', () => {
  const hexed = (bytes: Uint8Array): Uint8Array => latin(`${Buffer.from(bytes).toString('hex')}>`);
  const content = latin(`BT /F1 9 Tf (${secret}) Tj ET`);
  const withFilter = (filter: string, stream: Uint8Array): string =>
    readAll(pdfOf([{ dict: `<< /Subtype /Form /Filter ${filter} >>`, stream }])).text;

  test.each([
    ['/ASCIIHexDecode', hexed(content)],
    ['[/ASCIIHexDecode /FlateDecode]', hexed(deflateSync(content))],
    ['/RunLengthDecode', Uint8Array.from([content.length - 1, ...content, 128])],
    ['/ASCII85Decode', ascii85(content)],
  ])('%s', (filter, stream) => {
    expect(withFilter(filter, stream)).toContain(secret);
  });

  test('LZW', () => {
    const { text } = readAll(
      pdfOf([{ dict: '<< /Subtype /Form /Filter /LZWDecode >>', stream: lzw(content) }]),
    );
    expect(text).toContain(secret);
  });

  test('objects in streams', () => {
    const inside = `10 0 11 40 << /Type /Annot /Contents (${secret}) >>   << /T (field) /V (value) >>`;
    const first = inside.indexOf('<<');
    const second = inside.lastIndexOf('<<') - first;
    const stream = deflateSync(latin(inside.replace('11 40', `11 ${second}`)));
    const at = inside.replace('11 40', `11 ${second}`).indexOf('<<');
    const { text } = readAll(
      pdfOf([{ dict: `<< /Type /ObjStm /N 2 /First ${at} /Filter /FlateDecode >>`, stream }]),
    );
    expect(text).toContain(secret);
    expect(text).toContain('value');
  });

  test('a wrong length, and a damaged one', () => {
    const stream = deflateSync(content);
    const wrong = readAll(pdfOf([{ dict: '<< /Subtype /Form /Length 3 /Filter /FlateDecode >>', stream }]));
    expect(wrong.text).toContain(secret);
    const damaged = readAll(
      pdfOf([
        { dict: '<< /Subtype /Form /Filter /FlateDecode >>', stream: stream.subarray(0, 20).fill(7, 6) },
      ]),
    );
    expect(damaged.problems).toContain('corrupt');
  });

  test('a bomb stops', () => {
    const stream = deflateSync(Buffer.alloc(300 << 20));
    const started = performance.now();
    expect(
      readAll(pdfOf([{ dict: '<< /Subtype /Form /Filter /FlateDecode >>', stream }])).problems,
    ).not.toEqual([]);
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});

describe('around the pages', () => {
  test('encryption', () => {
    expect(readAll(pdfOf([{ dict: '<< /Type /Catalog >>' }], '<< /Encrypt 2 0 R >>')).problems).toEqual([
      'encrypted',
    ]);
  });

  test('pages that are images only', () => {
    const image = { dict: '<< /Subtype /Image /Filter /DCTDecode >>', stream: latin('\xff\xd8') };
    expect(readAll(pdfOf([{ dict: '<< /Type /Page >>' }, image])).problems).toEqual(['unsupported']);
  });

  test('attachments, information, labels', () => {
    const id = '2096f6a2-d2f7-48be-b329-b73aaa526e5d';
    const packet = `<x:xmpmeta><pdfx:MSIP_Label_${id}_Name>Confidential</pdfx:MSIP_Label_${id}_Name></x:xmpmeta>`;
    const { text, labels } = readAll(
      pdfOf([
        { dict: '<< /Type /EmbeddedFile >>', stream: latin(`attached ${secret}`) },
        { dict: '<< /Title <FEFF00E4> /Author (Ann) >>' },
        { dict: '<< /Type /Metadata /Subtype /XML >>', stream: latin(packet) },
      ]),
    );
    expect(text).toContain(`attached ${secret}`);
    expect(text).toContain('ä\nAnn');
    expect(labels).toEqual([{ name: 'confidential', id, source: 'xmp' }]);
  });

  test('hostile nesting ends', () => {
    const deep = '['.repeat(200_000);
    expect(readAll(pdfOf([{ dict: `<< /A ${deep} >>` }])).type).toBe('application/pdf');
    expect(
      readAll(pdfOf([{ dict: '<< /Type /Page /Parent 1 0 R /Contents [1 0 R 2 0 R] >>' }, { dict: '2 0 R' }]))
        .text,
    ).toBe('');
  });
});

/** Codes of nine bits throughout: cleared before they grow. */
function lzw(bytes: Uint8Array): Uint8Array {
  let bits = '';
  for (const [index, byte] of bytes.entries()) {
    if (index % 200 === 0) bits += (256).toString(2).padStart(9, '0');
    bits += byte.toString(2).padStart(9, '0');
  }
  bits += (257).toString(2).padStart(9, '0');
  return Uint8Array.from(bits.match(/.{1,8}/g) ?? [], (one) => Number.parseInt(one.padEnd(8, '0'), 2));
}

function ascii85(bytes: Uint8Array): Uint8Array {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const group = Buffer.alloc(4);
    const count = Math.min(4, bytes.length - at);
    group.set(bytes.subarray(at, at + count));
    let rest = group.readUInt32BE();
    const digits = Array.from({ length: 5 }, () => {
      const digit = rest % 85;
      rest = Math.floor(rest / 85);
      return String.fromCharCode(33 + digit);
    }).toReversed();
    text += digits.slice(0, count + 1).join('');
  }
  return latin(`${text}~>`);
}
