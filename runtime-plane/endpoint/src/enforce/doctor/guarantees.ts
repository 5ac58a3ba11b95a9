/**
 * Which kernel brings which guarantee. doctor judges by it what was tried, and docs/limits.md shows it (a test keeps the
 * two equal): version numbers are for reading, never for deciding.
 */
import type { KernelProbe } from './facts.ts';

export type KernelGuarantee = {
  readonly check: string;
  /** The first release that has it. */
  readonly kernel: string;
  /** Landlock ABI version, where that is what brings it. */
  readonly landlock?: number;
  readonly adds: string;
  readonly without: string;
  /** `required`: no session without. `guarantee`: something is held by one layer instead of two, or works less well. */
  /** What must work for it to be tried at all. */
  readonly needs?: 'listener';
  readonly weight: 'required' | 'guarantee' | 'speed';
  readonly holds: (kernel: KernelProbe) => boolean;
};

const landlock =
  (version: number) =>
  (kernel: KernelProbe): boolean =>
    kernel.landlock >= version;

export const kernelGuarantees: readonly KernelGuarantee[] = [
  {
    check: 'file answers',
    kernel: '5.14',
    adds: 'ADDFD with SEND',
    without: 'no session',
    needs: 'listener',
    weight: 'required',
    holds: ({ addfd, addfd_send: send }) => addfd === 0 && send === 0,
  },
  {
    check: 'killable calls',
    kernel: '5.19',
    adds: 'WAIT_KILLABLE_RECV',
    without: 'handled signals restart held calls',
    needs: 'listener',
    weight: 'guarantee',
    holds: ({ wait_killable: killable }) => killable === 0,
  },
  {
    check: 'floor: truncate',
    kernel: '6.2',
    landlock: 3,
    adds: 'truncate in the floor',
    without: 'the gate alone decides truncation',
    weight: 'guarantee',
    holds: landlock(3),
  },
  {
    check: 'quick wake-up',
    kernel: '6.6',
    adds: 'SYNC_WAKE_UP',
    without: 'same answers, slower',
    needs: 'listener',
    weight: 'speed',
    holds: ({ sync_wake_up: sync }) => sync === 0,
  },
  {
    check: 'floor: TCP',
    kernel: '6.7',
    landlock: 4,
    adds: 'TCP connect in the floor',
    without: 'the gate and the network namespace',
    weight: 'guarantee',
    holds: landlock(4),
  },
  {
    check: 'thread tables',
    kernel: '6.9',
    adds: 'PIDFD_THREAD',
    without: 'threads with split descriptor tables are refused',
    weight: 'guarantee',
    holds: ({ pidfd_thread: thread }) => thread === 0,
  },
  {
    check: 'floor: devices',
    kernel: '6.10',
    landlock: 5,
    adds: 'device ioctls in the floor',
    without: "the filter's list",
    weight: 'guarantee',
    holds: landlock(5),
  },
  {
    check: 'floor: scopes',
    kernel: '6.12',
    landlock: 6,
    adds: 'signal and abstract socket scopes',
    without: 'signals are notified; PID and network namespaces',
    weight: 'guarantee',
    holds: landlock(6),
  },
];

/** What could be tried here: nothing of Landlock is worth a line of its own where there is none. */
export function triedGuarantees(kernel: KernelProbe): readonly KernelGuarantee[] {
  const answered = kernel.listener === 0 && kernel.pidfd_getfd === 0;
  return kernelGuarantees.filter(
    (one) => (one.landlock === undefined || kernel.landlock > 0) && (one.needs === undefined || answered),
  );
}

/** The table as docs/limits.md has it. */
export function guaranteeTable(): string {
  const rows = kernelGuarantees.map(
    ({ kernel, landlock: abi, adds, without }) =>
      `| ${kernel}${abi === undefined ? '' : ` (Landlock ${abi})`} | ${adds} | ${without} |`,
  );
  return ['| kernel | what it adds | without it |', '|---|---|---|', ...rows].join('\n');
}
