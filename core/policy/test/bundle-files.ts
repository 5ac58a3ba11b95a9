/** Bundles for tests, also such as no writer would make. */
import type { BundleFile } from '../src/bundle/index.ts';

export function file(name: string, content: string | Uint8Array): BundleFile {
  return { name, bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content };
}

export type Entry = {
  readonly name: string;
  readonly content?: string;
  /** One character; a regular file when absent. */
  readonly type?: string;
  /** What the header claims. */
  readonly size?: number | string;
  readonly change?: (header: Uint8Array) => void;
};

/** A tar archive of whatever entries, with check sums that fit. */
export function tarOf(entries: readonly Entry[], end = 1024): Uint8Array {
  const blocks = entries.flatMap(({ name, content = '', type = '0', size, change }) => {
    const bytes = new TextEncoder().encode(content);
    const header = new Uint8Array(512);
    const put = (at: number, text: string): void => header.set(new TextEncoder().encode(text), at);
    put(0, name);
    put(100, '0000644\0');
    const claimed = size ?? bytes.length;
    put(124, typeof claimed === 'string' ? claimed : `${claimed.toString(8).padStart(11, '0')}\0`);
    put(148, '        ');
    put(156, type);
    put(257, 'ustar\x0000');
    change?.(header);
    const sum = header.reduce((total, byte) => total + byte, 0);
    put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
    return [header, bytes, new Uint8Array((512 - (bytes.length % 512)) % 512)];
  });
  return joined([...blocks, new Uint8Array(end)]);
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The code of the error that the promise is rejected with, and its message. */
export async function refusal(act: Promise<unknown>): Promise<string> {
  try {
    await act;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return `${String(error.code)}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}
