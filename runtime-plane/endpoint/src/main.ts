/** Wiring and lifecycle of one session: policy, floor, decision loop, gate, relay; nothing is decided here. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { SessionError } from './enforce/errors.ts';
import { type Isolation, landlockRules, mountArguments } from './enforce/floor.ts';
import { chooseIsolation, landlockVersion, nameservers } from './enforce/host.ts';
import { defaultGate, findBubblewrap, launch, ownBytes } from './enforce/launch.ts';
import { Relay } from './enforce/relay.ts';
import { killDescendants } from './enforce/survivors.ts';
import { buildFilter } from './intercept/filter.ts';
import { openKernel } from './intercept/kernel.ts';
import { down, eventFrame, verdict } from './intercept/wire.ts';
import { defaultStateDir, maxClasses, removeDenials } from './record/index.ts';
import { openDesktop, withVariables } from './session-desktop.ts';
import { exitOf, followEvents } from './session-events.ts';
import type { LoopMessage, LoopPlan, LoopQuestion } from './session-messages.ts';
import { choosePolicy, type PolicyChoice } from './session-profile.ts';
import {
  cachedCode,
  countersFile,
  denialsOf,
  floorOf,
  limitsOf,
  machineOf,
  maskFile,
  personOf,
  policyOf,
  prepareFolders,
  workingDirectory,
} from './session-setup.ts';
import { forwardSignals } from './session-signals.ts';

export { SessionError } from './enforce/errors.ts';
export { lineModeProbe } from './enforce/terminal.ts';

export type SessionOptions = PolicyChoice & {
  readonly command: readonly string[];
  readonly isolation?: Isolation;
  readonly journal?: string;
  readonly stateDir?: string;
  readonly version: string;
  /** Another gate program: a test build. */
  readonly gate?: string;
};

/** What a person or a log may want to hear while the session runs. */
export type SessionNews =
  | { readonly kind: 'note'; readonly text: string }
  | Extract<LoopMessage, { kind: 'denied' | 'refused' }>;

export type SessionResult = {
  readonly session: string;
  readonly journal: string;
  /** Exit code of the agent, or the number of the signal that ended it. */
  readonly exit: { readonly code: number } | { readonly signal: number };
  /** errno when the command could not be started. */
  readonly startFailed?: number;
  readonly allowed: number;
  readonly denied: number;
};

const SIGKILL = 9;

/** Runs a command under policy until it ends. Throws SessionError, also for a policy or journal that cannot be used. */
export async function runSession(
  options: SessionOptions,
  news: (item: SessionNews) => void,
): Promise<SessionResult> {
  const { command } = options;
  const cwd = workingDirectory();
  const machine = machineOf();
  const person = personOf();
  const chosen = choosePolicy(options, { user: person.user, cwd, command: command[0] ?? '' });
  const { mode } = chosen;
  const stateDir = options.stateDir ?? defaultStateDir(process.env, homedir());
  const journalDir = path.resolve(options.journal ?? path.join(stateDir, 'journal'));
  const session = `s-${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
  const gate = options.gate ?? defaultGate();
  if (!existsSync(gate)) throw SessionError.noGate(gate);

  const tell = (text: string): void => news({ kind: 'note', text });
  const floor = floorOf(policyOf(chosen.policy), person, mode, command, cwd, tell);
  const bubblewrap = findBubblewrap(process.env);
  const landlock = landlockVersion(gate);
  const { isolation, note } = chooseIsolation(options.isolation, floor.isolation, bubblewrap, gate);
  if (note) tell(note);
  if (floor.nesting === 'mounts' && isolation !== 'namespace') throw SessionError.nestedMounts();
  prepareFolders([stateDir, journalDir]);
  const denials = denialsOf(stateDir, session, floor);
  const shown = denials === undefined ? undefined : path.dirname(denials);
  const desktop = await openDesktop(floor.desktop, {
    environment: process.env,
    home: homedir(),
    session,
    ownNetwork: isolation === 'namespace',
    note: tell,
  });
  const sealed = [...chosen.sealed, ...desktop.sealed];
  const limits = limitsOf(floor, { stateDir, journalDir, sealed });

  const kernel = openKernel();
  kernel.adoptOrphans();
  const [channel, channelOfGate] = kernel.socketPair();
  const [questions, questionsOfLoop] = kernel.socketPair();
  const counters = countersFile(kernel, maxClasses * 8);
  const ownNetwork = isolation === 'namespace';
  const sendOnBehalf = floor.unix_datagram || !ownNetwork;
  const gateEnd: { line?: Duplex } = {};
  const loop = startLoop(
    {
      channel,
      questions: questionsOfLoop,
      counters,
      session,
      mode,
      policy: chosen.policy,
      denials,
      journalDir,
      stateDir,
      limits: { ...limits, desktop: desktop.limits, ...(denials === undefined ? {} : { denials }) },
      services: desktop.services,
      person,
      agent: { ...chosen.agent, session },
      argv: command,
      cwd,
      version: options.version,
      floor: [
        `isolation:${isolation}`,
        `landlock:${landlock}`,
        `nesting:${floor.nesting}`,
        ...desktop.layers,
      ],
      machine,
      relay: ownNetwork,
      nameservers: nameservers(),
    },
    {
      ask(question) {
        const bytes = Buffer.from(JSON.stringify(question));
        kernel.send(questions, bytes, bytes.length);
      },
      toGate: (bytes) => void gateEnd.line?.write(bytes),
      news,
      clipboard: (question, allowed) => desktop.answered(question, allowed),
    },
  );
  desktop.attend(loop.ears.ask);
  await loop.ready;

  const raw = ownBytes(command.length);
  const child = launch({
    isolation,
    floor,
    rules: landlockRules(floor, isolation, shown),
    mounts: isolation === 'namespace' ? mountArguments(floor, limits.closed, maskFile(stateDir), shown) : [],
    filter: buildFilter({
      machine,
      nesting: floor.nesting,
      sendOnBehalf,
      ownNetwork,
      signalsScoped: landlock >= 6,
    }),
    argv: raw.argv,
    environment: withVariables(raw.environment, desktop.variables),
    cwd,
    session,
    denials,
    channel: channelOfGate,
    counters,
    bubblewrap,
    gate,
  });
  kernel.close(channelOfGate);
  const line = (child.stdio as readonly unknown[])[6] as Duplex; // a socket: libuv makes every 'pipe' one
  line.on('error', () => {});
  gateEnd.line = line;
  void loop.failed.then(() => child.kill('SIGKILL'));
  const stopForwarding = forwardSignals(process.stdin.isTTY, (signal) =>
    loop.ears.toGate(eventFrame(down.signal, signal, 0n)),
  );
  const end = await followEvents(line, { stopped: () => process.kill(process.pid, 'SIGSTOP') });
  stopForwarding();
  line.destroy();
  child.unref();
  if (end.status === undefined) await killDescendants();
  const exit = exitOf(end.status);
  if ('signal' in exit) kernel.leaveNoCore();
  await desktop.close();
  const totals = await loop
    .finish({
      kind: 'end',
      exitCode: 'code' in exit ? exit.code : 128 + exit.signal,
      cause: end.status === undefined ? 'the gate ended without saying why' : undefined,
    })
    .finally(() => denials !== undefined && removeDenials(denials));
  if (end.status === undefined && !end.ready) {
    throw new SessionError(
      'launch_failed',
      'the session could not be started; the line above says why, chaperone doctor what to do',
    );
  }
  const { startFailed } = end;
  return {
    session,
    journal: journalDir,
    exit,
    ...(startFailed === undefined ? {} : { startFailed }),
    ...totals,
  };
}

type Ears = {
  readonly ask: (question: LoopQuestion) => void;
  readonly toGate: (bytes: Buffer) => void;
  readonly news: (item: SessionNews) => void;
  readonly clipboard: (question: number, allowed: boolean) => void;
};

type RunningLoop = {
  readonly ears: Ears;
  /** Rejects with SessionError when the policy or the journal cannot be used. */
  readonly ready: Promise<void>;
  /** Resolves if the loop stops before it was told to. */
  readonly failed: Promise<void>;
  finish(end: LoopQuestion): Promise<{ allowed: number; denied: number }>;
};

/** The decision loop's thread, and the relay whose questions about names it answers. */
function startLoop(plan: LoopPlan, ears: Ears): RunningLoop {
  const worker = new Worker(new URL('./session-worker.ts', import.meta.url), {
    workerData: plan,
    trackUnmanagedFds: false, // it closes descriptors that the gate sent it
    ...cachedCode(),
  });
  const relay = relayFor(ears);
  const started = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<{ allowed: number; denied: number }>();
  const failed = Promise.withResolvers<void>();
  const fail = (error: SessionError): void => {
    started.reject(error);
    ended.reject(error);
    failed.resolve();
  };
  ended.promise.catch(() => {}); // whoever awaits the end hears it
  worker.on('message', (message: LoopMessage) => {
    switch (message.kind) {
      case 'ready':
        return started.resolve();
      case 'failed':
        return fail(new SessionError(message.code === 'refused' ? 'policy' : 'journal', message.message));
      case 'denied':
      case 'refused':
        return ears.news(message);
      case 'tell':
        return ears.news({ kind: 'note', text: message.text });
      case 'relay':
        if (message.descriptor >= 0) return relay.carrier.attach(message);
        return void relay.carrier.reach(message.destination).then((errno) => {
          const answer = errno === 0 ? verdict.allow : verdict.deny;
          ears.toGate(eventFrame(down.release, answer, message.id, errno));
        });
      case 'name':
        return relay.decided(message.question, message.allowed);
      case 'clipboard':
        return ears.clipboard(message.question, message.allowed);
      case 'end_session':
        return ears.toGate(eventFrame(down.signal, SIGKILL, 0n));
      case 'done':
        return ended.resolve({ allowed: message.allowed, denied: message.denied });
      default:
        return message satisfies never;
    }
  });
  worker.once('error', (error: Error) => {
    fail(new SessionError('launch_failed', `the decision loop failed: ${error.message}`, { cause: error }));
  });
  return {
    ears,
    ready: started.promise,
    failed: failed.promise,
    async finish(end) {
      ears.ask(end);
      try {
        return await ended.promise;
      } finally {
        relay.carrier.close();
        await worker.terminate();
      }
    },
  };
}

function relayFor({ ask }: Ears): { carrier: Relay; decided(question: number, allowed: boolean): void } {
  const waiting = new Map<number, (allowed: boolean) => void>();
  let last = 0;
  const carrier = new Relay({
    decide: (host, type) =>
      new Promise((resolve) => {
        last += 1;
        waiting.set(last, resolve);
        ask({ kind: 'name', question: last, host, type });
      }),
    learned: (host, addresses) => ask({ kind: 'addresses', host, addresses }),
  });
  return {
    carrier,
    decided(question, allowed) {
      waiting.get(question)?.(allowed);
      waiting.delete(question);
    },
  };
}
