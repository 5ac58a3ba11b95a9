/** What the kernel gives a session, from what was tried. */
import type { GateFacts, HostFacts, KernelProbe, SecurityFacts, SystemFacts } from './facts.ts';
import { blocks, type Finding, found } from './finding.ts';
import { triedGuarantees } from './guarantees.ts';
import { startContainer } from './namespaces.ts';
import { bootParameter, installCompiler, type Remedy, remedy, setting } from './remedy.ts';

const EOPNOTSUPP = 95;
const EBUSY = 16;

export function judgeKernel({ system, gate, kernel, security }: HostFacts): Finding[] {
  const findings = [judgeSystem(system), judgeGate(gate, system)];
  if (kernel === undefined) return findings;
  return [
    ...findings,
    judgeLandlock(kernel, security, system),
    judgeListener(kernel),
    judgeHandles(kernel, system),
    ...(kernel.memfd === 0
      ? [found('memory files', 'ok', 'Counters are shared with the gate.')]
      : [blocks('memory files', `memfd_create is refused (errno ${kernel.memfd}).`, outside)]),
    judgeTracing(kernel, security, system),
    ...judgeGuarantees(kernel, system),
  ];
}

const outside: Remedy = {
  text: 'Start chaperone outside of the sandbox or container that forbids it.',
  commands: [],
};
const newer = (version: string): Remedy => ({
  text: `Use a kernel from ${version} on.`,
  commands: [],
});

function judgeSystem({ platform, machine, kernel, distribution, wsl }: SystemFacts): Finding {
  const name = `Linux ${kernel} on ${machine}, ${distribution.name}${wsl ? ' in WSL' : ''}`;
  if (platform !== 'linux' || (machine !== 'x64' && machine !== 'arm64'))
    return blocks('system', `${platform} on ${machine}: chaperone run needs Linux on x86-64 or arm64.`);
  return found('system', 'ok', `${name}.`);
}

function judgeGate({ state, file, said, compiler }: GateFacts, system: SystemFacts): Finding {
  if (state === 'ready') return found('gate', 'ok', 'It is built and starts.');
  const build = remedy('Build it.', ['sh runtime-plane/native/build.sh'], { root: false });
  if (state === 'broken') return blocks('gate', `${file} cannot be started (${said ?? 'no answer'}).`, build);
  return blocks(
    'gate',
    `It is not built${compiler === undefined ? ', and there is no C compiler' : ''}; nothing below could be tried.`,
    compiler === undefined ? merge(installCompiler(system), build) : build,
  );
}

const merge = (one: Remedy, two: Remedy): Remedy => ({
  text: `${one.text} ${two.text}`,
  commands: [...one.commands, ...two.commands],
});

function judgeLandlock(kernel: KernelProbe, security: SecurityFacts, system: SystemFacts): Finding {
  const { landlock, landlock_errno: why, landlock_holds: holds } = kernel;
  if (landlock > 0 && holds === 0)
    return found('Landlock', 'ok', `ABI ${landlock}; a test domain refused what it must.`);
  if (landlock > 0)
    return blocks('Landlock', `ABI ${landlock}, but a test domain did not hold (errno ${holds}).`, outside);
  const off =
    why === EOPNOTSUPP || (security.bootModules !== undefined && !/\blandlock\b/.test(security.bootModules));
  if (!off)
    return blocks(
      'Landlock',
      'The kernel has none, or a filter hides it: there is no floor, so no session.',
      {
        text: 'Use a kernel from 5.14 on that is built with CONFIG_SECURITY_LANDLOCK, outside of sandboxes.',
        commands: [],
      },
    );
  const others = security.modules ??
    security.bootModules?.split(',') ?? ['lockdown', 'yama', 'integrity', 'apparmor'];
  // capability is always there and cannot be named.
  const list = ['landlock', ...others.filter((one) => one !== 'capability' && one !== 'landlock')].join(',');
  return blocks(
    'Landlock',
    'The kernel has it, but it was not enabled at boot: there is no floor, so no session.',
    bootParameter(`lsm=${list}`, 'Enable it at boot.', system),
  );
}

function judgeListener({ listener }: KernelProbe): Finding {
  if (listener === 0) return found('seccomp', 'ok', 'System calls can be held and answered.');
  if (listener === EBUSY)
    return blocks(
      'seccomp',
      'Somebody supervises this process already, and the kernel allows only one.',
      outside,
    );
  return blocks('seccomp', `System calls cannot be held (errno ${listener}).`, outside);
}

function judgeHandles(
  { pidfd_open: open, pidfd_getfd: get, listener }: KernelProbe,
  { container }: SystemFacts,
): Finding {
  if (open === 0 && get <= 0) return found('process handles', listener === 0 ? 'ok' : 'info', 'pidfd works.');
  const what = open === 0 ? `pidfd_getfd is refused (errno ${get})` : `pidfd_open is refused (errno ${open})`;
  // The usual filter of containers ties it to this capability.
  const inside = container === undefined ? outside : startContainer(container, ['--cap-add SYS_PTRACE']);
  return blocks('process handles', `${what}, and the gate needs it.`, inside);
}

/** The gate reads the arguments of held calls, and stops programs at their start. */
function judgeTracing(kernel: KernelProbe, { ptraceScope }: SecurityFacts, system: SystemFacts): Finding {
  const { read_memory: read, seize } = kernel;
  const yama = ptraceScope === undefined ? 'no Yama' : `Yama ptrace_scope ${ptraceScope}`;
  if (read === 0 && seize === 0) return found('tracing', 'ok', `Held calls can be read (${yama}).`);
  if (read === -1 && seize === -1) return found('tracing', 'info', `It could not be tried (${yama}).`);
  const means = `Held calls cannot be read (${yama}, errno ${read || seize}), so each would be refused.`;
  if (ptraceScope === 3)
    return blocks('tracing', means, {
      text: 'Remove kernel.yama.ptrace_scope=3 from /etc/sysctl.d and restart: it cannot be lowered before.',
      commands: ['grep -r ptrace_scope /etc/sysctl.conf /etc/sysctl.d'],
    });
  if (ptraceScope === 2)
    return blocks(
      'tracing',
      means,
      setting('kernel.yama.ptrace_scope', 1, 'Allow tracing one’s own children.', system),
    );
  return blocks('tracing', means, outside);
}

function judgeGuarantees(kernel: KernelProbe, { kernel: release }: SystemFacts): Finding[] {
  return triedGuarantees(kernel).map(({ check, kernel: version, landlock, adds, without, weight, holds }) => {
    const name = landlock === undefined ? version : `${version}, Landlock ${landlock}`;
    if (holds(kernel)) return found(check, 'ok', `${sentence(adds)} (Linux ${name}).`);
    const means = `Without ${adds}: ${without}. Linux ${name} has it; this is ${release}.`;
    if (weight === 'required') return blocks(check, means, newer(version));
    return weight === 'speed' ? found(check, 'info', means) : found(check, 'limited', means, newer(version));
  });
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
