import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { latin, readAll } from './texts.ts';

const secret = 'DE89370400440532013000';

describe('RTF', () => {
  test('code pages, Unicode with its fallback, tables, escapes', () => {
    const { type, text, problems } = readAll(
      latin(
        `{\\rtf1\\ansi\\ansicpg1251{\\fonttbl{\\f0 Times hidden;}}\\uc1 \\'cf\\u1088?ivet \\{x\\}\\par name\\cell iban\\cell\\row ${secret.slice(0, 8)}\\~${secret.slice(8)}}`,
      ),
    );
    expect(type).toBe('application/rtf');
    expect(text).toContain('Прivet {x}\nname\tiban\t\n');
    expect(text).toContain('DE893704 00440532013000');
    expect(text).not.toContain('hidden');
    expect(problems).toEqual([]);
  });

  test('an embedded object is unpacked', () => {
    const object = Buffer.from(
      `\0\0head%PDF-1.4\n1 0 obj << /Title (${secret}) >> endobj\n`,
      'latin1',
    ).toString('hex');
    expect(readAll(latin(`{\\rtf1{\\object{\\*\\objdata ${object}}}}`)).text).toContain(secret);
  });

  test('what is cut off says so', () => {
    expect(readAll(latin('{\\rtf1 {\\b text')).problems).toEqual(['corrupt']);
    expect(readAll(latin(`{\\rtf1 ${'{'.repeat(100_000)}`)).problems).toEqual(['corrupt']);
  });
});

describe('mail', () => {
  const mail = (headers: readonly string[], body: string): Uint8Array =>
    latin(
      `${['From: a@example.org', 'To: b@example.org', 'MIME-Version: 1.0', ...headers].join('\r\n')}\r\n\r\n${body}`,
    );

  test('headers, encoded words, quoted-printable and charset', () => {
    const { type, text } = readAll(
      mail(
        [
          'Subject: =?iso-8859-1?Q?M=FCller?= =?utf-8?B?w6Q=?=',
          'Content-Type: text/plain; charset=iso-8859-1',
          'Content-Transfer-Encoding: quoted-printable',
        ],
        'gr=FC=\r\n=DFe DE89=\r\n370400440532013000',
      ),
    );
    expect(type).toBe('message/rfc822');
    expect(text).toContain('subject: Mülleräx'.slice(0, -1));
    expect(text).toContain(`grüße ${secret}`);
  });

  test('parts, attachments within attachments, and what stands between', () => {
    const attached = Buffer.from(`PK no zip ${secret}`).toString('base64');
    const inner = `Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\nContent-Type: application/octet-stream; name*0="a b"; name*1=".bin"\r\nContent-Transfer-Encoding: base64\r\n\r\n${attached}\r\n--in--\r\n`;
    const { text, parts } = readAll(
      mail(
        ['Content-Type: multipart/mixed; boundary="o (x)"'],
        `before\r\n--o (x)\r\n${inner}\r\n--o (x)--\r\nbehind ${secret}1`,
      ),
    );
    expect(parts).toContain('a b.bin');
    expect(text).toContain(`PK no zip ${secret}`);
    expect(text).toContain(`behind ${secret}1`);
    expect(text).toContain('before');
  });

  test('an mbox, mail within mail, an endless one', () => {
    const one = Buffer.from(mail([], secret)).toString('latin1');
    expect(readAll(latin(`From x\r\n${one}\r\n\r\nFrom y\r\n${one}2`)).text).toContain(`${secret}2`);
    const nested = `${'Content-Type: message/rfc822\r\n\r\n'.repeat(200)}x`;
    expect(readAll(mail([nested.slice(0, 28)], nested)).problems).toContain('too_deep');
  });
});

describe('images', () => {
  const chunk = (type: string, body: Uint8Array): Uint8Array => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(body.length);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, body, Buffer.alloc(4)]);
  };
  const png = (...chunks: Uint8Array[]): Uint8Array =>
    Buffer.concat([latin('\x89PNG\r\n\x1a\n'), ...chunks, chunk('IEND', new Uint8Array())]);

  test('text chunks of a PNG, packed and not', () => {
    const packed = Buffer.concat([latin('Comment\0\0'), deflateSync(latin(secret))]);
    const { type, text, problems } = readAll(png(chunk('tEXt', latin('Author\0Ann')), chunk('zTXt', packed)));
    expect(type).toBe('image/png');
    expect(text).toContain('Author:Ann');
    expect(text).toContain(secret);
    expect(problems).toEqual([]);
    expect(readAll(png(chunk('tEXt', latin('A\0B'))).subarray(0, 22)).problems).toEqual(['corrupt']);
  });

  test('EXIF, comment and XMP of a JPEG', () => {
    const exif = Buffer.concat([
      latin('II*\0\x08\0\0\0\x01\0\x0e\x01\x02\0\x17\0\0\0\x1a\0\0\0\0\0\0\0'),
      latin(`${secret}\0`),
    ]);
    const segment = (marker: number, body: Uint8Array): Uint8Array =>
      Buffer.concat([Uint8Array.of(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255), body]);
    const { text, labels } = readAll(
      Buffer.concat([
        latin('\xff\xd8'),
        segment(0xe1, Buffer.concat([latin('Exif\0\0'), exif])),
        segment(0xfe, latin('by Ann')),
        segment(
          0xe1,
          latin(
            'http://ns\0<x:xmpmeta a:MSIP_Label_2096f6a2-d2f7-48be-b329-b73aaa526e5d_Name="Secret" ></x:xmpmeta>',
          ),
        ),
        latin('\xff\xda\xff\xd9'),
      ]),
    );
    expect(text).toContain(secret);
    expect(text).toContain('by Ann');
    expect(labels[0]?.name).toBe('secret');
  });

  test('comments of a GIF', () => {
    const gif = latin(`GIF89a\x01\0\x01\0\0\0\0!\xfe\x16${secret}\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x01\0\0;`);
    expect(readAll(gif)).toMatchObject({ type: 'image/gif', problems: [] });
    expect(readAll(gif).text).toContain(secret);
  });
});

describe('encodings', () => {
  const text = `name;iban\nJürgen;${secret}\n`;
  const utf32 = (little: boolean, mark: boolean): Uint8Array => {
    const points = [...(mark ? '\ufeff' : ''), ...text].map((one) => one.codePointAt(0) ?? 0);
    const bytes = Buffer.alloc(points.length * 4);
    for (const [index, point] of points.entries())
      if (little) bytes.writeUInt32LE(point, index * 4);
      else bytes.writeUInt32BE(point, index * 4);
    return bytes;
  };
  test.each([
    ['UTF-16LE with a mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16LE without', Buffer.from(text, 'utf16le')],
    ['UTF-16BE without', Buffer.from(text, 'utf16le').swap16()],
    ['UTF-32LE', utf32(true, true)],
    ['UTF-32BE without a mark', utf32(false, false)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['Latin 1', latin(text)],
  ])('%s', (name, bytes) => {
    const read = readAll(bytes);
    const type = name.startsWith('UTF-8') || name === 'Latin 1' ? 'text/csv' : 'text/plain';
    expect(read).toMatchObject({ type, problems: [] });
    expect(read.text).toContain(secret);
    if (name !== 'Latin 1') expect(read.text).toContain('Jürgen');
  });

  test('EBCDIC', () => {
    const code = (one: string): number => {
      if (one >= '0' && one <= '9') return 0xf0 + Number(one);
      if (one === ' ') return 0x40;
      return one >= 'A' && one <= 'I' ? 0xc1 + one.charCodeAt(0) - 65 : 0xd1;
    };
    const bytes = Uint8Array.from(
      ` ${secret} ACCOUNT HEAD OF A BIG FIG BED `.replaceAll(/[J-Z]/g, 'I'),
      code,
    );
    expect(readAll(bytes).text).toContain(secret);
  });

  test('what is no text and no known format is said to be that', () => {
    expect(readAll(Uint8Array.from({ length: 600 }, (_, i) => (i * 37) % 256)).problems).toEqual([
      'unsupported',
    ]);
    expect(readAll(latin('age-encryption.org/v1\n-> X25519')).problems).toEqual(['encrypted']);
    expect(readAll(latin('\x7fELF\0\0\0')).problems).toEqual([]);
  });
});
