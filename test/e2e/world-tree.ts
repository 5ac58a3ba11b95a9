/** What lies in a folder, as text that two runs can be compared by. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Names as bytes, kinds, modes, link targets and contents of all that is below a folder; no times and no owners. */
export function tree(folder: string): string[] {
  const visit = (at: Buffer, name: Buffer): string[] => {
    const file = Buffer.concat([at, Buffer.from('/'), name]);
    const stat = lstatSync(file);
    const what = stat.isSymbolicLink()
      ? `-> ${readlinkSync(file)}`
      : stat.isFile()
        ? createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16)
        : '';
    const line = `${file.toString('latin1')} ${stat.mode.toString(8)} ${stat.isFile() ? stat.nlink : ''} ${what}`;
    return [line, ...(stat.isDirectory() ? below(file) : [])];
  };
  const below = (at: Buffer): string[] =>
    readdirSync(at, { encoding: 'buffer' })
      .toSorted((a, b) => Buffer.compare(a, b))
      .flatMap((name) => visit(at, name));
  return below(Buffer.from(folder));
}
