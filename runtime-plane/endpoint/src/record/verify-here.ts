/** Verifies with what this device knows: its own key, and how far it had written this journal. */
import { findDeviceKey } from './device-key.ts';
import { JournalError } from './errors.ts';
import { listSessions, readRegister } from './read.ts';
import { readHighWaterMark } from './register.ts';
import { type JournalReport, keyInRegister, verifyJournal, type VerifyOptions } from './verify.ts';

/**
 * A journal that this device wrote must carry this device's signatures, whatever key it names itself. One that came
 * from another device is checked with the key it names; only `keyId`, learned elsewhere, makes that key trusted.
 *
 * @param keyId id of the key the caller expects
 * Throws JournalError.
 */
export function verifyHere(
  dir: string,
  stateDir: string,
  keyId?: string,
  progress: VerifyOptions['progress'] = () => {},
): JournalReport {
  // Says that the directory cannot be read before anything asks for details of it.
  listSessions(dir);
  const named = keyInRegister(readRegister(dir) ?? { lines: [], tornBytes: 0 });
  if (keyId !== undefined) {
    if (named?.id === keyId) return verifyJournal(dir, { publicKey: named, progress });
    throw new JournalError(
      'unreadable',
      `${dir} is signed with ${named ? `the key ${named.id}` : 'no key'}, not with ${keyId}`,
    );
  }
  const own = findDeviceKey(stateDir);
  const highWaterMark = readHighWaterMark(stateDir, dir);
  if (own && (highWaterMark || named?.id === own.id)) {
    return verifyJournal(dir, { publicKey: own, progress, ...(highWaterMark ? { highWaterMark } : {}) });
  }
  return verifyJournal(dir, { progress });
}
