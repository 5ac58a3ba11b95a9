/** Compiles core/dlp/wasm/*.as into the modules that ship. A unit test holds them together. */
import { readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../core/dlp/', import.meta.url);

/** The module that each source becomes, from core/dlp. */
export const kernels = [
  { source: 'wasm/kernel.as', target: 'src/scan/kernel-module.ts', name: 'kernelModule' },
  { source: 'wasm/numbers.as', target: 'src/scan/numbers-module.ts', name: 'numbersModule' },
  { source: 'wasm/survey.as', target: 'src/survey-module.ts', name: 'surveyModule' },
  { source: 'wasm/documents.as', target: 'src/documents/kernel-module.ts', name: 'documentsModule' },
  { source: 'wasm/cues.as', target: 'src/detectors/people/cues-module.ts', name: 'cuesModule' },
] as const;

/** The part of the compiler that is used. Its own types redefine globals such as `console` for everyone. */
type Compiler = {
  readonly compileString: (
    source: string,
    options: Readonly<Record<string, unknown>>,
  ) => Promise<{
    readonly error: Error | null;
    readonly binary: Uint8Array | null;
    readonly stderr: { toString(): string };
  }>;
};

const compiler = 'assemblyscript/asc';

/** The text of `target`. Throws Error with what the compiler says. */
export async function moduleOf({ source, name }: (typeof kernels)[number]): Promise<string> {
  const { compileString } = (await import(compiler)) as Compiler;
  const { error, binary, stderr } = await compileString(readFileSync(new URL(source, root), 'utf8'), {
    optimizeLevel: 3,
    shrinkLevel: 0,
    runtime: 'stub',
    noAssert: true,
    importMemory: true,
    enable: ['simd', 'bulk-memory'],
  });
  if (error || !binary) throw new Error(`${source} does not compile: ${stderr.toString()}`);
  const lines =
    Buffer.from(binary)
      .toString('base64')
      .match(/.{1,96}/g) ?? [];
  return [
    `/** Compiled from ${source} by scripts/dlp-kernel.ts: do not edit. */`,
    `export const ${name}: string = [`,
    ...lines.map((line) => `  '${line}',`),
    "].join('');",
    '',
  ].join('\n');
}

if (import.meta.main)
  for (const one of kernels) writeFileSync(new URL(one.target, root), await moduleOf(one));
