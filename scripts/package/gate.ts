/** The gate, built for machines other than this one. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Throws with the compiler's words when it does not compile, and when the result is not what a package may carry. */
export function buildGate(root: string, out: string): void {
  const folder = path.join(root, 'runtime-plane/native');
  const flags = ['-s', '-Wl,--build-id=none', `-ffile-prefix-map=${folder}=.`];
  const { status, stderr } = spawnSync('sh', [path.join(folder, 'build.sh')], {
    encoding: 'utf8',
    env: { ...process.env, GATE_FLAGS: flags.join(' '), GATE_OUT: out },
  });
  if (status !== 0) throw new Error(`the gate does not compile:\n${stderr}`);
  const wrong = elfProblem(readFileSync(out));
  if (wrong) throw new Error(`${out}: ${wrong}`);
}

const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const SHT_SYMTAB = 2;

/**
 * A program that asks for a loader runs whatever library the machine has; one with symbols is larger for nothing.
 * Offsets: elf(5), 64-bit, little-endian.
 * @returns what is wrong with the file; undefined when it is a static, stripped program
 */
export function elfProblem(elf: Buffer): string | undefined {
  if (elf.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') return 'it is no 64-bit ELF file';
  const entries = (at: number, size: number, count: number): number[] =>
    Array.from({ length: elf.readUInt16LE(count) }, (_, index) => {
      return Number(elf.readBigUInt64LE(at)) + index * elf.readUInt16LE(size);
    });
  const segments = entries(32, 54, 56).map((at) => elf.readUInt32LE(at));
  if (segments.includes(PT_INTERP) || segments.includes(PT_DYNAMIC)) return 'it is not static';
  const sections = entries(40, 58, 60).map((at) => elf.readUInt32LE(at + 4));
  return sections.includes(SHT_SYMTAB) ? 'it is not stripped' : undefined;
}
