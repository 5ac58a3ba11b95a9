/** Names of parts within parts, and problems as extractors yield them. */
import type { Extracted, Source } from '../document.ts';
import type { ProblemCode } from '../finding.ts';

export function partIn(part: string, name: string): string {
  return part === '' ? name : `${part}/${name}`;
}

export function problem(code: ProblemCode, part: string, detail: string): Extracted & { kind: 'problem' } {
  return { kind: 'problem', problem: { code, part, detail } };
}

/** A stretch of a source as a source. */
export function sliceOf(source: Source, from: number, to: number): Source {
  const end = Math.min(to, source.size);
  const size = Math.max(0, end - from);
  return { size, read: (at, length) => source.read(from + at, Math.max(0, Math.min(length, size - at))) };
}

/** Whether a name would leave the folder that an archive is unpacked into. */
export function leadsOut(name: string): boolean {
  return name.split(/[\\/]/).includes('..');
}
