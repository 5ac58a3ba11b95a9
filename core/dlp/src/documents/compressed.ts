/** Single compressed files, and the formats that are recognised but not read. */
import type { Extractor } from '../document.ts';
import { sourceOf } from '../source.ts';
import { partIn, problem } from './parts.ts';

const compressed = (format: 'gzip' | 'zstd'): Extractor =>
  function* (source, part, depth, budget, unpack) {
    const most = Math.max(1, budget.left());
    const read = budget.host.inflate(format, source.read(0, source.size), most);
    if (!read.ok && read.why === 'too_large') {
      const isBomb = most > source.size * budget.limits.maxRatio;
      yield problem(isBomb ? 'suspicious_ratio' : 'too_large', part, `unpacks to more than ${most} bytes`);
    } else if (!read.ok) yield problem('corrupt', part, 'could not be unpacked to its end');
    else if (read.used < source.size) {
      const rest = source.read(read.used, source.size - read.used);
      if (!rest.every((byte) => byte === 0)) {
        yield problem('mismatch', part, 'something follows behind its end');
        yield { kind: 'text', part: partIn(part, '(behind the end)'), text: rest };
      }
    }
    const over = budget.spend(part, read.data.length, source.size) ?? budget.late(part);
    if (over) yield { kind: 'problem', problem: over };
    // RFC 1952: a comment and further fields stand in front of the data.
    const head = source.read(0, 4096);
    if (format === 'gzip' && ((head[3] ?? 0) & 0x14) !== 0)
      yield { kind: 'text', part: partIn(part, '(header)'), text: head, isView: true };
    if (read.data.length > 0) yield* unpack(sourceOf(read.data), partIn(part, '(content)'), depth + 1);
  };

export const gzip = compressed('gzip');
export const zstd = compressed('zstd');

/** Says that it cannot be read. Its bytes say nothing. */
export const unread = (name: string): Extractor =>
  function* (_source, part) {
    yield problem('unsupported', part, `is ${name}, which is not read`);
  };
