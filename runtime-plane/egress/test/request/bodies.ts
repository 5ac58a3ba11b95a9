/** Bodies with values that are no secrets of anybody. */

/** Numbers that card networks publish for tests. */
export const cards = ['4111111111111111', '5555555555554444', '378282246310005', '6011111111111117'];

export const csv = `name,card number,amount\n${cards.map((card, at) => `Customer ${at},${card},${at * 10}`).join('\n')}\n`;

export const boundary = 'xYzZY';
export const multipartType = `multipart/form-data; boundary="${boundary}"`;

export function multipart(
  parts: readonly { readonly headers: string; readonly content: string | Buffer }[],
): Buffer {
  return Buffer.concat([
    ...parts.flatMap(({ headers, content }) => [
      Buffer.from(`--${boundary}\r\n${headers}\r\n\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
}
