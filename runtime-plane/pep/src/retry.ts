/** Asks until an answer has been read, the attempts are used up, or the deadline has passed. */
import type { RetryOptions } from './options.ts';
import type { Surroundings } from './surroundings.ts';
import type { Exchange } from './transport.ts';

export type Asked = { readonly exchange: Exchange; readonly attempts: number };

/** Statuses that say: not decided, ask again. Any other status is an answer, and is not asked for twice. */
const againStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * @param send one attempt; each must be safe to repeat
 * @param attemptMs how long one attempt may take
 * @param signal aborted at the deadline, `deadlineAtMs` on the monotonic clock
 */
export async function askUntilAnswered(
  send: (signal: AbortSignal) => Promise<Exchange>,
  { retries, attemptMs }: { readonly retries: RetryOptions; readonly attemptMs: number },
  { signal, deadlineAtMs }: { readonly signal: AbortSignal; readonly deadlineAtMs: number },
  surroundings: Surroundings,
): Promise<Asked> {
  let mayBeStale = true;
  let requests = 0;
  for (let attempt = 1; ;) {
    const exchange = await withTimeout(send, attemptMs, signal);
    requests += 1;
    if (signal.aborted || !isWorthAnother(exchange)) return { exchange, attempts: requests };
    // A kept connection that the server had closed meanwhile says nothing about the server: it costs no attempt, once.
    if (exchange.kind === 'unreachable' && exchange.stale && mayBeStale) {
      mayBeStale = false;
      continue;
    }
    const waitMs = waitBefore(exchange, attempt, retries, surroundings);
    const isTooLate = surroundings.monotonicMs() + waitMs >= deadlineAtMs;
    if (attempt >= retries.attempts || isTooLate) return { exchange, attempts: requests };
    await surroundings.sleep(waitMs, signal);
    if (signal.aborted) return { exchange, attempts: requests };
    attempt += 1;
  }
}

async function withTimeout(
  send: (signal: AbortSignal) => Promise<Exchange>,
  attemptMs: number,
  signal: AbortSignal,
): Promise<Exchange> {
  const attempt = new AbortController();
  const stop = (): void => attempt.abort();
  const timer = setTimeout(stop, attemptMs);
  signal.addEventListener('abort', stop);
  try {
    return await send(attempt.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

function isWorthAnother(exchange: Exchange): boolean {
  switch (exchange.kind) {
    case 'answer':
      return againStatuses.has(exchange.status);
    case 'unreachable':
    case 'stopped':
      return true;
    case 'too_long':
    case 'untrusted':
      return false;
    default:
      return exchange satisfies never;
  }
}

/** Full jitter, so that many clients that failed at once do not come back at once; never before Retry-After. */
function waitBefore(
  exchange: Exchange,
  attempt: number,
  { baseMs, maxMs }: RetryOptions,
  { random, epochMs }: Surroundings,
): number {
  const jitterMs = random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
  if (exchange.kind !== 'answer') return jitterMs;
  return jitterMs + retryAfterMs(exchange.headers['retry-after'], epochMs());
}

/** RFC 9110, section 10.2.3: seconds or a date; what is neither is ignored. */
export function retryAfterMs(header: string | undefined, epochMs: number): number {
  if (header === undefined) return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? 0 : Math.max(0, at - epochMs);
}
