/** What a session reaches of the desktop: the proxies that stand in for it, and what the decision loop must know of them. */
import { mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { type KnownService, knownServices, type ServiceFacts } from './context/services.ts';
import type { DesktopLimits } from './decide/limits.ts';
import type { DesktopGrants } from './enforce/desktop/grants.ts';
import { type Environment, findProgram } from './enforce/doctor/try.ts';
import { SessionError } from './enforce/errors.ts';
import { clipboardOf } from './session-desktop-limits.ts';
import type { LoopQuestion } from './session-messages.ts';

export type Desktop = {
  readonly services: ServiceFacts;
  readonly limits: DesktopLimits;
  /** Files of the stand-ins: the agent must not change them. */
  readonly sealed: readonly string[];
  /** Variables that lead the agent to them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Layers of the floor, for the record. */
  readonly layers: readonly string[];
  /** Whom the stand-ins ask and tell; what they say before is lost, and what they ask is refused. */
  attend(ask: (question: LoopQuestion) => void): void;
  answered(question: number, allowed: boolean): void;
  close(): Promise<void>;
};

type Surroundings = {
  readonly environment: Environment;
  readonly home: string;
  readonly session: string;
  readonly ownNetwork: boolean;
  readonly note: (text: string) => void;
};

type Opened = {
  readonly reachable: Record<string, 'any' | string[]>;
  readonly known: KnownService[];
  readonly sealed: string[];
  readonly variables: Record<string, string>;
  readonly closers: (() => unknown)[];
};

/** Throws SessionError `desktop` when something that the floor grants cannot be mediated. */
export async function openDesktop(grants: DesktopGrants, surroundings: Surroundings): Promise<Desktop> {
  const { environment, home } = surroundings;
  const runtimeDir = environment['XDG_RUNTIME_DIR'];
  const questions = new Questions();
  const opened: Opened = {
    reachable: {},
    known: knownServices(environment),
    sealed: [],
    variables: {},
    closers: [],
  };
  if (grants.accessibility) opened.reachable['accessibility'] = 'any';
  if (grants.wayland === 'connect') opened.reachable['wayland'] = 'any';
  try {
    await openBus('session_bus', grants.session_bus, opened, surroundings, questions);
    await openBus('system_bus', grants.system_bus, opened, surroundings, questions);
    await openDisplay(grants.x11, opened, surroundings, questions);
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
  const ports = opened.known.flatMap((one) => ('port' in one ? [one.port] : []));
  const layers = [
    ...Object.entries(opened.reachable).map(([name, where]) => (where === 'any' ? `${name}:whole` : name)),
    ...(grants.clipboard === 'none' ? [] : [`clipboard:${grants.clipboard}`]),
  ];
  return {
    services: {
      home,
      known: opened.known,
      ...(runtimeDir?.startsWith('/') ? { runtimeDir } : {}),
    },
    limits: {
      reachable: opened.reachable,
      clipboard: clipboardOf(grants),
      ports,
      ownAbstract: surroundings.ownNetwork,
    },
    sealed: opened.sealed,
    variables: opened.variables,
    layers: layers.map((one) => `desktop:${one}`),
    attend: (ask) => questions.attend(ask),
    answered: (question, allowed) => questions.answered(question, allowed),
    close: () => closeAll(opened),
  };
}

async function closeAll({ closers }: Opened): Promise<void> {
  for (const close of closers.splice(0).toReversed()) await close();
}

/** What the stand-ins ask of the decision loop. */
class Questions {
  readonly #waiting = new Map<number, (allowed: boolean) => void>();
  #ask: ((question: LoopQuestion) => void) | undefined;
  #last = 0;

  attend(ask: (question: LoopQuestion) => void): void {
    this.#ask = ask;
  }
  tell(question: LoopQuestion): void {
    this.#ask?.(question);
  }
  mayUseClipboard(operation: 'read' | 'write'): Promise<boolean> {
    return new Promise((resolve) => {
      if (!this.#ask) return resolve(false);
      this.#last += 1;
      this.#waiting.set(this.#last, resolve);
      this.#ask({ kind: 'clipboard', question: this.#last, operation });
    });
  }
  answered(question: number, allowed: boolean): void {
    this.#waiting.get(question)?.(allowed);
    this.#waiting.delete(question);
  }
}

/** A folder that only this person may enter, removed with the session. */
function folderOf({ environment, session }: Surroundings, opened: Opened): string {
  const [made] = opened.sealed;
  if (made !== undefined) return made;
  const runtime = environment['XDG_RUNTIME_DIR'] ?? '';
  const stat = path.isAbsolute(runtime) ? statSync(runtime, { throwIfNoEntry: false }) : undefined;
  const fits = stat?.isDirectory() === true && stat.uid === process.getuid?.() && runtime.length < 60;
  const folder = path.join(fits ? realpathSync(runtime) : '/tmp', `chaperone-${session}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new SessionError('desktop', `no folder for the session's sockets could be made: ${what}`, {
      cause: error,
    });
  }
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  opened.closers.push(() => {
    process.removeListener('exit', remove);
    remove();
  });
  opened.sealed.push(folder);
  return folder;
}

const buses = {
  session_bus: { title: 'session bus', variable: 'DBUS_SESSION_BUS_ADDRESS' },
  system_bus: { title: 'system bus', variable: 'DBUS_SYSTEM_BUS_ADDRESS' },
} as const;

async function openBus(
  bus: keyof typeof buses,
  grants: DesktopGrants[keyof typeof buses],
  opened: Opened,
  surroundings: Surroundings,
  questions: Questions,
): Promise<void> {
  if (!grants) return;
  if (grants === 'whole') {
    opened.reachable[bus] = 'any';
    return;
  }
  const { environment, note } = surroundings;
  const { title, variable } = buses[bus];
  const address = environment[variable] || usualAddress(bus, environment);
  if (!address) return; // a machine without a desktop: there is nothing to reach
  const program = findProgram('xdg-dbus-proxy', { PATH: environment['PATH'] ?? '/usr/bin' });
  if (!program) {
    throw new SessionError(
      'desktop',
      `the policy grants part of the ${title}, which needs xdg-dbus-proxy; install it (Debian: sudo apt-get install xdg-dbus-proxy)`,
    );
  }
  const socket = path.join(folderOf(surroundings, opened), bus);
  const { startBusProxy } = await import('./enforce/desktop/bus-proxy.ts');
  const end = await startBusProxy({
    program,
    title,
    address,
    socket,
    grants,
    refused: (call, times) => questions.tell({ kind: 'bus_refused', bus, call, times }),
    lost: (how) => {
      note(`the proxy of the ${title} ended (${how}); the bus stays closed for the rest of the session`);
      questions.tell({ kind: 'bus_lost', bus, how });
    },
  });
  opened.closers.push(end);
  opened.known.push({ service: bus, path: socket });
  opened.reachable[bus] = [socket];
  opened.variables[variable] = `unix:path=${socket}`;
}

function usualAddress(bus: keyof typeof buses, environment: Environment): string | undefined {
  const runtime = environment['XDG_RUNTIME_DIR'] ?? '';
  const socket = bus === 'system_bus' ? '/run/dbus/system_bus_socket' : path.join(runtime, 'bus');
  const there = path.isAbsolute(socket) && statSync(socket, { throwIfNoEntry: false })?.isSocket();
  return there ? `unix:path=${socket}` : undefined;
}

async function openDisplay(
  x11: DesktopGrants['x11'],
  opened: Opened,
  surroundings: Surroundings,
  questions: Questions,
): Promise<void> {
  const { environment, note } = surroundings;
  const named = environment['DISPLAY'];
  if (x11 === 'none') return;
  const { parseDisplay, untrustedCookie } = await import('./enforce/desktop/x11-display.ts');
  const display = parseDisplay(named);
  if (!display) {
    if (named)
      note(`the policy grants the X display, but DISPLAY (${named}) names none that can be mediated`);
    return;
  }
  if (x11 === 'trusted') {
    opened.reachable['x11'] = 'any';
    return;
  }
  const cookie = await untrustedCookie(display, folderOf(surroundings, opened), environment);
  const { startX11Proxy } = await import('./enforce/desktop/x11-proxy.ts');
  const proxy = await startX11Proxy(display, cookie, (use) => questions.mayUseClipboard(use));
  opened.closers.push(() => proxy.close());
  opened.reachable['x11'] = [proxy.socket];
  opened.sealed.push(proxy.socket);
  opened.variables['DISPLAY'] = proxy.display;
}

/** The same environment with some variables in place of their own; bytes as the kernel holds them. */
export function withVariables(
  environment: readonly Buffer[],
  variables: Readonly<Record<string, string>>,
): Buffer[] {
  const names = Object.keys(variables).map((name) => Buffer.from(`${name}=`));
  return [
    ...environment.filter((one) => !names.some((name) => one.subarray(0, name.length).equals(name))),
    ...Object.entries(variables).map(([name, value]) => Buffer.from(`${name}=${value}`)),
  ];
}
