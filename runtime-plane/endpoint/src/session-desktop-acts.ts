/** What connecting to a service of the desktop comes to, as acts and records. */
import type { DecisionInput } from '@chaperone/protocol';
import { type ServiceFacts, Services } from './context/services.ts';
import type { DesktopLimits } from './decide/limits.ts';
import type { Action } from './intercept/actions.ts';
import type { LoopQuestion } from './session-messages.ts';

export class DesktopActs {
  readonly #services: Services;
  readonly #limits: DesktopLimits | undefined;

  constructor(services: ServiceFacts, limits: DesktopLimits | undefined) {
    this.#services = new Services(services);
    this.#limits = limits;
  }

  /**
   * The act with its service named; a connection through which the clipboard can be used without any further act that we
   * see is that use, too.
   * @param inode of the socket, as `AskFrame` gives it
   */
  of(act: Action, inode: string | undefined): Action[] {
    const service =
      act.name === 'ipc_connect'
        ? this.#services.of(act.path?.path ?? '', inode)
        : act.name === 'connect'
          ? this.#services.ofPort(act.destination?.port, act.destination?.protocol)
          : undefined;
    if (service === undefined) return [act];
    const named: Action = { ...act, operation: service };
    if (isAbstract(act) || !this.#sharesClipboard(service)) return [named];
    const use = (operation: string): Action => ({ name: 'use_clipboard', operation, repeatable: false });
    return [named, use('read'), use('write')];
  }

  /**
   * An abstract name of an X display that could lead out of the session: told that nobody listens there, X clients try
   * the socket's path, which tells the session's own display from others. Any other answer ends their attempt.
   */
  isElsewhere(act: Action | undefined): boolean {
    return act?.operation === 'x11' && isAbstract(act) && this.#limits?.ownAbstract !== true;
  }

  isGranted(service: string): boolean {
    return this.#limits?.reachable[service] !== undefined;
  }

  #sharesClipboard(service: string): boolean {
    return (service === 'wayland' || service === 'x11') && this.#limits?.reachable[service] === 'any';
  }
}

const isAbstract = (act: Action): boolean => act.path?.path.startsWith('@') === true;

type BusQuestion = Extract<LoopQuestion, { kind: 'bus_refused' | 'bus_lost' }>;

export function busRefusal(question: BusQuestion): { message: string; input: DecisionInput } {
  const bus = question.bus.replace('_', ' ');
  const input = { action: 'ipc_connect', operation: question.bus } as const;
  switch (question.kind) {
    case 'bus_refused': {
      const { call, times } = question;
      const again = times > 1 ? ` ${times} times` : '';
      return {
        message: `A call on the ${bus} that the floor does not grant was not passed on${again}.`,
        input: {
          ...input,
          call: { name: call.method, arguments: { destination: call.destination, path: call.path, times } },
        },
      };
    }
    case 'bus_lost':
      return { message: `The proxy of the ${bus} ended (${question.how}); the bus is closed.`, input };
    default:
      return question satisfies never;
  }
}
