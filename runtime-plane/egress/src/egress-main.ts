/** The egress process: its messages, and what it is made of. Everything it does is asked of the endpoint first. */
import type { Socket } from 'node:net';
import { Egress } from './egress.ts';
import type { ToEgress, ToEndpoint } from './wire.ts';

let egress: Egress | undefined;

function say(message: ToEndpoint): void {
  // An endpoint that is gone has ended the session, and this process with it.
  if (process.connected) process.send?.(message, undefined, undefined, (error) => error && process.exit(1));
}

process.on('disconnect', () => process.exit(0));
process.on('message', (message, socket) => {
  const heard = message as ToEgress;
  if (heard.kind === 'end') process.exit(0);
  if (heard.kind !== 'start') return egress?.hear(heard, socket as Socket | undefined);
  try {
    egress = new Egress(heard, say);
    say({ kind: 'ready', authority: egress.authority });
  } catch (error) {
    say({ kind: 'failed', message: `the egress process cannot start: ${String(error)}` });
    process.exitCode = 1;
    process.disconnect();
  }
});
