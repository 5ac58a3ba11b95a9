/** Addresses to listen on. */
import { PdpError } from '../errors.ts';

export type Address = { readonly host: string; readonly port: number };

/** `HOST:PORT`, `[IPV6]:PORT`, `:PORT` for every interface. Throws PdpError. */
export function parseAddress(text: string): Address {
  const match = /^(?:https?:\/\/)?(?:\[([^\]]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535)
    throw new PdpError('bad_option', `${text} is no address; write HOST:PORT, for example 127.0.0.1:8181`);
  return { host: match[1] ?? match[2] ?? '', port };
}

/** Can only programs on this machine reach it? */
export function isLoopback({ host }: Address): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

export function showAddress({ host, port }: Address, isSecure: boolean): string {
  const shown = host === '' ? '0.0.0.0' : host.includes(':') ? `[${host}]` : host;
  return `${isSecure ? 'https' : 'http'}://${shown}:${port}`;
}
