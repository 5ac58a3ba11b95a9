/** Writes docs/reference/detectors.md from the detectors; a test compares the two. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Detector, detectors, type TextDetector, textDetectors } from '@chaperone/dlp';

const introduction = `# What is found in files

Each detector reports a *class*, which is what policies read in \`input.resource.classification\`, with a confidence: 85 high, 75
medium, 65 low, as in Microsoft Purview. \`classification\` holds the classes with confidence 75 or more; \`findings\` holds all of
them, with figures. The first figure below is for a value that
stands alone, the second for one that a word nearby or the header of its column supports; a dash means that it is not reported
alone. Words such as *test* or *example* nearby lower it, many different values in one table raise it.

What could not be read is a class, too: \`unread.encrypted\`, \`unread.corrupt\`, \`unread.unsupported\`, \`unread.too_large\`,
\`unread.too_large_unpacked\`, \`unread.suspicious_ratio\`, \`unread.too_many_entries\`, \`unread.too_deep\`, \`unread.timeout\`,
\`unread.mismatch\`, \`unread.unreadable\`.

This page is made by \`node scripts/detectors-reference.ts\`.
`;

/** The page, ending in a line break. */
export function detectorsReference(): string {
  const groups = new Map<string, string[]>();
  for (const one of [...detectors, ...textDetectors].toSorted((a, b) =>
    a.class < b.class ? -1 : a.class > b.class ? 1 : a.id < b.id ? -1 : 1,
  )) {
    const group = one.class.split('.')[0] ?? '';
    groups.set(group, [...(groups.get(group) ?? []), row(one)]);
  }
  const sections = [...groups].map(
    ([group, rows]) =>
      `## ${group}\n\n| class | detector | finds | alone | supported | format |\n|---|---|---|---|---|---|\n${rows.join('\n')}\n`,
  );
  return `${introduction}\n${sections.join('\n')}`;
}

function row(one: Detector | TextDetector): string {
  const [alone, supported] =
    'confidence' in one ? [one.confidence.alone || '–', one.confidence.supported] : ['', ''];
  const cells = [`\`${one.class}\``, `\`${one.id}\``, one.name, alone, supported, one.source];
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(new URL('../docs/reference/detectors.md', import.meta.url), detectorsReference());
