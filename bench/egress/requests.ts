/** Requests as bytes that are made once; only the letters that make each of them another one change. */

import { hostName } from './channel.ts';

/** The buffer is the same each time. */
export type Request = { readonly next: () => Buffer };

const letters = 8;
const mark = 'a'.repeat(letters);
const bodyBytes = 10_000;

/** @param folder `open`, or `closed`, which policies that look at paths deny */
export function getRequest(port: number, folder: 'open' | 'closed' = 'open'): Request {
  return counted(`${head(port, `GET /${folder}/${mark}?view=full`)}Accept: application/json\r\n\r\n`);
}

/** @param isPersonal with something in its body that a policy may want to keep */
export function postRequest(port: number, isPersonal = false): Request {
  const text = document(isPersonal);
  return counted(
    `${head(port, 'POST /open/orders')}Content-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
  );
}

export function downRequest(port: number, bytes: number): Buffer {
  return Buffer.from(`${head(port, `GET /bytes/${bytes}`)}\r\n`);
}

/** Without its body. */
export function upRequest(port: number, bytes: number): Buffer {
  return Buffer.from(
    `${head(port, 'POST /up')}Content-Type: application/octet-stream\r\nContent-Length: ${bytes}\r\n\r\n`,
  );
}

function head(port: number, line: string): string {
  return `${line} HTTP/1.1\r\nHost: ${hostName}:${port}\r\n`;
}

/** 10 KB, as a program would send it. */
function document(isPersonal: boolean): string {
  const note =
    'The parcel was left with the neighbour, who signed for it; the invoice follows by the end of the week.';
  const card = { name: 'Erika Mustermann', card: '4111 1111 1111 1111', expires: '11/29', cvc: '123' };
  const head = { batch: mark, payment: isPersonal ? card : 'none' };
  const items: unknown[] = [];
  for (let id = 0; JSON.stringify({ ...head, items }).length < bodyBytes; id += 1)
    items.push({ id, article: `chair, model ${id % 7}`, count: id % 5, note });
  return JSON.stringify({ ...head, items });
}

/** Letters and not digits, which could be somebody's number. */
function counted(text: string): Request {
  const bytes = Buffer.from(text, 'latin1');
  const at = bytes.indexOf(mark);
  let value = Math.floor(Math.random() * 26 ** 6);
  return {
    next() {
      value += 1;
      let rest = value;
      for (let index = letters - 1; index >= 0; index -= 1) {
        bytes[at + index] = 97 + (rest % 26);
        rest = Math.floor(rest / 26);
      }
      return bytes;
    },
  };
}
