/**
 * Adds to package-lock.json the optional packages of platforms that the registry in use does not carry. npm drops those
 * it cannot find, and `npm ci` then refuses the lock file everywhere. Run it after `npm install`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

type LockEntry = {
  version?: string;
  optionalDependencies?: Record<string, string>;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  dev?: boolean;
  optional?: boolean;
};
type Lock = { packages: Record<string, LockEntry> };

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8')) as Lock;
const platform =
  /(android|darwin|freebsd|openbsd|netbsd|linux|openharmony|win32|wasm32)-([a-z0-9]+)(?:-([a-z]+))?$/;

for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const match = platform.exec(name);
    if (!match || !/^[0-9.]+$/.test(version)) continue;
    if (lock.packages[`node_modules/${name}`] ?? lock.packages[`${parent}/node_modules/${name}`]) continue;
    const [, os = '', cpu = '', abi] = match;
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu: [os === 'wasm32' ? os : cpu],
      ...(dev ? { dev } : {}),
      ...(os === 'linux' && abi !== undefined ? { libc: [abi.includes('musl') ? 'musl' : 'glibc'] } : {}),
      optional: true,
      ...(os === 'wasm32' ? {} : { os: [os] }),
    };
    process.stdout.write(`added ${name}@${version}\n`);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
