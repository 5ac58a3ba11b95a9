/**
 * What asks, the same for all rows. Its argument is a `Load` in JSON. It prints `{ready}` before each phase, waits for a line, and
 * prints what it measured, so that whoever started it can look at the clocks of other processes in between.
 */
import { createInterface } from 'node:readline';
import { Channel, type Way } from './channel.ts';
import { downRequest, getRequest, postRequest, type Request, upRequest } from './requests.ts';

export type PhaseName = 'get' | 'post' | 'alone' | 'connections' | 'down' | 'up';

export type Load = Way & {
  readonly phases: readonly PhaseName[];
  readonly connections: number;
  /** Of `get` and `post` each; a third of them is asked before, unmeasured. */
  readonly requests: number;
  /** Of `alone`, on one connection. */
  readonly alone: number;
  /** Of `connections`, each with one request. */
  readonly opened: number;
  readonly streamBytes: number;
};

/** Milliseconds; per second; MB/s. Only what belongs to the phase. */
export type Measured = {
  readonly perSecond?: number;
  readonly p50?: number;
  readonly p99?: number;
  readonly mbPerSecond?: number;
  /** Requests or bytes in what was measured. */
  readonly amount: number;
};

export type Said =
  | { readonly kind: 'checked'; readonly issuer: string; readonly closed: number; readonly personal: number }
  | { readonly kind: 'ready'; readonly phase: PhaseName }
  | { readonly kind: 'measured'; readonly phase: PhaseName; readonly measured: Measured }
  | { readonly kind: 'failed'; readonly why: string };

const load = JSON.parse(process.argv[2] ?? '{}') as Load;
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (what: Said): void => void process.stdout.write(`${JSON.stringify(what)}\n`);

async function allAsk(count: number, channels: readonly Channel[], make: () => Request): Promise<number[]> {
  const times: number[] = [];
  let left = count;
  await Promise.all(
    channels.map(async (channel) => {
      const request = make();
      while (left > 0) {
        left -= 1;
        const begun = performance.now();
        const { status } = await channel.ask(request.next());
        times.push(performance.now() - begun);
        if (status !== 200) throw new Error(`answered with ${status}`);
      }
    }),
  );
  return times;
}

const openAll = (count: number): Promise<Channel[]> =>
  Promise.all(Array.from({ length: count }, () => Channel.open(load)));

function spread(times: readonly number[]): { readonly p50: number; readonly p99: number } {
  const sorted = Float64Array.from(times).sort();
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

/** @param go is called when all is warm; what it returns settles when the measuring may begin */
async function requests(
  count: number,
  connections: number,
  make: () => Request,
  go: () => Promise<void>,
): Promise<Measured> {
  const channels = await openAll(connections);
  await allAsk(Math.ceil(count / 3), channels, make);
  await go();
  const begun = performance.now();
  const times = await allAsk(count, channels, make);
  const seconds = (performance.now() - begun) / 1000;
  for (const channel of channels) channel.close();
  return { perSecond: count / seconds, ...spread(times), amount: count };
}

async function connections(go: () => Promise<void>): Promise<Measured> {
  let left = 0;
  const times: number[] = [];
  const one = async (): Promise<void> => {
    const request = getRequest(load.port);
    while (left > 0) {
      left -= 1;
      const begun = performance.now();
      const channel = await Channel.open(load);
      await channel.ask(request.next());
      times.push(performance.now() - begun);
      channel.close();
    }
  };
  const all = async (count: number): Promise<void> => {
    left = count;
    await Promise.all(Array.from({ length: load.connections }, one));
  };
  await all(Math.ceil(load.opened / 3));
  times.length = 0;
  await go();
  const begun = performance.now();
  await all(load.opened);
  const seconds = (performance.now() - begun) / 1000;
  return { perSecond: load.opened / seconds, ...spread(times), amount: load.opened };
}

async function stream(direction: 'down' | 'up', go: () => Promise<void>): Promise<Measured> {
  const channel = await Channel.open(load);
  const piece = Buffer.alloc(256 << 10, 'chaperone ');
  const once = async (bytes: number): Promise<void> => {
    const { status } =
      direction === 'down'
        ? await channel.ask(downRequest(load.port, bytes))
        : await channel.ask(upRequest(load.port, bytes), { piece, bytes });
    if (status !== 200) throw new Error(`answered with ${status}`);
  };
  await once(Math.ceil(load.streamBytes / 8));
  await go();
  const begun = performance.now();
  await once(load.streamBytes);
  const seconds = (performance.now() - begun) / 1000;
  channel.close();
  return { mbPerSecond: load.streamBytes / 1e6 / seconds, amount: load.streamBytes };
}

function measure(phase: PhaseName, go: () => Promise<void>): Promise<Measured> {
  switch (phase) {
    case 'get':
      return requests(load.requests, load.connections, () => getRequest(load.port), go);
    case 'post':
      return requests(load.requests, load.connections, () => postRequest(load.port), go);
    case 'alone':
      return requests(load.alone, 1, () => getRequest(load.port), go);
    case 'connections':
      return connections(go);
    case 'down':
    case 'up':
      return stream(phase, go);
    default:
      return phase satisfies never;
  }
}

/** What the row is: who signed the certificate, and what its policy makes of what it does not allow. */
async function check(): Promise<void> {
  const channel = await Channel.open(load);
  const { status: closed } = await channel.ask(getRequest(load.port, 'closed').next());
  const { status: personal } = await channel.ask(postRequest(load.port, true).next());
  say({ kind: 'checked', issuer: channel.issuer, closed, personal });
  channel.close();
}

try {
  await check();
  for (const phase of load.phases) {
    const measured = await measure(phase, async () => {
      say({ kind: 'ready', phase });
      await lines.next();
    });
    say({ kind: 'measured', phase, measured });
  }
} catch (error) {
  say({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
process.stdin.destroy();
