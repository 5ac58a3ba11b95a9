/** Zip archives, and the office formats that are zip archives. */
import type { Extracted, Extractor, Source } from '../document.ts';
import { sourceOf } from '../source.ts';
import { isOdf, odf } from './odf.ts';
import { isOoxml, ooxml } from './ooxml.ts';
import { partIn, problem } from './parts.ts';
import { localEntries, type ZipArchive, zipArchive } from './zip-archive.ts';
import { readDirectory, type ZipEntry } from './zip-directory.ts';

export const zip: Extractor = function* (source, part, depth, budget, unpack) {
  const directory = readDirectory(source, budget.limits.maxEntries);
  if (!directory) {
    if (depth === 0) yield { kind: 'type', type: 'application/zip' };
    yield problem('corrupt', part, 'has no directory; what lies in front of it was read');
    yield* localEntries(source, 0, part, depth, budget, unpack);
    return;
  }
  const archive = zipArchive(source, directory, part, budget);
  const office = { archive, part, depth, budget, unpack };
  if (isOoxml(directory.entries)) yield* ooxml(office);
  else if (isOdf(directory.entries)) yield* odf(office);
  else yield* files(source, part, depth, budget, unpack, archive);
  for (const wrong of directory.wrong) yield problem('corrupt', part, wrong);
  yield* twice(directory.entries, part);
  yield* archive.leftovers(unpack, depth);
};

/** Whether something that does not start as an archive is one all the same. */
export function endsAsZip(source: Source): boolean {
  return source.size > 22 && (readDirectory(source, 0)?.entries.length ?? 0) > 0;
}

/** Which of two entries of one name a reader takes is up to the reader. */
function* twice(entries: readonly ZipEntry[], part: string): Generator<Extracted> {
  const seen = new Set<string>();
  for (const { name } of entries) {
    if (seen.has(name)) yield problem('mismatch', partIn(part, name), 'is there twice');
    seen.add(name);
  }
}

/** An archive of files. */
function* files(
  ...[, part, depth, budget, unpack, archive]: [...Parameters<Extractor>, ZipArchive]
): Generator<Extracted> {
  const { directory } = archive;
  if (depth === 0) yield { kind: 'type', type: 'application/zip' };
  const names = directory.entries.map((entry) => entry.name).join('\n');
  yield { kind: 'text', part: partIn(part, '(names)'), text: new TextEncoder().encode(names) };
  if (directory.comment.length > 0)
    yield { kind: 'text', part: partIn(part, '(comment)'), text: directory.comment };
  for (const entry of directory.entries) {
    const over = budget.entry(part) ?? budget.late(part);
    if (over) {
      yield { kind: 'problem', problem: over };
      return;
    }
    const { data, problems } = archive.content(entry);
    yield* problems;
    if (data && data.length > 0) yield* unpack(sourceOf(data), partIn(part, entry.name), depth + 1);
  }
}
