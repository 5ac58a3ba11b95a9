import type { Budget, DlpHost, Limits } from '../document.ts';
import type { Problem, ProblemCode } from '../finding.ts';

const ratioFrom = 1 << 20;

/** What all extractors of one file may spend together. */
export function budgetOf(host: DlpHost, limits: Limits): Budget {
  const until = host.now() + limits.maxMs;
  let total = 0;
  let entries = 0;
  const problem = (code: ProblemCode, part: string, detail: string): Problem => ({ code, part, detail });
  return {
    host,
    limits,
    origins: false,
    spend(part, bytes, packed) {
      total += bytes;
      if (total > limits.maxTotalBytes)
        return problem('too_large_unpacked', part, `more than ${limits.maxTotalBytes} bytes unpacked`);
      if (bytes > ratioFrom && bytes > packed * limits.maxRatio)
        return problem('suspicious_ratio', part, `unpacks to more than ${limits.maxRatio} times its size`);
      return undefined;
    },
    entry(part) {
      entries += 1;
      if (entries <= limits.maxEntries) return undefined;
      return problem('too_many_entries', part, `more than ${limits.maxEntries} entries`);
    },
    late(part) {
      if (host.now() <= until) return undefined;
      return problem('timeout', part, `not read within ${limits.maxMs} ms`);
    },
    left: () => Math.min(limits.maxEntryBytes, limits.maxTotalBytes - total),
  };
}
