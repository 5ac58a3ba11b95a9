/**
 * Which service of the desktop a socket belongs to, so that a policy can decide by kind and not by path alone. What is
 * known is the places where services listen by convention, and the addresses that the person's environment names.
 */
import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** Value of `input.operation` for an `ipc_connect`. */
export type Service =
  | 'session_bus'
  | 'system_bus'
  | 'accessibility'
  | 'x11'
  | 'wayland'
  | 'audio'
  | 'keyring'
  | 'ssh_agent'
  | 'gpg_agent'
  | 'container'
  | 'virtual_machine'
  | 'systemd'
  | 'session_manager'
  | 'terminal';

/**
 * `*` is within one name, `**` is anything; `~` the home, `$run` a runtime folder; '@' begins an abstract name. The first
 * that fits decides.
 */
const places: readonly (readonly [Service, ...(readonly string[])])[] = [
  // What drives other programs, D-Bus or not.
  ['accessibility', '$run/at-spi/**', '~/.cache/at-spi/**', '$run/.ydotool_socket', '/tmp/.ydotool_socket'],
  ['session_bus', '$run/bus', '/tmp/dbus-*', '@/tmp/dbus-*', '$run/dbus-1/**'],
  ['system_bus', '/run/dbus/system_bus_socket'],
  ['x11', '/tmp/.X11-unix/**', '@/tmp/.X11-unix/**'],
  ['wayland', '$run/wayland-*'],
  ['session_manager', '/tmp/.ICE-unix/**', '@/tmp/.ICE-unix/**'],
  [
    'ssh_agent',
    '$run/keyring/ssh',
    '$run/keyring/.ssh',
    '$run/gcr/ssh',
    '$run/ssh-agent*',
    '$run/openssh_agent',
  ],
  [
    'ssh_agent',
    '/tmp/ssh-*/agent.*',
    '~/.ssh/agent/**',
    '$run/gnupg/**S.gpg-agent.ssh',
    '~/.gnupg/S.gpg-agent.ssh',
  ],
  ['gpg_agent', '$run/gnupg/**', '~/.gnupg/S.*'],
  ['keyring', '$run/keyring/**', '$run/kwallet*', '/tmp/kwallet*'],
  ['audio', '$run/pulse/**', '$run/pipewire-*', '/tmp/pulse-*/**', '~/.config/pulse/**', '/run/pulse/**'],
  ['container', '/run/docker.sock', '$run/docker.sock', '~/.docker/**', '/run/podman/**', '$run/podman/**'],
  [
    'container',
    '/run/containerd/**',
    '/run/crio/**',
    '/run/buildkit/**',
    '$run/containerd*/**',
    '$run/buildkit/**',
  ],
  ['virtual_machine', '/run/libvirt/**', '$run/libvirt/**'],
  ['systemd', '/run/systemd/private', '/run/systemd/notify', '/run/systemd/io.systemd.*', '$run/systemd/**'],
  ['terminal', '/tmp/tmux-*/**', '/run/screen/**', '/tmp/screen*/**', '~/.screen/**'],
];

/** A service that the environment names, where it listens. */
export type KnownService = { readonly service: Service } & (
  | { readonly path: string }
  | { readonly port: number }
);

/** Plain data, handed to the decision loop. */
export type ServiceFacts = {
  readonly home: string;
  /** $XDG_RUNTIME_DIR, when it is somewhere of its own. */
  readonly runtimeDir?: string;
  readonly known: readonly KnownService[];
};

/** TCP ports of X displays 0 to 63. */
const x11Ports = { first: 6000, last: 6063 } as const;

export class Services {
  readonly #patterns: readonly (readonly [Service, RegExp])[];
  readonly #known: readonly KnownService[];

  constructor({ home, runtimeDir, known }: ServiceFacts) {
    const runtimes = ['/run/user/*', ...(runtimeDir ? [literal(canonical(runtimeDir))] : [])];
    this.#patterns = places.flatMap(([service, ...globs]) =>
      globs
        .flatMap((glob) => (glob.startsWith('$run') ? runtimes.map((one) => one + glob.slice(4)) : [glob]))
        .map((glob): [Service, RegExp] => [
          service,
          expression(glob.replace(/^~/, () => literal(canonical(home)))),
        ]),
    );
    this.#known = known;
  }

  /**
   * @param where resolved path, or '@' and an abstract name
   * @param inode `device:inode` of the socket: another name of a known service is that service
   */
  of(where: string, inode?: string): Service | undefined {
    const known = this.#known.find(
      (one) =>
        'path' in one &&
        (canonical(one.path) === where || (inode !== undefined && inodeOf(one.path) === inode)),
    );
    return known?.service ?? this.#patterns.find(([, pattern]) => pattern.test(where))?.[0];
  }

  ofPort(port: number | undefined, protocol: string | undefined): Service | undefined {
    if (port === undefined || protocol !== 'tcp') return undefined;
    const known = this.#known.find((one) => 'port' in one && one.port === port);
    if (known) return known.service;
    return port >= x11Ports.first && port <= x11Ports.last ? 'x11' : undefined;
  }
}

/** Backslash before what a pattern would act on. */
function literal(text: string): string {
  return text.replace(/[\\*]/g, String.raw`\$&`);
}

function expression(glob: string): RegExp {
  const source = glob.replace(/\\.|\*\*|\*|[.+?^${}()|[\]]/g, (part) => {
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return part.startsWith('\\') ? part : `\\${part}`;
  });
  return new RegExp(`^${source}$`, 'su');
}

function canonical(where: string): string {
  if (!where.startsWith('/')) return where;
  try {
    return realpathSync(where);
  } catch {
    return path.normalize(where);
  }
}

function inodeOf(where: string): string | undefined {
  if (!where.startsWith('/')) return undefined;
  const stat = statSync(where, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.dev}:${stat.ino}`;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What the variables of a session name. */
export function knownServices(environment: Environment): KnownService[] {
  const runtime = environment['XDG_RUNTIME_DIR'];
  const at = (service: Service, where: string | undefined): KnownService[] => {
    if (!where) return [];
    const file = where.replace(/^unix:(\/\/)?(?=\/)/, '');
    if (file.startsWith('/')) return [{ service, path: file }];
    return runtime?.startsWith('/') && !file.includes(':')
      ? [{ service, path: path.join(runtime, file) }]
      : [];
  };
  return [
    ...busPlaces('session_bus', environment['DBUS_SESSION_BUS_ADDRESS']),
    ...busPlaces('system_bus', environment['DBUS_SYSTEM_BUS_ADDRESS']),
    ...busPlaces('accessibility', environment['AT_SPI_BUS_ADDRESS']),
    ...at('accessibility', environment['YDOTOOL_SOCKET']),
    ...display(environment['DISPLAY']),
    ...at('wayland', environment['WAYLAND_DISPLAY']),
    ...at('ssh_agent', environment['SSH_AUTH_SOCK']),
    ...at('audio', environment['PULSE_SERVER']),
    ...at('audio', environment['PIPEWIRE_REMOTE']),
    ...at('container', environment['DOCKER_HOST']),
    ...at('container', environment['CONTAINER_HOST']),
    ...at('terminal', environment['TMUX']?.split(',')[0]),
  ];
}

/** Displays elsewhere than in the usual folder (X(7), display names). */
function display(name: string | undefined): KnownService[] {
  const [, host = '', number] = /^(.*):(\d{1,5})(?:\.\d+)?$/u.exec(name ?? '') ?? [];
  if (number === undefined || host === '' || host === 'unix') return [];
  if (host.startsWith('/')) {
    return [
      { service: 'x11', path: host },
      { service: 'x11', path: `${host}:${number}` },
    ];
  }
  return [{ service: 'x11', port: x11Ports.first + Number(number) }];
}

/** Addresses of the D-Bus specification, "Server Addresses": `transport:key=value,…;…`, bytes as %xx. */
function busPlaces(service: Service, addresses: string | undefined): KnownService[] {
  return (addresses ?? '').split(';').flatMap((address): KnownService[] => {
    const [transport, ...rest] = address.split(':');
    const keys = new Map(
      rest
        .join(':')
        .split(',')
        .map((pair): [string, string] => {
          const [key = '', ...value] = pair.split('=');
          return [key, unescaped(value.join('='))];
        }),
    );
    const [file, abstract, port] = [keys.get('path'), keys.get('abstract'), Number(keys.get('port'))];
    if (transport === 'unix' && file) return [{ service, path: file }];
    if (transport === 'unix' && abstract) return [{ service, path: `@${abstract}` }];
    return transport?.endsWith('tcp') && port > 0 ? [{ service, port }] : [];
  });
}

function unescaped(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
