/** What to do about a finding: a sentence, and the lines to type, per distribution where they differ. */
import type { Distribution, SystemFacts } from './facts.ts';

export type Remedy = {
  readonly text: string;
  /** Typed one after the other in one shell; a here-document may span several. */
  readonly commands: readonly string[];
};

type Who = Pick<SystemFacts, 'distribution' | 'root'>;
type Family = 'debian' | 'fedora' | 'arch' | 'suse' | 'alpine';

const members: Readonly<Record<Family, readonly string[]>> = {
  debian: ['debian', 'ubuntu'],
  fedora: ['fedora', 'rhel', 'centos'],
  arch: ['arch'],
  suse: ['suse', 'opensuse', 'sles'],
  alpine: ['alpine'],
};

const installers: Readonly<Record<Family, string>> = {
  debian: 'apt-get install',
  fedora: 'dnf install',
  arch: 'pacman -S',
  suse: 'zypper install',
  alpine: 'apk add',
};

/** A compiler and what a static program needs. */
const compilers: Readonly<Record<Family, string>> = {
  debian: 'gcc libc6-dev',
  fedora: 'gcc glibc-static',
  arch: 'gcc',
  suse: 'gcc glibc-devel-static',
  alpine: 'gcc musl-dev linux-headers',
};

export function familyOf({ ids }: Distribution): Family | undefined {
  for (const id of ids) {
    for (const [family, names] of Object.entries(members) as [Family, readonly string[]][]) {
      if (names.includes(id)) return family;
    }
  }
  return undefined;
}

/** @param commands written for an ordinary user, with sudo */
export function remedy(text: string, commands: readonly string[], { root }: Pick<Who, 'root'>): Remedy {
  return { text, commands: root ? commands.map((one) => one.replace(/^sudo /, '')) : commands };
}

/** One package, which has the same name everywhere. */
export function install(name: string, who: Who): Remedy {
  const family = familyOf(who.distribution);
  if (family === undefined)
    return { text: `Install ${name} with the package manager of ${who.distribution.name}.`, commands: [] };
  return remedy(`Install ${name}.`, [`sudo ${installers[family]} ${name}`], who);
}

export function installCompiler(who: Who): Remedy {
  const family = familyOf(who.distribution);
  if (family === undefined)
    return {
      text: `Install a C compiler and the static C library of ${who.distribution.name}.`,
      commands: [],
    };
  return remedy('Install a C compiler.', [`sudo ${installers[family]} ${compilers[family]}`], who);
}

/** A kernel setting, now and after every start. */
export function setting(name: string, value: number, text: string, who: Pick<Who, 'root'>): Remedy {
  const file = '/etc/sysctl.d/60-chaperone.conf';
  return remedy(
    text,
    [`echo ${name}=${value} | sudo tee -a ${file}`, `sudo sysctl -w ${name}=${value}`].map((one) =>
      who.root ? one.replace('| sudo ', '| ') : one,
    ),
    who,
  );
}

/** A parameter of the kernel's command line. */
export function bootParameter(value: string, text: string, system: SystemFacts): Remedy {
  if (system.wsl) {
    return {
      text: `${text} In Windows, put these two lines into %UserProfile%/.wslconfig, then type the third.`,
      commands: ['[wsl2]', `kernelCommandLine=${value}`, 'wsl --shutdown'],
    };
  }
  const grub = `Add ${value} to GRUB_CMDLINE_LINUX in /etc/default/grub, then:`;
  switch (familyOf(system.distribution)) {
    case 'fedora':
      return remedy(text, [`sudo grubby --update-kernel=ALL --args=${value}`, 'sudo reboot'], system);
    case 'debian':
      return remedy(`${text} ${grub}`, ['sudo update-grub', 'sudo reboot'], system);
    case 'arch':
    case 'alpine':
      return remedy(`${text} ${grub}`, ['sudo grub-mkconfig -o /boot/grub/grub.cfg', 'sudo reboot'], system);
    case 'suse':
      return remedy(
        `${text} ${grub}`,
        ['sudo grub2-mkconfig -o /boot/grub2/grub.cfg', 'sudo reboot'],
        system,
      );
    case undefined:
    default:
      return { text: `${text} Add ${value} to the kernel's boot parameters and restart.`, commands: [] };
  }
}
