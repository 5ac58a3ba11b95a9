/** The egress process: its messages, and what it is made of. Everything it does is asked of the endpoint first. */
import type { Socket } from 'node:net';
import { Egress } from './egress.ts';
import type { ToEgress, ToEndpoint } from './wire.ts';

let egress: Egress | undefined;
/** Settles when all that was said is on its way. */
let said: Promise<void> = Promise.resolve();

/** What is said in one turn of the event loop goes together. */
let waiting: ToEndpoint[] = [];

function say(message: ToEndpoint): void {
  if (waiting.push(message) === 1) setImmediate(flush);
}

function flush(): void {
  const all = waiting;
  waiting = [];
  // An endpoint that is gone has ended the session, and this process with it.
  if (all.length === 0 || !process.connected) return;
  said = new Promise((resolve) => {
    process.send?.(all, undefined, undefined, (error) => {
      if (error) process.exit(1);
      resolve();
    });
  });
}

async function end(): Promise<void> {
  await egress?.end();
  flush();
  await said;
  process.exit(0);
}

process.on('disconnect', () => process.exit(0));
process.on('message', (messages, socket) => {
  for (const heard of messages as readonly ToEgress[]) hear(heard, socket as Socket | undefined);
});

function hear(heard: ToEgress, socket: Socket | undefined): void {
  if (heard.kind === 'end') return void end();
  if (heard.kind !== 'start') return egress?.hear(heard, socket);
  try {
    egress = new Egress(heard, say);
    say({ kind: 'ready', authority: egress.authority });
  } catch (error) {
    say({ kind: 'failed', message: `the egress process cannot start: ${String(error)}` });
    flush();
    process.exitCode = 1;
    process.disconnect();
  }
}
