/** `chaperone net --follow`: the overview again and again on a terminal, new lines in a pipe. Ends with Ctrl-C. */
import { setTimeout as sleep } from 'node:timers/promises';
import { jsonForTerminal } from '@chaperone/protocol';
import { styleOf } from '../journal/table.ts';
import type { Item } from './items.ts';
import { tablePrinter } from './log.ts';
import { overviewLines, type OverviewOptions, Watch } from './overview.ts';

type Output = {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
};

const everyMs = 1_000;
const usualRows = 24;

/** Resolves when `signal` is aborted; without one, never. Throws CliError and JournalError. */
export async function followNetwork(
  dir: string,
  options: OverviewOptions & { readonly json?: boolean },
  output: Output,
  env: Readonly<Record<string, string | undefined>>,
  clock: () => number,
  signal?: AbortSignal,
): Promise<void> {
  const redraws = output.isTTY === true && env['TERM'] !== 'dumb' && !options.json;
  const watch = redraws ? redrawing(dir, options, output, env, clock) : appending(dir, options, output, env);
  while (!signal?.aborted) {
    watch();
    await sleep(everyMs, undefined, signal ? { signal } : {}).catch(() => {});
  }
}

function redrawing(
  dir: string,
  options: OverviewOptions,
  output: Output,
  env: Readonly<Record<string, string | undefined>>,
  clock: () => number,
): () => void {
  const watch = new Watch(dir, options);
  let drawn = 0;
  let width: number | undefined;
  return () => {
    watch.network.readNew();
    const style = styleOf(output, env);
    // A last line of its own keeps the cursor, so that nothing scrolls.
    const rows = (output.rows || usualRows) - 1;
    const { damaged } = watch.network;
    const note = damaged > 0 ? [`${damaged} lines are no records`] : [];
    const lines = [...overviewLines(watch.overview(), style, clock(), rows - note.length), ...note].slice(
      0,
      rows,
    );
    // Lines that a narrower terminal has broken cannot be counted.
    const back = width !== undefined && width !== style.width ? '\x1b[H' : drawn > 0 ? `\x1b[${drawn}F` : '';
    output.write(`${back}\x1b[J${lines.join('\n')}\n`);
    drawn = lines.length;
    width = style.width;
  };
}

/** What is there comes first: the live connections and the last denials. Then connections as they begin and end, and denials. */
function appending(
  dir: string,
  options: OverviewOptions & { readonly json?: boolean },
  output: Output,
  env: Readonly<Record<string, string | undefined>>,
): () => void {
  const printRow = tablePrinter(styleOf(output, env), (line) => output.write(`${line}\n`));
  const print = (item: Item): void => {
    if (options.json) output.write(`${jsonForTerminal(item)}\n`);
    else printRow({ time: item.time, item, under: [], more: 0 });
  };
  let isFirst = true;
  const hear = (item: Item): void => {
    if (!isFirst) print(item);
  };
  const watch = new Watch(dir, options, { opened: hear, ended: hear, denied: hear });
  return () => {
    watch.network.readNew();
    if (!isFirst) return;
    isFirst = false;
    const { live, denied } = watch.overview();
    [...denied, ...live].forEach(print);
  };
}
