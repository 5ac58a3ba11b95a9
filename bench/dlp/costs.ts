/** Where the time goes: the detectors whose patterns take most of it, and how often they are tried. */
import { detectors } from '../../core/dlp/src/detectors/index.ts';
import { Scanner } from '../../core/dlp/src/scan/scanner.ts';
import type { Corpus } from './texts.ts';
import { bytesOf } from './texts.ts';

const shown = 15;

export function costs(all: readonly Corpus[]): string {
  const lines: string[] = [];
  for (const corpus of all) {
    const scanner = new Scanner({ detectors });
    const spent = scanner.plan.matchers.map(({ detector: { id } }) => ({ id, tries: 0, ms: 0 }));
    for (const [index, matcher] of scanner.plan.matchers.entries()) {
      const cost = spent[index] ?? { id: '', tries: 0, ms: 0 };
      const here = matcher.here.bind(matcher);
      const between = matcher.between.bind(matcher);
      matcher.here = (text, at) => timed(cost, () => here(text, at));
      matcher.between = (text, from, to, found) => timed(cost, () => between(text, from, to, found));
    }
    // The first round compiles the patterns.
    for (let round = 0; round < 2; round++) {
      for (const cost of spent) Object.assign(cost, { tries: 0, ms: 0 });
      for (const file of corpus.files) {
        const stream = scanner.open((bytes) => Buffer.from(bytes).toString('latin1'));
        stream.push(file);
        stream.end();
      }
    }
    const megabytes = bytesOf(corpus) / 1e6;
    lines.push(`${corpus.name}: ${megabytes.toFixed(1)} MB`);
    for (const { id, tries, ms } of spent.toSorted((a, b) => b.ms - a.ms).slice(0, shown)) {
      const each = ((ms / tries) * 1000).toFixed(1);
      lines.push(
        `  ${id.padEnd(32)} ${(ms / megabytes).toFixed(2).padStart(7)} ms/MB  ${String(tries).padStart(7)} tries  ${each} µs each`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

function timed<T>(cost: { tries: number; ms: number }, run: () => T): T {
  const started = performance.now();
  const result = run();
  cost.ms += performance.now() - started;
  cost.tries += 1;
  return result;
}
