/** Are we inside a session already? */
import { readFileSync } from 'node:fs';

/**
 * The kernel allows one supervisor: under a session's filter, a mark in the environment is only believed with it.
 * @returns the session's id
 */
export function currentSession(): string | undefined {
  const session = process.env['CHAPERONE_SESSION'];
  if (!session) return undefined;
  return /^Seccomp:\s*2$/m.test(readFileSync('/proc/self/status', 'utf8')) ? session : undefined;
}
