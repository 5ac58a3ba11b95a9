/** What to do about a denial, in one sentence that holds for every denial with this reason. */
import type { DenyReason } from './decision.ts';

/** For a person and for the agent's model: neither may be led to try another way round. */
export function adviceFor(reason: DenyReason): string {
  switch (reason) {
    case 'policy':
      return 'A rule forbids this; do without it, or ask the owner of the policy.';
    case 'default_deny':
      return 'No rule covers this; if the task needs it, ask the owner of the policy for a rule.';
    case 'floor':
      return 'No rule can allow this in a running session; the floor of the policy decides it at the start.';
    case 'refused_call':
      return 'This call is refused in every session; use a program or setting that does without it.';
    case 'not_permitted_in_session':
      return 'Sessions do not offer this; do without it.';
    case 'unresolvable':
      return 'What it is about could not be determined; name it by a plain absolute path.';
    case 'policy_missing':
    case 'policy_error':
    case 'policy_timeout':
    case 'invalid_decision':
      return 'The policy itself is at fault; its owner has to correct it, trying again does not help.';
    case 'unknown_obligation':
      return 'This is allowed only on a condition that cannot be met here; ask the owner of the policy for a rule without it.';
    case 'obligation_failed':
      return 'A condition of the permission could not be met; the person at the machine has to look into it.';
    case 'content_unread':
      return 'What is in the file could not be looked at; try again when nobody is writing to it, or take a smaller part of it.';
    case 'journal_failed':
      return 'Decisions cannot be recorded; make room on the disk of the journal and start a new session.';
    case 'egress':
      return 'The connection or request itself is at fault, as the message says; no rule can allow it as it is.';
    case 'supervisor_lost':
      return 'The session has lost its supervisor; start a new one.';
    default:
      return reason satisfies never;
  }
}
