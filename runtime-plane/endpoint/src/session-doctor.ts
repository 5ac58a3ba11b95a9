/** Looks at this host as `runSession` would meet it. Changes nothing that stays. */
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostFacts, JournalFacts, KeyFacts, LayerFacts, PolicyFacts } from './enforce/doctor/facts.ts';
import { gatherDesktop, gatherGate, gatherKernel } from './enforce/doctor/gather.ts';
import { gatherNamespaces } from './enforce/doctor/gather-namespaces.ts';
import { gatherLimits, gatherSecurity, gatherSystem } from './enforce/doctor/gather-system.ts';
import { judge, type Report } from './enforce/doctor/judge.ts';
import { type Environment, tryProgram } from './enforce/doctor/try.ts';
import { SessionError } from './enforce/errors.ts';
import { demandedBy } from './enforce/floor.ts';
import { quarantinedFolders, tryLayer } from './enforce/layer.ts';
import { defaultGate, findBubblewrap } from './enforce/launch.ts';
import { defaultStateDir, findDeviceKey, JournalError } from './record/index.ts';
import { floorOf, personOf, policyOf, workingDirectory } from './session-setup.ts';

export type { HostFacts } from './enforce/doctor/facts.ts';
export type { Finding, Result } from './enforce/doctor/finding.ts';
export type { Report, Verdict } from './enforce/doctor/judge.ts';

export type DoctorOptions = {
  readonly environment: Environment;
  /** The session that this runs in, when the kernel confirms it. */
  readonly session: string | undefined;
  readonly policy?: string;
  readonly entrypoint?: string;
  readonly journal?: string;
  readonly stateDir?: string;
  /** Another gate program: a test build. */
  readonly gate?: string;
};

/** Never throws for what the host lacks: that is what it reports. Takes about 10 seconds for each thing that hangs. */
export function examineHost(options: DoctorOptions): Report {
  const { environment, session } = options;
  const gateFile = options.gate ?? defaultGate();
  const gate = gatherGate(gateFile, environment);
  const home = homedir();
  const stateDir = options.stateDir ?? defaultStateDir(environment, home);
  // Inside a session each try would be refused, and recorded as an attempt.
  const tries = session === undefined && gate.state === 'ready';
  const kernel = tries ? gatherKernel(gateFile) : undefined;
  const facts: HostFacts = {
    system: gatherSystem(environment),
    gate: tries && kernel === undefined ? { ...gate, state: 'broken', said: 'it did not finish' } : gate,
    ...(kernel ? { kernel } : {}),
    ...(tries ? { namespaces: gatherNamespaces(findBubblewrap(environment), gateFile, environment) } : {}),
    ...(tries ? { layer: layerFacts(gateFile, stateDir) } : {}),
    limits: gatherLimits(session),
    security: gatherSecurity(),
    ...(session === undefined
      ? recordFacts(options.journal ?? path.join(stateDir, 'journal'), stateDir)
      : {}),
    desktop: gatherDesktop(environment, home),
    nowMs: Date.now(),
    ...(options.policy === undefined
      ? {}
      : { policy: policyFacts(options.policy, options.entrypoint, stateDir) }),
  };
  return judge(facts);
}

function recordFacts(folder: string, stateDir: string): { journal: JournalFacts; key?: KeyFacts } {
  const journal = journalFacts(path.resolve(folder));
  const state = journalFacts(stateDir);
  // Where nothing answers, asking for the key would not end.
  return state.outcome === 'timed_out' ? { journal } : { journal, key: keyFacts(state) };
}

function journalFacts(folder: string): JournalFacts {
  const program = fileURLToPath(new URL('record/try-folder.ts', import.meta.url));
  const { works, timedOut, stdout, said } = tryProgram(process.execPath, [program, folder]);
  if (timedOut) return { folder, tried: folder, outcome: 'timed_out' };
  if (!works) return { folder, tried: folder, outcome: 'failed', problem: said };
  return { folder, ...(JSON.parse(stdout) as Omit<JournalFacts, 'folder'>) };
}

function keyFacts({ folder, tried, outcome, problem }: JournalFacts): KeyFacts {
  try {
    const key = findDeviceKey(folder);
    if (key !== undefined) return { state: 'present', folder, id: key.id };
    if (outcome === 'written' || problem === 'unsafe') return { state: 'absent', folder };
    return { state: 'unusable', folder, problem: `it cannot be made in ${tried} (${problem ?? 'error'})` };
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return { state: 'unusable', folder, problem: error.message };
  }
}

function layerFacts(gate: string, stateDir: string): LayerFacts {
  const problem = tryLayer(gate, path.join(stateDir, 'quarantine', 'layers'));
  return problem === undefined ? {} : { problem };
}

function policyFacts(location: string, entrypoint: string | undefined, stateDir: string): PolicyFacts {
  try {
    const policy = policyOf({ locations: [location], ...(entrypoint ? { entrypoint } : {}) });
    const floor = floorOf(policy, personOf(), 'enforce', [], workingDirectory(), () => {});
    quarantinedFolders(floor, path.join(stateDir, 'quarantine', 'layers'));
    return { location, isolation: demandedBy(floor), nesting: floor.nesting };
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
    return { location, problem: error.message };
  }
}
