/** What extractors say, in a form that is easy to compare. */
import type { Limits } from '../src/document.ts';
import { defaultLimits, extract } from '../src/documents/index.ts';
import { nodeDlpHost } from '../src/node/index.ts';
import { sourceOf } from '../src/source.ts';

export type Seen = {
  readonly type: string;
  /** By part. */
  readonly texts: Readonly<Record<string, string>>;
  readonly all: string;
  /** `code part`. */
  readonly problems: readonly string[];
  readonly labels: readonly { readonly name: string; readonly source: string }[];
};

export const host = nodeDlpHost();

export function seenIn(bytes: Uint8Array, limits: Partial<Limits> = {}): Seen {
  let type = '';
  const texts: Record<string, string> = {};
  const problems: string[] = [];
  const labels: { name: string; source: string }[] = [];
  for (const item of extract(sourceOf(bytes), host, { ...defaultLimits, ...limits })) {
    if (item.kind === 'type') type = item.type;
    else if (item.kind === 'text')
      texts[item.part] = (texts[item.part] ?? '') + new TextDecoder().decode(item.text);
    else if (item.kind === 'label') labels.push(item.label);
    else problems.push(`${item.problem.code} ${item.problem.part}`.trim());
  }
  return { type, texts, all: Object.values(texts).join('\n'), problems, labels };
}
