/** Tries to make a session's namespaces, and reads what could be in the way. */
import { closeSync, existsSync, openSync } from 'node:fs';
import { gateInside, namespaceArguments } from '../launch.ts';
import { gatherLimits, gatherSystem, isAdmin, isNamespaced } from './gather-system.ts';
import type { NamespaceFacts } from './namespaces.ts';
import { type Environment, readSetting, tryProgram } from './try.ts';

/** The mounts of the least session; with a new /proc, which some containers forbid. */
const mounts = ['--ro-bind', '/', '/', '--dev-bind', '/dev', '/dev', '--proc', '/proc'];

/** The gate itself sets up the network inside: some hosts let bubblewrap make namespaces, and what it starts do nothing. */
export function gatherNamespaces(
  bubblewrap: string | undefined,
  gate: string,
  environment: Environment,
): NamespaceFacts {
  const { root, distribution, container, wsl } = gatherSystem(environment);
  const { seccomp, noNewPrivileges } = gatherLimits(undefined);
  const tried = bubblewrap === undefined ? undefined : tryNamespaces(bubblewrap, gate);
  return {
    root,
    distribution,
    container,
    wsl,
    bubblewrap,
    said: tried === undefined || tried.works ? undefined : tried.said,
    timedOut: tried?.timedOut === true,
    admin: isAdmin(),
    confined: seccomp === 2 || noNewPrivileges || isNamespaced('user'),
    maxUserNamespaces: readSetting('user.max_user_namespaces'),
    unprivilegedClone: readSetting('kernel.unprivileged_userns_clone'),
    apparmorRestricted: readSetting('kernel.apparmor_restrict_unprivileged_userns'),
    strippingProfile:
      existsSync('/etc/apparmor.d/bwrap-userns-restrict') &&
      !existsSync('/etc/apparmor.d/disable/bwrap-userns-restrict'),
  };
}

function tryNamespaces(bubblewrap: string, gate: string): ReturnType<typeof tryProgram> {
  const gateFile = openSync(gate, 'r');
  try {
    return tryProgram(
      bubblewrap,
      [...namespaceArguments(), ...mounts, '--', gateInside, '--probe-network'],
      gateFile,
    );
  } finally {
    closeSync(gateFile);
  }
}
