/** Compiles core/dlp/wasm/kernel.as into the module that ships. A unit test holds the two together. */
import { readFileSync, writeFileSync } from 'node:fs';

const source = new URL('../core/dlp/wasm/kernel.as', import.meta.url);
const target = new URL('../core/dlp/src/scan/kernel-module.ts', import.meta.url);

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

/** The text of kernel-module.ts. Throws Error with what the compiler says. */
export async function kernelModule(): Promise<string> {
  const { compileString } = (await import(compiler)) as Compiler;
  const { error, binary, stderr } = await compileString(readFileSync(source, 'utf8'), {
    optimizeLevel: 3,
    shrinkLevel: 0,
    runtime: 'stub',
    noAssert: true,
    importMemory: true,
    enable: ['simd', 'bulk-memory'],
  });
  if (error || !binary) throw new Error(`kernel.as does not compile: ${stderr.toString()}`);
  const lines =
    Buffer.from(binary)
      .toString('base64')
      .match(/.{1,96}/g) ?? [];
  return [
    '/** Compiled from wasm/kernel.as by scripts/dlp-kernel.ts: do not edit. */',
    'export const kernelModule: string = [',
    ...lines.map((line) => `  '${line}',`),
    "].join('');",
    '',
  ].join('\n');
}

if (import.meta.main) writeFileSync(target, await kernelModule());
