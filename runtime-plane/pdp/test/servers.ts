/** Servers for tests, on ports that the system chooses. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { defaultLimits, type Pdp, type PdpOptions, startPdp } from '../src/index.ts';

export type TestPdp = Pdp & { readonly url: string; readonly notices: readonly string[] };

/** A server on a loopback port, stopped when the test ends. */
export async function aPdp(options: Partial<PdpOptions> = {}): Promise<TestPdp> {
  const notices: string[] = [];
  const pdp = await startPdp({
    policies: [],
    data: [],
    places: [{ kind: 'tcp', address: { host: '127.0.0.1', port: 0 } }],
    authentication: 'off',
    authorization: 'off',
    readOnly: false,
    isV0: false,
    watch: false,
    decisionIds: false,
    limits: defaultLimits,
    version: '0.0.0',
    host: { now: () => Date.now() },
    onNotice: (line) => notices.push(line),
    ...options,
  });
  onTestFinished(() => pdp.stop(100));
  return { ...pdp, url: pdp.urls[0] ?? '', notices };
}

/** A folder with files, removed when the test ends. */
export function aFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdp-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}
