/** The opening of WebSocket: RFC 6455 section 4. */
import { createHash } from 'node:crypto';
import type { Header } from './desk.ts';
import { Unreadable } from './errors.ts';
import { parseTokens } from './fields.ts';

export type Handshake = {
  /** What the far side has to answer. */
  readonly accept: string;
  readonly protocols: readonly string[];
  /** Names of the extensions that were offered. */
  readonly extensions: readonly string[];
};

/** @throws Unreadable when it is no opening */
export function parseHandshake(method: string, headers: readonly Header[], body: boolean): Handshake {
  const key = all(headers, 'sec-websocket-key');
  const version = all(headers, 'sec-websocket-version');
  const wrong =
    method !== 'GET'
      ? 'is no GET'
      : body
        ? 'has a body'
        : version.length !== 1 || version[0] !== '13'
          ? 'is not of version 13'
          : key.length !== 1 || !/^[A-Za-z0-9+/]{22}==$/.test(key[0] ?? '')
            ? 'has no key of 16 bytes'
            : undefined;
  if (wrong !== undefined) throw refused(`an opening of WebSocket ${wrong}`);
  return {
    accept: createHash('sha1').update(`${key[0]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64'),
    protocols: all(headers, 'sec-websocket-protocol').flatMap((value) =>
      value.split(',').map((one) => one.trim()),
    ),
    extensions: extensionNames(all(headers, 'sec-websocket-extensions')),
  };
}

/**
 * Checks the 101 of the far side.
 * @returns whether frames may be compressed
 * @throws Unreadable
 */
export function checkAnswer(
  headers: readonly Header[],
  connection: readonly Header[],
  { accept, protocols, extensions }: Handshake,
): boolean {
  const upgrade = all(connection, 'upgrade');
  if (upgrade.length !== 1 || upgrade[0]?.toLowerCase() !== 'websocket')
    throw refused('the far side changed to another protocol');
  if (!all(connection, 'connection').flatMap(parseTokens).includes('upgrade'))
    throw refused('the far side did not upgrade the connection');
  const accepted = all(headers, 'sec-websocket-accept');
  if (accepted.length !== 1 || accepted[0] !== accept) throw refused('the far side did not read our key');
  const protocol = all(headers, 'sec-websocket-protocol');
  if (protocol.length > 1 || (protocol[0] !== undefined && !protocols.includes(protocol[0])))
    throw refused('the far side chose a subprotocol that was not offered');
  const agreed = extensionNames(all(headers, 'sec-websocket-extensions'));
  if (agreed.some((name) => name !== 'permessage-deflate' || !extensions.includes(name)))
    throw refused('the far side chose an extension that was not offered or is not known');
  return agreed.length > 0;
}

function refused(why: string): Unreadable {
  return new Unreadable(why, 400, 'refused_upgrade');
}

function all(headers: readonly Header[], lower: string): string[] {
  return headers.filter(([name]) => name.toLowerCase() === lower).map(([, value]) => value);
}

/** Parameters may be quoted, but no quoted text of a known extension has a comma in it. */
function extensionNames(values: readonly string[]): string[] {
  return values
    .flatMap((value) => value.split(','))
    .map((one) => (one.split(';')[0] ?? '').trim().toLowerCase())
    .filter((name) => name !== '');
}
