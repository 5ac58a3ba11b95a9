/** How far something is, on one line of a terminal that goes away again. A pipe or a log gets nothing. */

/** Whoever waits for less wants an answer, not a progress. */
const quietMs = 1000;
const everyMs = 100;

export type ProgressLine = Disposable & {
  /** @param text ours alone: it is printed as it stands */
  say(text: string): void;
  clear(): void;
};

/** @param clock milliseconds from any start */
export function progressLine(
  stream: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown },
  env: Readonly<Record<string, string | undefined>>,
  clock: () => number,
): ProgressLine {
  const shown = stream.isTTY === true && env['TERM'] !== 'dumb';
  let nextMs = clock() + quietMs;
  let isThere = false;
  const clear = (): void => {
    if (isThere) stream.write('\r\x1b[K');
    isThere = false;
  };
  return {
    say(text) {
      if (!shown || clock() < nextMs) return;
      nextMs = clock() + everyMs;
      isThere = true;
      // A line that wraps could not be taken back.
      stream.write(`\r\x1b[K${text.slice(0, (stream.columns ?? 80) - 1)}`);
    },
    clear,
    [Symbol.dispose]: clear,
  };
}
