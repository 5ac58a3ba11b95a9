/** Desks for what no rule looks into. */
import type { Refusal, RequestDesk } from './http/index.ts';
import type { RefusedReason } from './wire.ts';

/** Any request may go on whose Host agrees, which its carrier sees to. */
export function hostDesk(refused: (why: string, reason: RefusedReason) => void): RequestDesk {
  return {
    open: ({ headers, target }) =>
      Promise.resolve({ effect: 'forward', headers, target, response: (head) => ({ head }), ended() {} }),
    malformed(why, reason = 'malformed_request') {
      refused(why, reason);
      return { status: reason === 'host_mismatch' ? 421 : 400, reason, message: why, decision: undefined };
    },
  };
}

/** Whatever is asked gets this answer. */
export function refusingDesk(refusal: Refusal): RequestDesk {
  return {
    open: () => Promise.resolve({ effect: 'refuse', refusal }),
    malformed: () => refusal,
  };
}
