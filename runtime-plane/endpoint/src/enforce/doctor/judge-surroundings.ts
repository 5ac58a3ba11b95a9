/** Namespaces, records and the rest of the machine. */
import type { DesktopFacts, HostFacts, JournalFacts, KeyFacts, LimitFacts } from './facts.ts';
import { blocks, type Finding, found } from './finding.ts';
import { diagnoseNamespaces } from './namespaces.ts';
import { remedy } from './remedy.ts';

const MiB = 1024 * 1024;
/** Less than this is a day of a busy agent's records. */
const littleSpace = 256 * MiB;
const littleFiles = 100;
/** Before this program existed. */
const tooEarlyMs = Date.UTC(2026, 0, 1);

export function judgeNamespaces({ namespaces, kernel, policy, system }: HostFacts): Finding[] {
  if (namespaces === undefined) return [];
  const problem = diagnoseNamespaces(namespaces);
  const main =
    problem === undefined
      ? found(
          'namespaces',
          'ok',
          `${namespaces.bubblewrap ?? 'bubblewrap'} made them, with a network of their own.`,
        )
      : found(
          'namespaces',
          problem.cause === 'no_bubblewrap' ? 'missing' : 'limited',
          `${problem.what}. Sessions share mounts, processes and network with you.`,
          problem.remedy,
        );
  if (kernel === undefined) return [main];
  const demanded = policy !== undefined && 'nesting' in policy && policy.nesting !== 'none';
  const works = kernel.user_namespace === 0;
  const nested = works
    ? found('nested sandboxes', 'ok', 'A policy with nesting "userns" lets Chromium build its own.')
    : found(
        'nested sandboxes',
        demanded ? 'limited' : 'info',
        `User namespaces are refused (errno ${kernel.user_namespace}): nesting "userns" gives an agent nothing here.`,
        system.root ? undefined : problem?.remedy,
      );
  return [main, nested];
}

export function judgeLimits({ limits, kernel }: Pick<HostFacts, 'limits' | 'kernel'>): Finding {
  const { session, seccomp, noNewPrivileges, bounded }: LimitFacts = limits;
  if (session !== undefined)
    return found(
      'inside',
      'limited',
      'This is inside a session: chaperone run joins it, and its policy decides.',
      {
        text: 'For another policy, and to try what this host can do, use a shell outside of the session.',
        commands: [],
      },
    );
  const signs = [
    ...(seccomp === 2 ? ['a seccomp filter'] : []),
    ...(noNewPrivileges ? ['no_new_privs'] : []),
    ...(bounded ? ['fewer capabilities'] : []),
    // Whoever has a user namespace of its own may mount, except in a Landlock domain.
    ...(kernel?.user_namespace === 0 && kernel.mount !== 0 ? ['a Landlock domain'] : []),
  ];
  return signs.length === 0
    ? found('inside', 'ok', 'No other sandbox limits this process.')
    : found('inside', 'info', `Something limits this process already: ${signs.join(', ')}.`);
}

export function judgeRecords({ journal, key, nowMs, kernel, system }: HostFacts): Finding[] {
  return [
    ...(journal ? [judgeJournal(journal), ...judgeSpace(journal)] : []),
    ...(key ? [judgeKey(key)] : []),
    nowMs < tooEarlyMs
      ? found(
          'clock',
          'limited',
          `It shows ${new Date(nowMs).toISOString().slice(0, 10)}: records get wrong times.`,
          remedy('Set it.', ['sudo timedatectl set-ntp true'], system),
        )
      : found(
          'clock',
          kernel?.clock_synchronised === 0 ? 'info' : 'ok',
          clockText(kernel?.clock_synchronised),
        ),
  ];
}

function clockText(synchronised: number | undefined): string {
  if (synchronised === 1) return 'It is synchronised.';
  if (synchronised === 0) return 'Nobody has told the kernel that it is synchronised; records take its time.';
  return 'It is plausible.';
}

function judgeJournal({ folder, tried, outcome, problem }: JournalFacts): Finding {
  const elsewhere = {
    text: 'Name another folder with --journal, or make this one writable:',
    commands: [`ls -ld ${tried}`],
  };
  if (outcome === 'written') return found('journal', 'ok', `A file was written and synced in ${tried}.`);
  if (outcome === 'timed_out')
    return blocks('journal', `Writing to ${tried} does not end; is its file system there?`, elsewhere);
  if (problem === 'unsafe')
    return blocks('journal', `Others can write to ${folder}.`, {
      text: 'Give it to its user alone.',
      commands: [`chmod 700 ${folder}`],
    });
  return blocks(
    'journal',
    `It cannot be written in ${tried} (${problem ?? 'error'}): nothing starts unrecorded.`,
    elsewhere,
  );
}

function judgeSpace({ outcome, freeBytes, freeFiles, totalFiles, tried }: JournalFacts): Finding[] {
  if (outcome !== 'written' || freeBytes === undefined) return [];
  const amount =
    freeBytes >= 1024 * MiB
      ? `${(freeBytes / (1024 * MiB)).toFixed(1)} GiB`
      : `${Math.floor(freeBytes / MiB)} MiB`;
  const fewFiles = (totalFiles ?? 0) > 0 && (freeFiles ?? 0) < littleFiles;
  if (freeBytes >= littleSpace && !fewFiles) return [found('space', 'ok', `${amount} are free for records.`)];
  const left = fewFiles && freeBytes >= littleSpace ? `${freeFiles} more files fit` : `${amount} are left`;
  return [
    found('space', 'limited', `Only ${left}; when it is full, everything is denied.`, {
      text: 'Make room, or name a folder on another disk with --journal.',
      commands: [`df -h ${tried}`],
    }),
  ];
}

function judgeKey({ state, folder, id, problem }: KeyFacts): Finding {
  switch (state) {
    case 'present':
      return found('device key', 'ok', `${id ?? ''} signs the journal.`);
    case 'absent':
      return found('device key', 'ok', `The first session makes it in ${folder}.`);
    case 'unusable':
      return blocks('device key', `${problem ?? 'It cannot be used'}.`);
    default:
      return state satisfies never;
  }
}

export function judgeDesktop(desktop: DesktopFacts, { node, root }: HostFacts['system']): Finding[] {
  const screens = [
    ...(desktop.x11 === undefined
      ? []
      : [`X11 ${desktop.x11}: what is allowed to connect there sees every window`]),
    ...(desktop.wayland === undefined ? [] : [`Wayland ${desktop.wayland}`]),
  ];
  const encrypted = desktop.homeEncrypted;
  return [
    Number(node.split('.')[0]) >= 24
      ? found('Node', 'ok', `${node}.`)
      : found('Node', 'limited', `${node} is older than the one this is tested with.`, {
          text: 'Start it with the script, which brings its own Node.',
          commands: ['./chaperone doctor'],
        }),
    found('screen', 'info', screens.length === 0 ? 'Neither X11 nor Wayland.' : `${screens.join('; ')}.`),
    found(
      'session bus',
      'info',
      desktop.sessionBus === undefined ? 'No D-Bus session bus.' : `D-Bus at ${desktop.sessionBus}.`,
    ),
    tool('xdg-dbus-proxy', desktop.dbusProxy),
    tool('socat', desktop.socat),
    found(
      'TPM',
      'info',
      desktop.tpm
        ? 'There is one; the device key does not use it yet.'
        : 'None is visible; the device key is a file.',
    ),
    found(
      'home on disk',
      'info',
      encrypted === undefined
        ? 'Whether it is encrypted cannot be seen.'
        : encrypted
          ? 'It is encrypted.'
          : 'No encryption is visible: who takes the disk reads key and journal.',
    ),
    ...(root
      ? [found('account', 'info', 'This is root: agents run as root without capabilities. A user is safer.')]
      : []),
  ];
}

function tool(name: string, file: string | undefined): Finding {
  return found(name, 'info', file === undefined ? 'Not installed; nothing needs it yet.' : `${file}.`);
}
