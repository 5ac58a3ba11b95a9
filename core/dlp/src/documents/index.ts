/** From bytes to texts: which format this is, and what lies within. */
import type { DlpHost, Extracted, Extractor, Limits, Source } from '../document.ts';
import { budgetOf } from './budget.ts';

export const defaultLimits: Limits = {
  maxBytes: 256 << 20,
  maxEntryBytes: 64 << 20,
  maxTotalBytes: 256 << 20,
  maxRatio: 200,
  maxEntries: 10_000,
  maxDepth: 4,
  maxMs: 10_000,
  maxFindings: 1_000,
};

const chunkBytes = 1 << 20;

/** Everything in a file that can be read as text, its labels, and what could not be read. */
export function extract(source: Source, host: DlpHost, limits: Limits = defaultLimits): Generator<Extracted> {
  const budget = budgetOf(host, limits);
  const unpack = (inner: Source, part: string, depth: number): Generator<Extracted> =>
    plainText(inner, part, depth, budget, unpack);
  return unpack(source, '', 0);
}

const plainText: Extractor = function* (source, part, depth, budget) {
  if (depth === 0) yield { kind: 'type', type: 'text/plain' };
  for (let at = 0; at < source.size; at += chunkBytes)
    yield { kind: 'text', part, text: source.read(at, chunkBytes) };
  const late = budget.late(part);
  if (late) yield { kind: 'problem', problem: late };
};
