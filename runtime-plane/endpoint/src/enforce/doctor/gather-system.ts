/** Which machine this is, and what limits this process. */
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { release } from 'node:os';
import type { Distribution, LimitFacts, SecurityFacts, SystemFacts } from './facts.ts';
import { type Environment, readSetting, readText } from './try.ts';

const CAP_SYS_ADMIN = 21n;
/** Inode numbers of the first namespaces (PROC_*_INIT_INO of linux/proc_ns.h). */
const firstNamespaces = { pid: 'pid:[4026531836]', user: 'user:[4026531837]' } as const;

export function gatherSystem(environment: Environment): SystemFacts {
  const kernel = release();
  return {
    platform: process.platform,
    machine: process.arch,
    kernel,
    distribution: parseDistribution(readText('/etc/os-release') ?? readText('/usr/lib/os-release') ?? ''),
    root: process.getuid?.() === 0,
    container: containerOf(environment),
    wsl: /microsoft/i.test(kernel),
    node: process.versions.node,
  };
}

/** os-release(5): shell assignments. */
export function parseDistribution(text: string): Distribution {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, name, quoted = ''] = /^([A-Z_]+)=(.*)$/.exec(line.trim()) ?? [];
    if (name !== undefined) values.set(name, quoted.replace(/^(["'])(.*)\1$/, '$2'));
  }
  const ids = [values.get('ID') ?? '', ...(values.get('ID_LIKE') ?? '').split(' ')];
  return {
    ids: ids.filter((one) => one !== ''),
    name: values.get('PRETTY_NAME') ?? values.get('NAME') ?? 'an unknown distribution',
  };
}

/** Whether this process is in another namespace than the machine's first process. */
export function isNamespaced(kind: keyof typeof firstNamespaces): boolean {
  try {
    return readlinkSync(`/proc/self/ns/${kind}`) !== firstNamespaces[kind];
  } catch {
    return false;
  }
}

/** A machine that was made from an image of a container has its marks, and is none. */
function containerOf(environment: Environment): string | undefined {
  if (!isNamespaced('pid')) return undefined;
  if (existsSync('/run/.containerenv')) return 'podman';
  if (existsSync('/.dockerenv')) return 'docker';
  if (environment['KUBERNETES_SERVICE_HOST']) return 'kubernetes';
  // systemd and its likes name themselves: https://systemd.io/CONTAINER_INTERFACE
  const named = readText('/run/systemd/container')?.trim() ?? environment['container'];
  return named === undefined || named === '' || named === 'wsl' ? undefined : named;
}

const field = (status: string, name: string): string =>
  new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? '';
const mask = (status: string, name: string): bigint => {
  const digits = field(status, name);
  return /^[0-9a-f]+$/.test(digits) ? BigInt(`0x${digits}`) : 0n;
};

/** @param session the session that this runs in, when the kernel confirms it */
export function gatherLimits(session: string | undefined): LimitFacts {
  const status = readText('/proc/self/status') ?? '';
  const last = readSetting('kernel.cap_last_cap');
  const all = last === undefined ? 0n : (1n << BigInt(last + 1)) - 1n;
  // What the machine's first process lacks is not ours to miss. A session's first process is the gate, not to be looked at.
  const first = session === undefined ? mask(readText('/proc/1/status') ?? '', 'CapBnd') : 0n;
  const missing = (first === 0n ? all : first) & ~mask(status, 'CapBnd');
  return {
    session,
    seccomp: Number(field(status, 'Seccomp')),
    noNewPrivileges: field(status, 'NoNewPrivs') === '1',
    bounded: missing !== 0n,
  };
}

export function isAdmin(): boolean {
  return ((mask(readText('/proc/self/status') ?? '', 'CapEff') >> CAP_SYS_ADMIN) & 1n) === 1n;
}

export function gatherSecurity(): SecurityFacts {
  const modules = readText('/sys/kernel/security/lsm')?.trim();
  return {
    modules: modules === undefined || modules === '' ? undefined : modules.split(','),
    bootModules: /(?:^|\s)lsm=(\S+)/.exec(readText('/proc/cmdline') ?? '')?.[1],
    ptraceScope: readSetting('kernel.yama.ptrace_scope'),
  };
}

/**
 * Whether what holds `folder` lies on an encrypted block device (dm-crypt), or is an encrypted file system itself.
 * @returns undefined when what holds it is no block device
 */
export function isEncrypted(folder: string): boolean | undefined {
  const mounts = (readText('/proc/self/mountinfo') ?? '').split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , device = '', , where = ''] = before.split(' ');
    const [type = '', source = ''] = after.split(' ');
    return where !== '' && (where === '/' || folder === where || folder.startsWith(`${where}/`))
      ? [{ device, where, type, source }]
      : [];
  });
  // Of several on one place the last one shows.
  const holder = mounts.reduce<(typeof mounts)[number] | undefined>(
    (best, one) => (best === undefined || one.where.length >= best.where.length ? one : best),
    undefined,
  );
  if (holder === undefined) return undefined;
  if (/^(?:ecryptfs|fuse\.gocryptfs|fuse\.encfs)$/.test(holder.type)) return true;
  // Btrfs has numbers of its own; its device is named by the source.
  const name =
    deviceName(holder.device) ?? (holder.source.startsWith('/dev/') ? linkName(holder.source) : undefined);
  return name === undefined ? undefined : isCrypt(name, 0);
}

function deviceName(numbers: string): string | undefined {
  try {
    return readlinkSync(`/sys/dev/block/${numbers}`).split('/').at(-1);
  } catch {
    return undefined;
  }
}

function linkName(source: string): string {
  try {
    return readlinkSync(source).split('/').at(-1) ?? '';
  } catch {
    return source.slice('/dev/'.length);
  }
}

function isCrypt(name: string, depth: number): boolean {
  if (readText(`/sys/class/block/${name}/dm/uuid`)?.startsWith('CRYPT-')) return true;
  return depth < 8 && below(name).some((one) => isCrypt(one, depth + 1));
}

/** Volumes lie on others (LVM, RAID). */
function below(name: string): string[] {
  try {
    return readdirSync(`/sys/class/block/${name}/slaves`);
  } catch {
    return [];
  }
}
