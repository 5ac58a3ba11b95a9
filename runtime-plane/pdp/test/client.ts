/** Plain HTTP over a socket of its own, so that paths and bodies go out as they are. */
import { type IncomingHttpHeaders, request } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { SecureContextOptions } from 'node:tls';

export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
};

export type Asked = {
  readonly method?: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly socketPath?: string;
  readonly tls?: SecureContextOptions & {
    readonly rejectUnauthorized?: boolean;
    readonly servername?: string;
  };
};

export function ask(base: string, path: string, asked: Asked = {}): Promise<Answer> {
  const { method = asked.body === undefined ? 'GET' : 'POST', body, headers = {}, socketPath, tls } = asked;
  const url = socketPath === undefined ? new URL(base) : new URL('http://localhost');
  return new Promise((resolve, reject) => {
    const make = url.protocol === 'https:' ? secureRequest : request;
    const sent = make(
      {
        ...(socketPath === undefined
          ? { host: url.hostname.replaceAll(/[[\]]/g, ''), port: url.port }
          : { socketPath }),
        path,
        method,
        headers: {
          ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
          ...headers,
        },
        agent: false,
        ...tls,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes,
            text: bytes.toString('utf8'),
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** @returns the parsed body */
export async function askJson(base: string, path: string, asked?: Asked): Promise<unknown> {
  return JSON.parse((await ask(base, path, asked)).text) as unknown;
}
