/** Races for connections: the address flips between a peer that is allowed and one that is denied and must see nothing. */
import { expect, test } from 'vitest';
import { collect, type Isolation, situation, situations } from './world.ts';
import { dearTries, places, race, raceWorld, timeoutMs, tries } from './world-race.ts';

type Race = { what: string; how: string; only?: Isolation; many?: boolean };
const races: readonly Race[] = [
  { what: 'connect, the path of a Unix socket', how: 'unix', many: true },
  { what: 'connect, the port', how: 'tcp', only: 'process' },
  { what: 'connect, the port, carried by the relay', how: 'tcp', only: 'namespace' },
  { what: 'connect of a datagram socket, the port', how: 'udp', only: 'process', many: true },
  { what: 'sendto, the port', how: 'sendto', only: 'process', many: true },
  // Inside namespaces sendmsg is not decided: there the denied peer does not exist.
  { what: 'sendmsg, the port', how: 'sendmsg', only: 'process', many: true },
  { what: 'connect, the descriptor by dup2', how: 'number', only: 'process', many: true },
];

for (const [index, { what, how, only, many }] of races.entries()) {
  const wanted = situations.flatMap(({ isolation }, at) =>
    only === undefined || only === isolation ? [at] : [],
  );
  const chosen = places(index).length > 1 ? wanted : wanted.slice(index % wanted.length).slice(0, 1);
  if (wanted.length === 0) console.log(`skipped: ${what}, because ${only} isolation does not work here`);
  for (const at of chosen) {
    test(
      `${what} flips: ${situation(at).title} [req: enforce:race:network]`,
      { timeout: timeoutMs * 2 },
      async () => {
        using world = raceWorld(at);
        const server = world.bare([world.compile('race-serve.c'), world.dir], ['pipe', 'pipe', 'pipe']);
        const ended = collect(server, timeoutMs * 2);
        const ports = await new Promise<string>((resolve) => server.stdout?.once('data', resolve));
        const [allowed = 0, denied = 0] = ports.trim().split(' ').map(Number);
        world.ports({ denied, datagram: how === 'number' ? allowed : 0 });
        const count = String(many ? tries : dearTries);
        if (how === 'number') await race(world, what, 'race-number', [count, 'connect', String(allowed)]);
        else await race(world, what, 'race-socket', [count, how, String(allowed), String(denied)]);
        server.stdin?.end();
        const reached = JSON.parse((await ended).stdout.split('\n')[1] ?? '') as {
          allowed: number;
          denied: number;
        };
        console.log(`  peers: ${JSON.stringify(reached)}`);
        expect(reached.denied, 'the denied peer was reached').toBe(0);
        if (how !== 'udp' && how !== 'number') expect(reached.allowed).toBeGreaterThan(0);
      },
    );
  }
}
