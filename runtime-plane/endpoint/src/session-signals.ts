/** Signals to us are signals to the agent; those of a terminal reach it by themselves, for it is in our process group. */

const sent: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGTERM: 15,
  SIGHUP: 1,
  SIGUSR1: 10,
  SIGUSR2: 12,
};
const fromTerminal: Readonly<Partial<Record<NodeJS.Signals, number>>> = { SIGINT: 2, SIGQUIT: 3 };
const SIGCONT = 18;

/** @returns undoes it */
export function forwardSignals(hasTerminal: boolean, send: (signal: number) => void): () => void {
  const handlers = new Map<NodeJS.Signals, () => void>();
  const handle = (name: string, handler: () => void): void =>
    void handlers.set(name as NodeJS.Signals, handler);
  for (const [name, number] of Object.entries(sent)) handle(name, () => send(number));
  for (const [name, number] of Object.entries(fromTerminal))
    handle(name, hasTerminal ? () => {} : () => send(number));
  // Our own stop follows the agent's, see session-events.ts.
  handle('SIGTSTP', () => {});
  handle('SIGCONT', () => send(SIGCONT));
  for (const [name, handler] of handlers) process.on(name, handler);
  return () => {
    for (const [name, handler] of handlers) process.off(name, handler);
  };
}
