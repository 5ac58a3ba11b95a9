/** What state a terminal is in, so that a line of ours goes only where lines are expected. */
import koffi from 'koffi';

// termios(3), Linux: four 32-bit words, of which the last holds the local modes.
const termiosBytes = 128;
const localModesAt = 12;
const ICANON = 0o2;
const TOSTOP = 0o400;

/** @returns a probe: is this terminal in line mode, and would writing to it never stop us as a background job? */
export function lineModeProbe(fd: number): () => boolean {
  const tcgetattr = koffi.load('libc.so.6').func('int tcgetattr(int, void*)') as unknown as (
    fd: number,
    into: Buffer,
  ) => number;
  const modes = Buffer.alloc(termiosBytes);
  return () => {
    if (tcgetattr(fd, modes) !== 0) return false;
    const local = modes.readUInt32LE(localModesAt);
    return (local & ICANON) !== 0 && (local & TOSTOP) === 0;
  };
}
