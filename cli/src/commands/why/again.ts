/** Asks the policy that is on disk now about what was recorded then, and says how far the two can be compared. */
import {
  type AnsweredAct,
  openedPlace,
  openQuestions,
  profileHomes,
  type QuestionPlace,
  SessionError,
} from '@chaperone/endpoint/question';
import type { Decision, DecisionInput, PolicyPlace, SessionStart } from '@chaperone/protocol';
import type { Found } from './find.ts';

export type Again =
  /** The answer is the recorded one, so how it comes about now explains how it came about then. */
  | {
      readonly kind: 'same';
      readonly answer: AnsweredAct;
      readonly revision: string;
      readonly caveats: readonly string[];
    }
  | {
      readonly kind: 'differs';
      readonly answer: AnsweredAct;
      readonly revision: string;
      readonly causes: readonly string[];
    }
  | { readonly kind: 'not_asked'; readonly why: string };

/** @param override a policy named by the person, in place of the recorded one */
export async function askAgain(
  { record, start, session }: Found,
  override: PolicyPlace | undefined,
  places: { readonly stateDir: string; readonly journalDir: string },
): Promise<Again> {
  if (record.kind === 'refusal')
    return { kind: 'not_asked', why: 'no policy was asked: this is refused in every session' };
  const { decision } = record;
  if (decision.effect === 'deny' && unrelated.has(decision.reason))
    return { kind: 'not_asked', why: 'the answer did not come from the policy alone' };
  if (decision.effect === 'deny' && decision.reason === 'unknown_obligation' && start && isServer(start))
    return { kind: 'not_asked', why: 'the enforcement point could not do what the policy asks for' };
  const recorded = override ?? start?.policy;
  const policy = recorded && record.entrypoint ? { ...recorded, entrypoint: record.entrypoint } : recorded;
  if (!start || !policy)
    return { kind: 'not_asked', why: 'the journal does not say where the policy was; name it with --policy' };
  const place: Omit<QuestionPlace, 'policy'> = {
    sealed: [...policy.locations, profileHomes().own],
    mode: start.mode,
    hasFloor: !isServer(start),
    person: { user: start.user ?? '', groups: start.groups ?? [] },
    agent: record.input.agent ?? { session },
    command: start.argv,
    cwd: start.cwd ?? '/',
    ...places,
  };
  try {
    const questions = openQuestions({ ...place, policy: await openedPlace(policy) }, () => {});
    const asked = completed(record.input, start, record.time);
    // What a server was told or saw is in its record, as far as the policy read it.
    const input = isServer(start) ? asked : questions.withDigests(asked);
    const answer = questions.askInput(input);
    return compare(decision, answer, questions.policy.revision, record.input, isServer(start));
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
    return { kind: 'not_asked', why: `the policy cannot be asked again: ${error.message}` };
  }
}

/** Its acts were held by others, so no floor of a session stood around the policy. */
function isServer({ floor }: SessionStart): boolean {
  return floor?.length === 0;
}

/** Reasons that lie in the moment, not in what was asked. */
const unrelated: ReadonlySet<string> = new Set(['obligation_failed', 'journal_failed', 'supervisor_lost']);

/** What every decision of a session shares is written once, at its start. */
function completed(input: DecisionInput, start: SessionStart, time: string): DecisionInput {
  return { time, ...input, ...(start.groups ? { groups: start.groups } : {}) };
}

function compare(
  then: Decision,
  answer: AnsweredAct,
  revision: string,
  recorded: DecisionInput,
  isWhole: boolean,
): Again {
  const { decision: now, reads } = answer;
  const changed = revision !== then.revision;
  const caveats: string[] = [];
  if (changed) caveats.push(`the policy was revision ${then.revision} then and is ${revision} now`);
  if (recorded.command?.argv?.some((one) => one.includes('‹')))
    caveats.push(
      'the record holds the arguments without secrets, so rules about them may see something else',
    );
  const read = (field: string): boolean => reads.includes(field) || reads.includes(field.split('.')[0] ?? '');
  if (!isWhole && (read('process.sha256') || read('command.sha256')))
    caveats.push('the policy reads a digest, which is that of the file as it is now');
  if (!isWhole && read('process.ancestors'))
    caveats.push('the policy reads the ancestors of the program, which are not recorded');
  const same =
    now.effect === then.effect &&
    now.reason === then.reason &&
    now.message === then.message &&
    now.rules.join('\0') === then.rules.join('\0');
  if (same) return { kind: 'same', answer, revision, caveats };
  const causes =
    caveats.length > 0 ? caveats : ['something that is not recorded decided it, such as the time'];
  return { kind: 'differs', answer, revision, causes };
}
