/** Makes packages the same, byte for byte, whoever builds them and when. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, lutimesSync, readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * The time that every file in a package has, in seconds: SOURCE_DATE_EPOCH (reproducible-builds.org), else that of the
 * last commit. Throws when there is neither.
 */
export function sourceDate(root: string, env: Readonly<Record<string, string | undefined>>): number {
  const given = env['SOURCE_DATE_EPOCH'];
  const text =
    given ?? spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' }).stdout?.trim();
  if (!/^[0-9]{1,10}$/.test(text ?? ''))
    throw new Error('no time to give to the files: set SOURCE_DATE_EPOCH, or build in a git checkout');
  return Number(text);
}

/** Gives everything below a folder one time, and the modes of files that nobody's umask has touched. */
export function settle(folder: string, seconds: number): void {
  for (const entry of [...readdirSync(folder, { recursive: true, encoding: 'utf8' }), '.']) {
    const file = path.join(folder, entry);
    const stat = lstatSync(file);
    if (!stat.isSymbolicLink()) chmodSync(file, stat.isDirectory() || stat.mode & 0o100 ? 0o755 : 0o644);
    lutimesSync(file, seconds, seconds);
  }
}

/** @returns the folder as a tar archive, with its own name as the first part of every path */
export function tarOf(folder: string, seconds: number): Buffer {
  const owner = ['--owner=0', '--group=0', '--numeric-owner'];
  return execFileSync(
    'tar',
    ['--sort=name', '--format=ustar', `--mtime=@${seconds}`, ...owner, '-c', path.basename(folder)],
    { cwd: path.dirname(folder), maxBuffer: 1024 ** 3, env: { ...process.env, LC_ALL: 'C' } },
  );
}
