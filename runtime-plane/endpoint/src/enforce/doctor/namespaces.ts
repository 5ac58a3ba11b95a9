/** Why a session's namespaces cannot be made here. `chaperone run` refuses with the same words that doctor prints. */
import type { SystemFacts } from './facts.ts';
import { install, type Remedy, remedy, setting } from './remedy.ts';

export type NamespaceFacts = Pick<SystemFacts, 'root' | 'distribution' | 'container' | 'wsl'> & {
  readonly bubblewrap: string | undefined;
  /** What the try printed; undefined when it worked. */
  readonly said: string | undefined;
  readonly timedOut: boolean;
  /** CAP_SYS_ADMIN, which a root user needs to make namespaces without a user namespace. */
  readonly admin: boolean;
  /** A seccomp filter, no_new_privs, or a user namespace that is not the machine's own. */
  readonly confined: boolean;
  /** user.max_user_namespaces */
  readonly maxUserNamespaces: number | undefined;
  /** kernel.unprivileged_userns_clone (Debian, Arch) */
  readonly unprivilegedClone: number | undefined;
  /** kernel.apparmor_restrict_unprivileged_userns (Ubuntu) */
  readonly apparmorRestricted: number | undefined;
  /** The profile that lets bubblewrap make namespaces, but leaves what it starts without capabilities (Ubuntu 25.04). */
  readonly strippingProfile: boolean;
};

export type NamespaceCause =
  | 'no_bubblewrap'
  | 'timed_out'
  | 'no_user_namespaces'
  | 'unprivileged_forbidden'
  | 'apparmor'
  | 'container'
  | 'hidden_proc'
  | 'root_without_capabilities'
  | 'confined'
  | 'unknown';

export type NamespaceProblem = {
  readonly cause: NamespaceCause;
  /** One clause, without a full stop. May quote a program: escape it. */
  readonly what: string;
  readonly remedy: Remedy;
};

/** @returns undefined when they can be made */
export function diagnoseNamespaces(facts: NamespaceFacts): NamespaceProblem | undefined {
  const { bubblewrap, said, root, container } = facts;
  if (bubblewrap === undefined)
    return {
      cause: 'no_bubblewrap',
      what: 'bubblewrap is not installed',
      remedy: install('bubblewrap', facts),
    };
  if (facts.timedOut)
    return {
      cause: 'timed_out',
      what: `${bubblewrap} did not finish`,
      remedy: remedy('See where it hangs.', [`${bubblewrap} --unshare-all --ro-bind / / true`], facts),
    };
  if (said === undefined) return undefined;
  // The first thing that a person can change; a container's own limits would hide every setting of the host.
  if (container !== undefined) return inContainer(facts, container, said);
  if (!root && facts.maxUserNamespaces === 0)
    return {
      cause: 'no_user_namespaces',
      what: 'user namespaces are switched off (user.max_user_namespaces=0)',
      remedy: setting('user.max_user_namespaces', 15_000, 'Allow user namespaces.', facts),
    };
  if (!root && facts.unprivilegedClone === 0)
    return {
      cause: 'unprivileged_forbidden',
      what: 'only root may make user namespaces (kernel.unprivileged_userns_clone=0)',
      remedy: setting('kernel.unprivileged_userns_clone', 1, 'Allow them to everybody.', facts),
    };
  if (!root && facts.apparmorRestricted === 1) return underAppArmor(facts, bubblewrap);
  if (facts.confined)
    return {
      cause: 'confined',
      what: `something that this runs in forbids namespaces (${said})`,
      remedy: {
        text: 'Start chaperone outside of that sandbox: it can hold the sandbox, too.',
        commands: [],
      },
    };
  if (root && !facts.admin) return withoutCapabilities(said);
  return {
    cause: 'unknown',
    what: `bubblewrap cannot make namespaces (${said})`,
    remedy: remedy(
      'The kernel may say more.',
      ['sudo dmesg | tail', `${bubblewrap} --unshare-all --ro-bind / / true`],
      facts,
    ),
  };
}

function underAppArmor({ strippingProfile, root }: NamespaceFacts, bubblewrap: string): NamespaceProblem {
  const profile = '/etc/apparmor.d/chaperone-bwrap';
  const stock = '/etc/apparmor.d/bwrap-userns-restrict';
  return {
    cause: 'apparmor',
    what: 'AppArmor restricts user namespaces (kernel.apparmor_restrict_unprivileged_userns=1)',
    remedy: remedy(
      'Let bubblewrap, and nothing else, make them:',
      [
        // Two profiles for one program conflict.
        ...(strippingProfile
          ? [`sudo apparmor_parser -R ${stock}`, `sudo ln -s ${stock} /etc/apparmor.d/disable/`]
          : []),
        `sudo tee ${profile} <<'END'`,
        'abi <abi/4.0>,',
        'include <tunables/global>',
        `profile chaperone-bwrap ${bubblewrap} flags=(unconfined) {`,
        '  userns,',
        '}',
        'END',
        `sudo apparmor_parser -r ${profile}`,
      ],
      { root },
    ),
  };
}

function inContainer(facts: NamespaceFacts, container: string, said: string): NamespaceProblem {
  const podman = container === 'podman';
  const whole = podman ? ['unmask=ALL'] : ['seccomp=unconfined', 'systempaths=unconfined'];
  const options = whole.map((one) => `--security-opt ${one}`);
  // A procfs with hidden parts may not be mounted again where they would show.
  if (/mount proc/.test(said))
    return {
      cause: 'hidden_proc',
      what: `this container hides parts of /proc, so a session cannot have its own (${said})`,
      remedy: startContainer(container, options),
    };
  if (facts.root && !facts.admin && podman) return withoutCapabilities(said);
  return {
    cause: 'container',
    what: `this container forbids namespaces (${said})`,
    remedy: startContainer(container, podman ? options : [...options, '--security-opt apparmor=unconfined']),
  };
}

/** @param options of docker or podman run */
export function startContainer(container: string, options: readonly string[]): Remedy {
  const own = container === 'docker' || container === 'podman';
  return {
    text: own
      ? 'Start the container with these, and use chaperone in it as a user that is not root:'
      : `Let ${container} permit what these permit in Docker, and do not be root in it:`,
    commands: [`${container === 'podman' ? 'podman' : 'docker'} run ${options.join(' ')} …`],
  };
}

function withoutCapabilities(said: string): NamespaceProblem {
  return {
    cause: 'root_without_capabilities',
    what: `this root user lacks CAP_SYS_ADMIN (${said})`,
    remedy: { text: 'Run chaperone as a user that is not root.', commands: [] },
  };
}
