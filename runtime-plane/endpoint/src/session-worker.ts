/** The thread of the decision loop: opens what the loop needs, runs it, closes the journal. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { Policy } from '@chaperone/policy';
import type { ContentRules } from './context/content-facts.ts';
import type { ContentScanner } from './context/content-scan.ts';
import { Mounts } from './context/mounts.ts';
import { Names } from './context/subject.ts';
import { DecisionClasses } from './decide/decision-class.ts';
import { loadPolicyFiles } from './decide/load-policy.ts';
import { isUnder } from './decide/moved.ts';
import type { Steps } from './flow.ts';
import { openKernel } from './intercept/kernel.ts';
import { carriedOut } from './obligations/carry-out.ts';
import { DenialsFile, loadDeviceKey, openJournal, SessionRecord } from './record/index.ts';
import { answerRelease, releaseObligations } from './session-release.ts';
import { SessionLoop } from './session-loop.ts';
import { SessionContent } from './session-content.ts';
import type { LoopMessage, LoopPlan } from './session-messages.ts';

/** Loaded for a policy that looks at content, so that no other session pays for it. */
async function scannerOf(rules: ContentRules, key: Uint8Array): Promise<ContentScanner> {
  return (await import('./session-content-scanner.ts')).openScanner(rules, key);
}

async function start(plan: LoopPlan, say: (message: LoopMessage) => void): Promise<void> {
  const { session, mode, person, agent, limits } = plan;
  const { locations, ...rest } = plan.policy;
  const policy = loadPolicyFiles(locations, { ...rest, knownObligations: carriedOut });
  const key = loadDeviceKey(plan.stateDir);
  const journal = openJournal({ dir: plan.journalDir, session, key, clock: Date.now });
  const record = new SessionRecord(journal, key, plan.counters);
  const { argv, cwd, floor, version } = plan;
  const { bundle: _bundle, ...place } = plan.policy;
  record.start({
    session,
    argv,
    cwd,
    user: person.user,
    groups: person.groups,
    ...(agent.id ? { agent: agent.id } : {}),
    revision: policy.revision,
    policy: {
      ...place,
      locations: plan.policy.locations.map((one) => path.resolve(one)),
      entrypoint: policy.entrypoint,
    },
    mode,
    floor,
    version,
  });
  const denials = plan.denials === undefined ? undefined : new DenialsFile(plan.denials, key.salt, Date.now);
  const steps: Steps = {
    session: {
      person,
      agent,
      mode,
      owners: new Names('/etc/passwd'),
      mounts: new Mounts(),
      clock: Date.now,
    },
    policy,
    classes: new DecisionClasses(policy, limits),
    limits,
    listFolder: (folder) => readdirSync(folder, { withFileTypes: true }),
    surroundings: {
      tell: (text) => say({ kind: 'tell', text }),
      endSession: () => say({ kind: 'end_session' }),
      isQuarantined: (where) => plan.quarantine.some((one) => isUnder(where, one)),
    },
    denied({ decision, input, id, proceeds }) {
      if (decision.effect !== 'deny') return;
      if (!proceeds) denials?.add(input, id, decision);
      say({ kind: 'denied', input, decision, id, proceeded: proceeds });
    },
    record: (...body) => record.decision(...body),
  };
  const kernel = openKernel();
  const { settings, isRead } = policy.content;
  const { hand_over: handOver, ...rules } = settings;
  const content = new SessionContent({
    rules,
    handOver,
    scanner: isRead ? await scannerOf(rules, plan.contentKey) : undefined,
    post: (job) => say({ kind: 'content', job, rules }),
  });
  let forReleases: Policy | undefined;
  const loop = new SessionLoop(plan, kernel, steps, record, denials, content, say, (act) => {
    // Of an output more may be asked than of an act that is held.
    forReleases ??= loadPolicyFiles(locations, { ...rest, knownObligations: releaseObligations(carriedOut) });
    return answerRelease(act, steps, forReleases);
  });
  say({ kind: 'ready' });
  const { exitCode, cause } = loop.run();
  try {
    record.end(exitCode, cause);
  } finally {
    say({ kind: 'done', allowed: record.allowed, denied: record.denied });
  }
}

const port = parentPort;
if (!port) throw new Error('the decision loop runs in a thread of its own');
try {
  await start(workerData as LoopPlan, (message) => port.postMessage(message));
} catch (error) {
  // Whoever asks now must not wait for somebody to listen.
  openKernel().close((workerData as LoopPlan).questions);
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'loop';
  port.postMessage({
    kind: 'failed',
    code,
    message: error instanceof Error ? error.message : String(error),
  } satisfies LoopMessage);
}
