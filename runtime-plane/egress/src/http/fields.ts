/** Header fields: RFC 9110 section 5, RFC 9112 section 5, without what either of them only tolerates. */
import type { Header } from './desk.ts';
import { Unfit, Unreadable } from './errors.ts';

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const NOT_IN_VALUES = /[^\t\x20-\x7e\x80-\xff]/;
const SPACE = 0x20;
const TAB = 0x09;

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/**
 * @param text a head in Latin-1, each line with its CRLF, without the empty line at its end
 * @param at where the first field line begins
 * @throws Unreadable
 */
export function parseFields(text: string, at: number, max: number): Header[] {
  const fields: Header[] = [];
  while (at < text.length) {
    const end = text.indexOf('\r\n', at);
    fields.push(parseField(text, at, end));
    if (fields.length > max) throw new Unreadable(`more than ${max} headers`, 431);
    at = end + 2;
  }
  return fields;
}

function parseField(text: string, at: number, end: number): Header {
  const first = text.charCodeAt(at);
  if (first === SPACE || first === TAB) throw new Unreadable('a header continued on the next line');
  const colon = text.indexOf(':', at);
  if (colon < 0 || colon >= end) throw new Unreadable('a header without a colon');
  const name = text.slice(at, colon);
  if (!TOKEN.test(name)) throw new Unreadable('the name of a header is no token');
  const value = trim(text, colon + 1, end);
  if (NOT_IN_VALUES.test(value)) throw new Unreadable('the value of a header has control characters');
  return [name, value];
}

function trim(text: string, from: number, to: number): string {
  let code;
  while (from < to && ((code = text.charCodeAt(from)) === SPACE || code === TAB)) from += 1;
  while (to > from && ((code = text.charCodeAt(to - 1)) === SPACE || code === TAB)) to -= 1;
  return text.slice(from, to);
}

/** @returns the elements of a comma-separated list of tokens, in lower case. @throws Unreadable */
export function parseTokens(value: string): string[] {
  const tokens: string[] = [];
  for (const part of value.split(',')) {
    const token = part.trim().toLowerCase();
    if (token === '') continue;
    if (!TOKEN.test(token)) throw new Unreadable('a list of tokens has something else in it');
    tokens.push(token);
  }
  return tokens;
}

/** Decimal digits, at most as many as are exact. @throws Unreadable */
export function parseLength(value: string): number {
  if (!/^[0-9]{1,15}$/.test(value)) throw new Unreadable('Content-Length is not one number');
  return Number(value);
}

/** Of one connection and not of the message; and what frames it, which is ours to say. */
export function isOfConnection(lower: string): boolean {
  switch (lower) {
    case 'connection':
    case 'content-length':
    case 'expect':
    case 'http2-settings':
    case 'keep-alive':
    case 'proxy-authenticate':
    case 'proxy-authentication-info':
    case 'proxy-authorization':
    case 'proxy-connection':
    case 'te':
    case 'trailer':
    case 'transfer-encoding':
    case 'upgrade':
      return true;
    default:
      return false;
  }
}

/** Headers as a desk gave them. @throws Unfit when they would not be read as the same headers */
export function assertWritable(headers: readonly Header[]): readonly Header[] {
  for (const [name, value] of headers)
    if (!TOKEN.test(name) || NOT_IN_VALUES.test(value)) throw new Unfit('a header that cannot be written');
  return headers.filter(([name]) => !isOfConnection(name.toLowerCase()));
}

export function writeFields(headers: readonly Header[]): string {
  let text = '';
  for (const [name, value] of headers) text += `${name}: ${value}\r\n`;
  return text;
}
