/**
 * What no suggestion may ever open, and what counts as risky when an agent asks for it: stores of credentials, secrets of
 * the system, ways to more rights or to code that starts by itself, and chaperone's own files. Names are matched
 * wherever they lie; when in doubt a thing belongs here.
 */
import { homedir } from 'node:os';
import type { DecisionInput } from '@chaperone/protocol';

export type NeverKind = 'credentials' | 'system secrets' | 'more rights' | 'starts by itself' | 'own files';

/** Below a home folder. */
const credentialPlaces = (
  '.ssh .aws .azure .gnupg .kube .docker .oci .pki .password-store .terraform.d .vault-token .mozilla .thunderbird .bitcoin ' +
  '.config/gcloud .config/gh .config/hub .config/glab-cli .config/op .config/rclone .config/google-chrome .config/chromium ' +
  '.config/BraveSoftware .config/microsoft-edge .config/doctl .config/heroku .claude/.credentials.json .codex/auth.json ' +
  '.local/share/keyrings .local/share/kwalletd'
).split(' ');
const autostartPlaces = (
  '.bashrc .bash_profile .bash_login .bash_logout .profile .zshrc .zshenv .zprofile .zlogin .xprofile .xsessionrc ' +
  '.config/fish .config/autostart .config/systemd .config/environment.d .local/share/systemd .pam_environment'
).split(' ');

/** Anywhere. RE2 syntax, because suggested rules carry it. */
const credentialName =
  '(\\.netrc|_netrc|\\.git-credentials|\\.npmrc|\\.yarnrc\\.yml|\\.pypirc|\\.pgpass|\\.my\\.cnf|\\.htpasswd|\\.env|\\.env\\..*|id_(rsa|dsa|ecdsa|ed25519)[^/]*|[^/]*\\.(pem|key|p12|pfx|kdbx|jks|keystore|ppk)|credentials|credentials\\..*|[^/]*_history)';

/** For the guard of a suggested rule: whether the last part of a path is a name that may hold a credential. */
export const guardedName = `(^|/)${credentialName}$`;

const credentialPattern = new RegExp(guardedName);
const systemPlaces =
  '/etc/shadow /etc/shadow- /etc/gshadow /etc/gshadow- /etc/sudoers /etc/sudoers.d /etc/ssl/private /etc/ssh /etc/security /boot /sys /var/lib/docker /var/lib/containerd /dev/mem /dev/kmem /dev/port'.split(
    ' ',
  );
const systemPattern =
  /^\/proc\/(?:\d+|self|thread-self)\/(?:environ|mem|maps|root|cwd|fd|task|auxv)|^\/dev\/(?:sd|nvme|vd|dm-|mapper\/)/;
const changedPlaces = '/etc /usr /bin /sbin /lib /lib64 /opt /var/spool/cron /proc /dev'.split(' ');
const hookPattern = /\/\.git\/(?:hooks(?:\/|$)|config$)/;
const sockets =
  /(?:^|\/)(?:docker|containerd|podman|crio|libvirt-sock|lxd|unix)\.(?:sock|socket)$|\/S\.(?:gpg|scdaemon|dirmngr|keyboxd)|\/ssh-[^/]*\/agent\.|\/agent\.\d+$|\/keyring\/|\/run\/dbus\/|\/run\/user\/\d+\/(?:bus|systemd)|\/run\/systemd\//;
const privileged: ReadonlySet<string> = new Set(
  'sudo su doas pkexec runuser setpriv nsenter unshare chroot mount umount insmod modprobe gdb strace'.split(
    ' ',
  ),
);
const changes: ReadonlySet<string> = new Set(['write_file', 'create_file', 'delete_file', 'rename_file']);

const isUnder = (one: string, base: string): boolean => one === base || one.startsWith(`${base}/`);

export class Never {
  readonly #own: readonly string[];
  readonly #policies: readonly string[];
  readonly #home = homedir();

  /**
   * @param own what belongs to chaperone itself: state, journals
   * @param policies may be read, never changed
   */
  constructor(own: readonly string[], policies: readonly string[]) {
    this.#own = own;
    this.#policies = policies;
  }

  /** @returns what kind of forbidden thing the act is about, if it is */
  kindOf({ action, path, target }: Pick<DecisionInput, 'action' | 'path' | 'target'>): NeverKind | undefined {
    for (const one of [path, target]) {
      const kind = one === undefined ? undefined : this.#kindOfPath(action, one);
      if (kind) return kind;
    }
    return undefined;
  }

  #kindOfPath(action: string, one: string): NeverKind | undefined {
    if (this.#own.some((own) => isUnder(one, own))) return 'own files';
    const inHome = this.inHome(one);
    if (
      credentialPattern.test(one) ||
      credentialPlaces.some((place) => inHome !== undefined && isUnder(inHome, place))
    )
      return 'credentials';
    if (systemPlaces.some((place) => isUnder(one, place)) || systemPattern.test(one)) return 'system secrets';
    if (action === 'ipc_connect' && sockets.test(one)) return 'more rights';
    if (action === 'execute')
      return privileged.has(one.slice(one.lastIndexOf('/') + 1)) ? 'more rights' : undefined;
    if (!changes.has(action)) return undefined;
    if (this.#policies.some((place) => isUnder(one, place) || isUnder(place, one))) return 'own files';
    if (
      hookPattern.test(one) ||
      autostartPlaces.some((place) => inHome !== undefined && isUnder(inHome, place))
    )
      return 'starts by itself';
    return changedPlaces.some((place) => isUnder(one, place)) ? 'more rights' : undefined;
  }

  /** Could something in this folder, or below it, be of such a kind? Then only single files are suggested. */
  isNear(action: string, folder: string): boolean {
    const holds = (place: string): boolean => isUnder(place, folder) || isUnder(folder, place);
    if (
      folder === '/' ||
      folder === '/home' ||
      /(?:^|\/)\.git$/.test(folder) ||
      /^\/(?:proc|dev)(?:\/|$)/.test(folder)
    )
      return true;
    if ([...this.#own, ...this.#policies, ...systemPlaces].some(holds)) return true;
    if (changes.has(action) && changedPlaces.some(holds)) return true;
    const inHome = this.inHome(folder);
    if (inHome === undefined) return false;
    return (
      inHome === '' ||
      [...credentialPlaces, ...autostartPlaces].some(
        (place) => isUnder(place, inHome) || isUnder(inHome, place),
      )
    );
  }

  /** The part below a home folder, '' for the folder itself, undefined outside. */
  inHome(one: string): string | undefined {
    if (isUnder(one, this.#home)) return one.slice(this.#home.length + 1);
    return /^(?:\/home\/[^/]+|\/var\/home\/[^/]+|\/root)(?:\/(.*))?$/s
      .exec(one)
      ?.slice(1)
      .map((rest) => rest ?? '')[0];
  }
}
