/** Has the programs of a session trust its authority, where a rule may look inside of requests. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { SessionError } from './enforce/errors.ts';
import { type Trust, trustFor, type TrustOptions } from './enforce/trust.ts';
import type { SessionEgress } from './session-egress.ts';

/** Beside the session's denials: what lies there can be read and not changed by it. */
export function trustFolder(denials: string | undefined): string | undefined {
  return denials === undefined ? undefined : path.join(path.dirname(denials), 'trust');
}

const none: Trust = { environment: {}, mounts: [], readable: [], notes: [] };

/**
 * @param folder absent where the floor leaves no place for it: then programs see a certificate that they do not know
 * Rejects with SessionError when there is nobody through whom anything could leave.
 */
export async function openTrust(
  egress: SessionEgress,
  folder: string | undefined,
  options: Omit<TrustOptions, 'authority' | 'folder'>,
): Promise<Trust> {
  if (folder === undefined) return none;
  try {
    const authority = await egress.authority();
    mkdirSync(folder, { mode: 0o700 });
    return trustFor({ ...options, authority, folder });
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new SessionError('launch_failed', `the session has no way out: ${what}`, { cause: error });
  }
}
