/**
 * Chromium and its kin have authorities of their own and take others from the policies of the machine's owner (`CACertificates`). In
 * the session the folder of these policies is a copy with one more.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Mount, realFolder } from './mount.ts';

const folders = ['/etc/chromium', '/etc/chromium-browser', '/etc/opt/chrome', '/etc/opt/edge', '/etc/brave'];

/** A folder that cannot be copied stays as it is: that browser then refuses what is opened. */
export function browserMounts(folder: string, authority: string, known = folders): Mount[] {
  return [...new Set(known.flatMap(realFolder))].flatMap((target, index): Mount[] => {
    const source = path.join(folder, `browser-${index}`);
    try {
      cpSync(target, source, { recursive: true, verbatimSymlinks: true });
      const managed = path.join(source, 'policies/managed');
      mkdirSync(managed, { recursive: true });
      const all = [...ownersAuthorities(managed), authority.replaceAll(/-----[^-]+-----|\s/g, '')];
      // Of several files that say the same thing, the last one in the order of their names counts.
      writeFileSync(path.join(managed, 'zzzz-chaperone.json'), JSON.stringify({ CACertificates: all }));
      return [{ source, target }];
    } catch {
      return [];
    }
  });
}

function ownersAuthorities(managed: string): string[] {
  return readdirSync(managed)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const policy: unknown = JSON.parse(readFileSync(path.join(managed, name), 'utf8'));
      const given =
        typeof policy === 'object' && policy !== null && 'CACertificates' in policy
          ? policy.CACertificates
          : [];
      return Array.isArray(given) ? given.filter((one) => typeof one === 'string') : [];
    });
}
