/** Heads of responses. What the far side says is as hostile as what the agent says. */
import type { Header, ResponseHead } from './desk.ts';
import { Unreadable } from './errors.ts';
import { isOfConnection, parseFields, parseLength, parseTokens } from './fields.ts';
import type { Http1Limits } from './limits.ts';

export type BodyKind = 'none' | 'length' | 'chunked' | 'close';

export type ParsedResponse = {
  /** Without what is of the connection. */
  readonly head: ResponseHead;
  /** What is of the connection. */
  readonly connection: readonly Header[];
  readonly body: BodyKind;
  /** As given; also where there is no body, as in an answer to HEAD. */
  readonly length: number | undefined;
  /** The far side sends nothing after this. */
  readonly last: boolean;
};

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9][0-9][0-9])(?: [\t\x20-\x7e\x80-\xff]*)?$/;

/**
 * @param text Latin-1, without the empty line at its end
 * @param method of the request
 * @throws Unreadable
 */
export function parseResponse(text: string, method: string, limits: Http1Limits): ParsedResponse {
  const lineEnd = text.indexOf('\r\n');
  const line = STATUS_LINE.exec(text.slice(0, lineEnd));
  if (!line) throw new Unreadable('the response begins with no status line');
  const status = Number(line[2]);
  const fields = parseFields(text, lineEnd + 2, limits.headers);
  const connection = fields.filter(([name]) => isOfConnection(name.toLowerCase()));
  let length: number | undefined;
  let chunked = false;
  const tokens: string[] = [];
  for (const [name, value] of connection) {
    switch (name.toLowerCase()) {
      case 'content-length':
        if (length !== undefined) throw new Unreadable('a response with more than one Content-Length');
        length = parseLength(value);
        break;
      case 'transfer-encoding':
        if (chunked || value.toLowerCase() !== 'chunked')
          throw new Unreadable('a response with another Transfer-Encoding than chunked');
        chunked = true;
        break;
      case 'connection':
        tokens.push(...parseTokens(value));
        break;
    }
  }
  if (chunked && length !== undefined)
    throw new Unreadable('a response with Content-Length and Transfer-Encoding');
  if (chunked && line[1] === '0') throw new Unreadable('a response with Transfer-Encoding in HTTP/1.0');
  const named = tokens.filter((token) => token !== 'close' && token !== 'keep-alive');
  const headers = fields.filter(([name]) => {
    const lower = name.toLowerCase();
    return !isOfConnection(lower) && !named.includes(lower);
  });
  const empty = method === 'HEAD' || status < 200 || status === 204 || status === 304;
  const body = empty ? 'none' : chunked ? 'chunked' : length === undefined ? 'close' : 'length';
  const kept = line[1] === '1' ? !tokens.includes('close') : tokens.includes('keep-alive');
  return { head: { status, headers }, connection, body, length, last: !kept || body === 'close' };
}
