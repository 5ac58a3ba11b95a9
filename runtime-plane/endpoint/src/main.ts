/** Wiring and lifecycle of one session: policy, floor, decision loop, gate, way out; nothing is decided here. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { SessionError } from './enforce/errors.ts';
import { demandedBy, type Isolation, landlockRules, mountArguments } from './enforce/floor.ts';
import { chooseIsolation, landlockVersion, nameservers } from './enforce/host.ts';
import { defaultGate, findBubblewrap, launch, ownBytes } from './enforce/launch.ts';
import type { Trust } from './enforce/trust.ts';
import { killDescendants } from './enforce/survivors.ts';
import { buildFilter } from './intercept/filter.ts';
import { openKernel } from './intercept/kernel.ts';
import { down, eventFrame, verdict } from './intercept/wire.ts';
import { defaultStateDir, maxClasses, removeDenials } from './record/index.ts';
import { asking } from './session-asking.ts';
import { openCredentials } from './session-credentials.ts';
import { openDesktop, withVariables } from './session-desktop.ts';
import { SessionEgress } from './session-egress.ts';
import { openLayer } from './session-layer.ts';
import { exitOf, followEvents } from './session-events.ts';
import { chooseVerifiedPolicy, type PolicyChoice } from './session-profile.ts';
import {
  countersFile,
  denialsOf,
  floorOf,
  limitsOf,
  machineOf,
  maskFile,
  personOf,
  policyOf,
  prepareFolders,
  removeEmpty,
  workingDirectory,
} from './session-setup.ts';
import { openTrust, trustFolder } from './session-trust.ts';
import { forwardSignals } from './session-signals.ts';
import { type SessionNews, startLoop } from './session-thread.ts';

export { SessionError } from './enforce/errors.ts';
export type { SessionNews } from './session-thread.ts';
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

/** Runs a command under policy until it ends. Throws SessionError, also for a policy or journal that cannot be used. */
export async function runSession(
  options: SessionOptions,
  news: (item: SessionNews) => void,
): Promise<SessionResult> {
  const { command } = options;
  const cwd = workingDirectory();
  const machine = machineOf();
  const person = personOf();
  const chosen = await chooseVerifiedPolicy(options, { user: person.user, cwd, command: command[0] ?? '' });
  const { mode } = chosen;
  const stateDir = options.stateDir ?? defaultStateDir(process.env, homedir());
  const journalDir = path.resolve(options.journal ?? path.join(stateDir, 'journal'));
  const session = `s-${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
  const gate = options.gate ?? defaultGate();
  if (!existsSync(gate)) throw SessionError.noGate(gate);

  const tell = (text: string): void => news({ kind: 'note', text });
  const policy = policyOf(chosen.policy);
  const { hand_over: _how, ...rules } = policy.content.settings;
  if (rules.custom !== undefined) (await import('./session-content-scanner.ts')).demandDetectors(rules);
  const contentKey = randomBytes(32);
  const floor = floorOf(policy, person, mode, command, cwd, tell);
  const bubblewrap = findBubblewrap(process.env);
  const landlock = landlockVersion(gate);
  const { isolation, note } = chooseIsolation(options.isolation, demandedBy(floor), bubblewrap, gate);
  if (note) tell(note);
  if (floor.nesting === 'mounts' && isolation !== 'namespace') throw SessionError.nestedMounts();
  prepareFolders([stateDir, journalDir]);
  const quarantine = await openLayer(floor, { stateDir, session, gate, rules, key: contentKey }, tell);
  const denials = denialsOf(stateDir, session, floor);
  const shown = denials === undefined ? undefined : path.dirname(denials);
  const credentials = openCredentials(stateDir, contentKey);
  const { asksRequests, settings: connections } = policy.egress;
  const inspect = [
    ...connections.inspect,
    ...credentials.known.flatMap(({ injection }) => injection?.hosts ?? []),
  ];
  const opensTls = asksRequests || inspect.length > 0;
  const uploads = asksRequests ? path.join(stateDir, 'uploads', session) : undefined;
  if (uploads !== undefined) prepareFolders([uploads]);
  const trusted = opensTls ? trustFolder(denials) : undefined;
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
      limits: {
        ...limits,
        desktop: desktop.limits,
        ...(denials === undefined ? {} : { denials }),
        ...(trusted === undefined ? {} : { trust: trusted }),
      },
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
        ...quarantine.layers.map(({ folder }) => `quarantine:${folder}`),
        ...desktop.layers,
      ],
      machine,
      quarantine: quarantine.layers.map(({ folder }) => folder),
      ownNetwork,
      nameservers: nameservers(),
      regions: connections.regions,
      opaque: connections.opaque,
      contentKey,
    },
    {
      ask: asking(kernel, questions),
      toGate: (bytes) => void gateEnd.line?.write(bytes),
      news,
      clipboard: (question, allowed) => desktop.answered(question, allowed),
      release: (question, answer) => quarantine.answered(question, answer),
      carry: (message) => egress.carry(message),
      answered: (answers) => egress.answered(answers),
    },
  );
  const egress = new SessionEgress(
    {
      session,
      settings: { ...connections, inspect },
      asksRequests,
      mode,
      nameservers: nameservers(),
      key: contentKey,
      credentials: credentials.known,
      ...(rules.custom === undefined ? {} : { custom: rules.custom }),
      off: rules.off,
      labelNames: rules.labels.names,
      quarantine: uploads,
    },
    {
      ask: loop.ears.ask,
      release: (call, goesOn, doorOrErrno) =>
        loop.ears.toGate(eventFrame(down.release, goesOn ? verdict.allow : verdict.deny, call, doorOrErrno)),
      tell,
    },
    ownNetwork,
  );
  desktop.attend(loop.ears.ask);
  quarantine.attend({
    ask: (question, act) => loop.ears.ask({ kind: 'release', question, act }),
    ended: (decision, result) => loop.ears.ask({ kind: 'released', decision, result }),
    tell,
  });
  const environment = process.env;
  let trust: Trust;
  try {
    [trust] = await Promise.all([
      openTrust(egress, trusted, { isolation, environment, home: homedir() }),
      loop.ready,
    ]);
  } catch (error) {
    await egress.close();
    quarantine.abandon();
    throw error;
  }
  for (const one of trust.notes) tell(one);

  const raw = ownBytes(command.length);
  const child = launch({
    isolation,
    floor,
    rules: landlockRules(floor, isolation, shown),
    mounts:
      isolation === 'namespace'
        ? mountArguments(floor, limits.closed, maskFile(stateDir), shown, trust.mounts)
        : [],
    layers: quarantine.layers,
    filter: buildFilter({
      machine,
      nesting: floor.nesting,
      sendOnBehalf,
      ownNetwork,
      signalsScoped: landlock >= 6,
    }),
    argv: raw.argv,
    environment: withVariables(raw.environment, {
      ...desktop.variables,
      ...credentials.environment,
      ...trust.environment,
    }),
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
  void loop.failed.then(() => {
    child.kill('SIGKILL');
    quarantine.fail('the decision loop failed, so the quarantine could not be settled');
  });
  const stopForwarding = forwardSignals(process.stdin.isTTY, (signal) =>
    loop.ears.toGate(eventFrame(down.signal, signal, 0n)),
  );
  const end = await followEvents(line, {
    stopped: () => process.kill(process.pid, 'SIGSTOP'),
    changed: quarantine.changed,
  });
  stopForwarding();
  line.destroy();
  child.unref();
  if (end.status === undefined) await killDescendants();
  const exit = exitOf(end.status);
  if ('signal' in exit) kernel.leaveNoCore();
  await egress.close();
  if (uploads !== undefined) removeEmpty(uploads);
  await desktop.close();
  await quarantine.finish();
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
