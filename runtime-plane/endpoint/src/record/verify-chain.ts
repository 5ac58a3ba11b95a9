/**
 * Walks one chain, line by line, and names the first line that is not what it was when it was written. Used for the
 * records of a session and for the register alike.
 */
import { type ChainedLine, genesis, isSignedBy, openLine, type Verifier } from './line.ts';

export type FaultCode =
  | 'altered'
  | 'dropped'
  | 'reordered'
  | 'inserted'
  | 'bad_signature'
  | 'session_missing'
  | 'session_unregistered'
  | 'tail_cut'
  | 'register_cut'
  | 'unreadable';

export type Fault = {
  readonly code: FaultCode;
  /** Undefined when the fault is in the register itself. */
  readonly session?: string;
  /** Number of the record that is wrong or missing. */
  readonly seq?: number;
  /** File name relative to the journal's directory. */
  readonly file?: string;
  /** Line in that file, from 1. */
  readonly line?: number;
  readonly message: string;
};

export type SourceLine = { readonly bytes: Buffer; readonly file: string; readonly line: number };

export type Walk = {
  /** The lines up to the first fault. */
  readonly lines: readonly ChainedLine[];
  readonly head: string;
  readonly fault?: Fault;
};

/**
 * @param isSigned whether a line must carry a signature, decided by its kind
 * @param onLine is called for each line that was checked
 */
export function walkChain(
  name: string,
  source: readonly SourceLine[],
  verifier: Verifier,
  isSigned: (line: ChainedLine) => boolean,
  onLine?: () => void,
): Walk {
  const lines: ChainedLine[] = [];
  let head = genesis(name);
  for (const [index, { bytes, file, line }] of source.entries()) {
    const expected = index + 1;
    const fail = (code: FaultCode, seq: number, message: string): Walk => ({
      lines,
      head,
      fault: { code, seq, file, line, message },
    });
    const opened = openLine(bytes);
    if (typeof opened === 'string')
      return fail('altered', expected, `record ${expected} was altered: ${opened}`);
    if (opened.seq !== expected) {
      const { code, message } = misplaced(opened.seq, expected, source.slice(index + 1));
      return fail(code, expected, message);
    }
    if (opened.prev !== head) {
      return index === 0
        ? fail('altered', 1, 'record 1 does not belong to this chain: its link is not the one of this name')
        : fail(
            'altered',
            expected - 1,
            `record ${expected - 1} was replaced: record ${expected} links to another one`,
          );
    }
    if (isSigned(opened) && !isSignedBy(bytes, verifier)) {
      return fail('bad_signature', expected, `record ${expected} is not signed by the key of this device`);
    }
    lines.push(opened);
    head = opened.hash;
    onLine?.();
  }
  return { lines, head };
}

/** The line is whole, but it is not the one that belongs here. */
function misplaced(
  found: number,
  expected: number,
  later: readonly SourceLine[],
): { code: FaultCode; message: string } {
  if (found < expected) {
    return { code: 'inserted', message: `a copy of record ${found} was inserted before record ${expected}` };
  }
  const isLater = later.some(({ bytes }) => {
    const opened = openLine(bytes);
    return typeof opened === 'object' && opened.seq === expected;
  });
  return isLater
    ? { code: 'reordered', message: `record ${expected} was moved: record ${found} stands in its place` }
    : {
        code: 'dropped',
        message:
          found - expected === 1
            ? `record ${expected} was removed`
            : `records ${expected} to ${found - 1} were removed`,
      };
}
