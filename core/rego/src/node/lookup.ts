import { lookup } from 'node:dns/promises';
import type { Host } from '../host.ts';

/** Looks names up as programs on this machine do. Names with anything but letters, digits, dots and dashes are refused. */
export function nodeLookup(): NonNullable<Host['lookup']> {
  return async (name) => {
    if (!/^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})$/.test(name)) throw new Error('lookup: invalid name');
    try {
      const found = await lookup(name, { all: true });
      return found.map(({ address }) => address);
    } catch {
      throw new Error(`lookup ${name}: no such host`);
    }
  };
}
