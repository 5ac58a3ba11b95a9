/** From facts of hosts to what doctor says about them. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { HostFacts } from '../src/enforce/doctor/facts.ts';
import type { Finding } from '../src/enforce/doctor/finding.ts';
import { parseKernelProbe } from '../src/enforce/doctor/gather.ts';
import { parseDistribution } from '../src/enforce/doctor/gather-system.ts';
import { guaranteeTable, kernelGuarantees } from '../src/enforce/doctor/guarantees.ts';
import { selectIsolation } from '../src/enforce/doctor/isolation.ts';
import { judge } from '../src/enforce/doctor/judge.ts';
import { diagnoseNamespaces } from '../src/enforce/doctor/namespaces.ts';
import { tryProgram } from '../src/enforce/doctor/try.ts';
import { aHost, debian12, docker, fedora, ubuntu2404, ubuntu2504, wsl2 } from './doctor-hosts.ts';

const finding = (facts: HostFacts, check: string): Finding => {
  const one = judge(facts).findings.find((each) => each.check === check);
  if (!one) throw new Error(`doctor says nothing about ${check}`);
  return one;
};
const typed = (facts: HostFacts, check: string): string =>
  finding(facts, check).remedy?.commands.join('\n') ?? '';

test('[req: doctor:docs] docs/limits.md shows the table that doctor judges by', () => {
  const docs = readFileSync(new URL('../../../docs/limits.md', import.meta.url), 'utf8');
  expect(docs).toContain(`\n${guaranteeTable()}\n`);
  expect(kernelGuarantees.length).toBeGreaterThan(5);
});

describe('[req: doctor:remedy] hosts', () => {
  test('where all works, nothing is asked for', () => {
    for (const facts of [aHost(), fedora]) {
      expect(judge(facts).verdict).toEqual({ run: 'works', isolation: 'namespace', because: [], lost: [] });
      expect(judge(facts).findings.filter(({ result }) => result !== 'ok' && result !== 'info')).toEqual([]);
    }
  });

  test('Debian 12: the floor lacks what its kernel lacks, and the isolation is whole', () => {
    const { verdict, findings } = judge(debian12);
    expect(verdict).toMatchObject({ run: 'limited', isolation: 'namespace' });
    expect(verdict.lost.join('\n')).toMatch(/truncate.*\n.*TCP.*\n.*PIDFD_THREAD.*\n.*ioctls.*\n.*scopes/);
    expect(findings.filter(({ result }) => result === 'limited').map(({ check }) => check)).toEqual([
      'floor: truncate',
      'floor: TCP',
      'thread tables',
      'floor: devices',
      'floor: scopes',
    ]);
    // It is slower, and nothing is lost.
    expect(finding(debian12, 'quick wake-up').result).toBe('info');
    expect(finding(debian12, 'floor: TCP').means).toMatch(/6\.7.*this is 6\.1\.0/);
  });

  test('Ubuntu 24.04: a profile for bubblewrap alone', () => {
    expect(judge(ubuntu2404).verdict).toMatchObject({ run: 'limited', isolation: 'process' });
    expect(judge(ubuntu2404).verdict.lost[0]).toMatch(/network/);
    expect(finding(ubuntu2404, 'namespaces').means).toMatch(/AppArmor/);
    expect(typed(ubuntu2404, 'namespaces')).toMatch(
      /profile \S+ \/usr\/bin\/bwrap flags=\(unconfined\) \{\n\s+userns,/,
    );
    expect(typed(ubuntu2404, 'namespaces')).toMatch(/apparmor_parser -r \/etc\/apparmor\.d\//);
    expect(typed(ubuntu2404, 'namespaces')).not.toMatch(/disable/);
  });

  test('Ubuntu 25.04: the profile that strips capabilities goes first', () => {
    expect(judge(ubuntu2504).verdict).toMatchObject({ run: 'limited', isolation: 'process' });
    expect(typed(ubuntu2504, 'namespaces')).toMatch(
      /^sudo apparmor_parser -R .*bwrap-userns-restrict\n.*disable/,
    );
  });

  test('Docker: one command for the handle, one for namespaces, and no setting of the host', () => {
    const { verdict } = judge(docker);
    expect(verdict).toMatchObject({ run: 'impossible', because: ['process handles'] });
    expect(typed(docker, 'process handles')).toMatch(/^docker run --cap-add SYS_PTRACE /);
    expect(typed(docker, 'namespaces')).toMatch(/^docker run .*seccomp=unconfined/);
    const masked = "bwrap: Can't mount proc on /newroot/proc: Operation not permitted";
    const podman = aHost({ system: { container: 'podman' }, namespaces: { said: masked } });
    expect(typed(podman, 'namespaces')).toMatch(/^podman run --security-opt unmask=ALL/);
    expect(finding(podman, 'namespaces').means).toMatch(/hides parts of \/proc/);
  });

  test('WSL 2: its kernel is one to boot from Windows', () => {
    expect(judge(wsl2).verdict).toMatchObject({ run: 'limited', isolation: 'namespace' });
    const off = { ...wsl2, kernel: { ...aHost().kernel, landlock: 0, landlock_errno: 95 } } as HostFacts;
    expect(typed(off, 'Landlock')).toMatch(/kernelCommandLine=lsm=landlock,.*\nwsl --shutdown/);
  });

  test.each([
    [['fedora'], 'grubby --update-kernel=ALL --args=lsm=landlock,lockdown,yama'],
    [['ubuntu', 'debian'], 'update-grub'],
    [['arch'], 'grub-mkconfig'],
    [['opensuse-leap', 'suse'], 'grub2-mkconfig'],
  ])('Landlock that was not enabled at boot, on %j', (ids, command) => {
    const facts = aHost({
      system: { distribution: { ids, name: ids[0] ?? '' } },
      kernel: { landlock: 0, landlock_errno: 95, landlock_holds: -1 },
      security: { modules: ['lockdown', 'capability', 'yama'] },
    });
    expect(judge(facts).verdict).toMatchObject({ run: 'impossible', because: ['Landlock'] });
    expect(typed(facts, 'Landlock')).toContain(command);
    // Nothing of Landlock is judged where there is none.
    expect(judge(facts).findings.map(({ check }) => check)).not.toContain('floor: TCP');
  });

  test.each([
    [['debian'], 'sudo apt-get install bubblewrap'],
    [['linuxmint', 'ubuntu', 'debian'], 'sudo apt-get install bubblewrap'],
    [['rocky', 'rhel', 'centos', 'fedora'], 'sudo dnf install bubblewrap'],
    [['manjaro', 'arch'], 'sudo pacman -S bubblewrap'],
    [['opensuse-tumbleweed', 'opensuse', 'suse'], 'sudo zypper install bubblewrap'],
    [['alpine'], 'sudo apk add bubblewrap'],
    [['plan9'], ''],
  ])('no bubblewrap on %j', (ids, command) => {
    const facts = aHost({
      system: { distribution: { ids, name: 'X' } },
      namespaces: { bubblewrap: undefined },
    });
    expect(finding(facts, 'namespaces').result).toBe('missing');
    expect(typed(facts, 'namespaces')).toBe(command);
    expect(judge(facts).verdict).toMatchObject({ run: 'limited', isolation: 'process' });
  });

  test('root types no sudo', () => {
    const facts = aHost({ system: { root: true }, namespaces: { bubblewrap: undefined } });
    expect(typed(facts, 'namespaces')).toBe('apt-get install bubblewrap');
  });

  test.each([
    ['no_user_namespaces', { maxUserNamespaces: 0 }, 'sysctl -w user.max_user_namespaces=15000'],
    ['unprivileged_forbidden', { unprivilegedClone: 0 }, 'sysctl -w kernel.unprivileged_userns_clone=1'],
    ['confined', { confined: true }, ''],
    ['unknown', {}, 'dmesg'],
  ] as const)('namespaces: %s', (cause, given, command) => {
    const facts = aHost({ namespaces: { said: 'bwrap: No permissions', ...given } });
    expect(diagnoseNamespaces(facts.namespaces ?? expect.fail())?.cause).toBe(cause);
    expect(typed(facts, 'namespaces')).toContain(command);
    // A setting that forbids nothing that was tried is no finding.
    const works = aHost({ namespaces: given });
    expect(finding(works, 'namespaces').result).toBe('ok');
  });

  test('a root user is not told what holds for others only', () => {
    const given = { said: 'bwrap: no', maxUserNamespaces: 0, unprivilegedClone: 0, apparmorRestricted: 1 };
    const facts = aHost({ system: { root: true }, namespaces: { ...given, admin: false } });
    expect(diagnoseNamespaces(facts.namespaces ?? expect.fail())?.cause).toBe('root_without_capabilities');
  });

  test.each([
    [2, 'sysctl -w kernel.yama.ptrace_scope=1'],
    [3, 'grep'],
  ])('Yama ptrace_scope %i', (ptraceScope, command) => {
    const facts = aHost({ kernel: { read_memory: 1, seize: 1 }, security: { ptraceScope } });
    expect(judge(facts).verdict).toMatchObject({ run: 'impossible', because: ['tracing'] });
    expect(typed(facts, 'tracing')).toContain(command);
  });
});

describe('[req: doctor:remedy] the rest of a host', () => {
  test('no gate and no compiler: both are said, and nothing else is judged', () => {
    const { kernel: _, namespaces: __, ...rest } = aHost();
    const facts = { ...rest, gate: { file: '/g', state: 'missing', compiler: undefined } } as HostFacts;
    expect(judge(facts).verdict).toMatchObject({ run: 'impossible', because: ['gate'] });
    expect(typed(facts, 'gate')).toBe('sudo apt-get install gcc libc6-dev\nsh runtime-plane/native/build.sh');
  });

  test.each([
    [{ outcome: 'failed', problem: 'EROFS' }, 'missing', /EROFS/],
    [{ outcome: 'failed', problem: 'unsafe' }, 'missing', /Others can write/],
    [{ outcome: 'timed_out' }, 'missing', /does not end/],
  ] as const)('a journal that cannot be written: %j', (journal, result, means) => {
    const facts = aHost({ journal });
    expect(finding(facts, 'journal')).toMatchObject({ result, means: expect.stringMatching(means) });
    expect(judge(facts).verdict.because).toEqual(['journal']);
  });

  test('little space is a limit before it is an end', () => {
    for (const journal of [{ freeBytes: 1024 }, { freeFiles: 3 }]) {
      const facts = aHost({ journal });
      expect(finding(facts, 'space').result).toBe('limited');
      expect(judge(facts).verdict).toMatchObject({ run: 'limited', isolation: 'namespace' });
    }
    // Some file systems do not count files.
    expect(finding(aHost({ journal: { freeFiles: 0, totalFiles: 0 } }), 'space').result).toBe('ok');
  });

  test('a key that others can use, a clock from another century', () => {
    const key = { state: 'unusable', folder: '/s', problem: 'others can use the device key' } as const;
    expect(judge(aHost({ key })).verdict.because).toEqual(['device key']);
    expect(finding(aHost({ nowMs: 0 }), 'clock')).toMatchObject({ result: 'limited' });
  });

  test('inside a session nothing is promised', () => {
    const { kernel: _, namespaces: __, ...rest } = aHost({ limits: { session: 's-1', seccomp: 2 } });
    expect(judge(rest).verdict).toMatchObject({ run: 'joins' });
    expect(judge(rest).verdict.isolation).toBeUndefined();
  });

  test('a filter that takes the listener hides what depends on it', () => {
    const facts = aHost({
      kernel: { listener: 16, addfd: -1, addfd_send: -1, pidfd_getfd: -1, wait_killable: 16 },
    });
    expect(judge(facts).verdict.because).toEqual(['seccomp']);
  });
});

describe('[req: run:floor-demanded] the isolation that a policy demands', () => {
  const problem = diagnoseNamespaces(ubuntu2404.namespaces ?? expect.fail());

  test('is had or refused, with what to type', () => {
    expect(selectIsolation(undefined, 'namespace', () => undefined)).toEqual({ isolation: 'namespace' });
    const refused = selectIsolation(undefined, 'namespace', () => problem);
    expect(refused).toMatchObject({ refused: 'floor_too_weak' });
    expect('message' in refused && refused.message).toMatch(
      /demands namespace.*AppArmor|AppArmor.*demands namespace/,
    );
    expect('message' in refused && refused.message).toContain(problem?.remedy.commands.at(-1));
    expect(selectIsolation('process', 'namespace', () => undefined)).toMatchObject({
      refused: 'floor_too_weak',
    });
  });

  test('is never weaker than what was asked for', () => {
    expect(selectIsolation('namespace', 'process', () => problem)).toMatchObject({
      refused: 'floor_too_weak',
    });
    expect(selectIsolation('process', 'process', () => problem)).toEqual({ isolation: 'process' });
    expect(selectIsolation(undefined, 'process', () => problem)).toMatchObject({ isolation: 'process' });
  });

  test('decides the verdict', () => {
    const policy = { location: '/p', isolation: 'namespace', nesting: 'userns' } as const;
    expect(judge(aHost({ policy })).verdict.run).toBe('works');
    const here = { ...ubuntu2404, policy };
    expect(judge(here).verdict).toMatchObject({ run: 'impossible', because: ['policy'] });
    expect(finding(here, 'nested sandboxes').result).toBe('limited');
    expect(finding(ubuntu2404, 'nested sandboxes').result).toBe('info');
  });
});

test('[req: doctor:tries] a try that hangs ends, also when it left somebody behind', () => {
  const startedMs = performance.now();
  const tried = tryProgram('/bin/sh', ['-c', 'sleep 20 & sleep 20; echo late'], undefined, 300);
  expect(tried).toMatchObject({ works: false, timedOut: true, stdout: '' });
  expect(performance.now() - startedMs).toBeLessThan(10_000);
  expect(tryProgram('/no/such/program', []).said).toMatch(/ENOENT/);
  const slow = aHost({ namespaces: { timedOut: true, said: 'x' } });
  expect(judge(slow).verdict).toMatchObject({ run: 'limited', isolation: 'process' });
});

test('what the gate and os-release say is read as far as it is known', () => {
  expect(parseKernelProbe('{"landlock":3,"listener":0,"other":9,"addfd":"x"}')).toMatchObject({
    landlock: 3,
    listener: 0,
    addfd: -1,
    memfd: -1,
  });
  expect(parseKernelProbe('')).toBeUndefined();
  expect(parseKernelProbe('null')).toBeUndefined();
  const text = 'PRETTY_NAME="Rocky Linux 9.6"\nID="rocky"\nID_LIKE="rhel centos fedora"\n';
  expect(parseDistribution(text)).toEqual({
    ids: ['rocky', 'rhel', 'centos', 'fedora'],
    name: 'Rocky Linux 9.6',
  });
  expect(parseDistribution('')).toEqual({ ids: [], name: 'an unknown distribution' });
});
