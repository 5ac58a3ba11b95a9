/** What this is measured beside. Peers are installed into a folder of their own, or named by the caller; absent ones are said. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export const versions = { secretlint: '12.2.0', officeparser: '7.8.0' } as const;

type Secretlint = {
  readonly lintSource: (request: {
    source: { filePath: string; content: string; ext: string; contentType: 'text' };
    options: { config: { rules: { id: string; rule: unknown }[] } };
  }) => Promise<unknown>;
};

type OfficeParser = {
  readonly OfficeParser?: { readonly parseOffice: (file: Buffer) => Promise<unknown> };
  readonly parseOffice?: (file: Buffer) => Promise<unknown>;
};

export type Peers = {
  readonly secretlint?: (text: string) => Promise<unknown>;
  readonly officeparser?: (file: Buffer) => Promise<unknown>;
  readonly gitleaks?: (files: readonly Buffer[]) => number;
  readonly absent: readonly string[];
  readonly [Symbol.dispose]: () => void;
};

/** @param install whether packages may be fetched from the registry */
export async function peers(install: boolean): Promise<Peers> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'chaperone-bench-dlp-'));
  const absent: string[] = [];
  const secretlint = await loaded('secretlint', () => secretlintIn(folder, install));
  const officeparser = await loaded('officeparser', () => officeparserIn(folder, install));
  const binary = process.env['GITLEAKS_BIN'];
  if (binary === undefined) absent.push('gitleaks, because GITLEAKS_BIN names no binary');
  return {
    ...(secretlint && { secretlint }),
    ...(officeparser && { officeparser }),
    ...(binary !== undefined && { gitleaks: (files: readonly Buffer[]) => gitleaks(binary, folder, files) }),
    absent,
    [Symbol.dispose]: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };

  async function loaded<T>(name: string, load: () => Promise<T>): Promise<T | undefined> {
    try {
      return await load();
    } catch (error) {
      absent.push(
        `${name}: ${(error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''}`,
      );
      return undefined;
    }
  }
}

async function installed(folder: string, install: boolean, packages: readonly string[]): Promise<void> {
  if (!install) throw new Error('--offline was given');
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  const { status } = spawnSync(
    'npm',
    ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', ...packages],
    {
      cwd: folder,
      stdio: 'ignore',
      timeout: 180_000,
    },
  );
  if (status !== 0) throw new Error('npm could not install it');
}

/** The module as a program in the folder would import it. */
async function imported(folder: string, name: string): Promise<unknown> {
  const entry = path.join(folder, `${name.replaceAll(/\W/g, '-')}.mjs`);
  writeFileSync(entry, `export * from '${name}';\n`);
  return import(pathToFileURL(entry).href);
}

async function secretlintIn(folder: string, install: boolean): Promise<(text: string) => Promise<unknown>> {
  const inner = path.join(folder, 'secretlint');
  spawnSync('mkdir', ['-p', inner]);
  const rule = '@secretlint/secretlint-rule-preset-recommend';
  await installed(inner, install, [
    `@secretlint/core@${versions.secretlint}`,
    `${rule}@${versions.secretlint}`,
  ]);
  const { lintSource } = (await imported(inner, '@secretlint/core')) as Secretlint;
  const { creator } = (await imported(inner, rule)) as { creator: unknown };
  const config = { rules: [{ id: rule, rule: creator }] };
  return (content) =>
    lintSource({
      source: { filePath: '/a.txt', content, ext: '.txt', contentType: 'text' },
      options: { config },
    });
}

async function officeparserIn(folder: string, install: boolean): Promise<(file: Buffer) => Promise<unknown>> {
  const inner = path.join(folder, 'officeparser');
  spawnSync('mkdir', ['-p', inner]);
  await installed(inner, install, [`officeparser@${versions.officeparser}`]);
  const module = (await imported(inner, 'officeparser')) as OfficeParser;
  const parse = module.OfficeParser?.parseOffice ?? module.parseOffice;
  if (parse === undefined) throw new Error('it exports no parseOffice');
  return parse;
}

/** Milliseconds on one processor over the files in a folder, start included. */
function gitleaks(binary: string, folder: string, files: readonly Buffer[]): number {
  const inner = mkdtempSync(path.join(folder, 'files-'));
  for (const [index, file] of files.entries()) writeFileSync(path.join(inner, `${index}.txt`), file);
  const started = performance.now();
  spawnSync(binary, ['dir', inner, '--no-banner', '--exit-code', '0', '--log-level', 'error'], {
    env: { ...process.env, GOMAXPROCS: '1' },
    stdio: 'ignore',
  });
  const ms = performance.now() - started;
  rmSync(inner, { recursive: true });
  return ms;
}
