/** One request that may go on, until its response is over. */
import { answerFailure, answerMalformed, answerRefusal } from './answer.ts';
import { type Forward, RefusedBody, type RequestDesk } from './desk.ts';
import { Gone, Unreadable } from './errors.ts';
import type { Http1Limits } from './limits.ts';
import { receive } from './receive.ts';
import type { ParsedRequest } from './request.ts';
import { send } from './send.ts';
import { guard } from './through.ts';
import type { Wire } from './wire.ts';

export type Line = {
  readonly near: Wire;
  readonly far: Wire;
  readonly desk: RequestDesk;
  readonly limits: Http1Limits;
};

export type Exchange = {
  readonly line: Line;
  readonly request: ParsedRequest;
  readonly forward: Forward;
  sentBytes: number;
  receivedBytes: number;
  /** The head of the request is on its way. */
  headSent: boolean;
  /** The agent was told to send the body. */
  continued: boolean;
  /** The head of a final response is on its way to the agent. */
  answered: boolean;
  /** All of it is. */
  responded: boolean;
  /** No more of the request is read. */
  stopped: boolean;
};

type Outcome =
  | { readonly again: boolean }
  | { readonly broken: 'request' | 'response'; readonly error: unknown };

/** @returns whether another request may follow on this connection */
export async function exchange(line: Line, request: ParsedRequest, forward: Forward): Promise<boolean> {
  guard(forward.body);
  const one: Exchange = {
    line,
    request,
    forward,
    sentBytes: 0,
    receivedBytes: 0,
    headSent: false,
    continued: false,
    answered: false,
    responded: false,
    stopped: false,
  };
  const outcome = await bothWays(one);
  if ('again' in outcome) {
    end(one, 'done');
    return outcome.again;
  }
  const { error } = outcome;
  line.far.abort();
  const abandoned = line.near.closed || (error instanceof Gone && error.side === 'near');
  tell(one, outcome.broken, error);
  end(one, abandoned ? 'abandoned' : 'failed');
  return false;
}

async function bothWays(one: Exchange): Promise<Outcome> {
  let sending: Promise<void> | undefined;
  try {
    sending = send(one);
  } catch (error) {
    return { broken: 'request', error };
  }
  return sending ? await whileSending(one, sending) : await afterSending(one);
}

async function afterSending(one: Exchange): Promise<Outcome> {
  try {
    return { again: await receive(one) };
  } catch (error) {
    return { broken: 'response', error };
  }
}

async function whileSending(one: Exchange, sending: Promise<void>): Promise<Outcome> {
  const { far, near } = one.line;
  let failure: { readonly error: unknown } | undefined;
  let settled = false;
  const sent = sending.then(
    () => {
      settled = true;
    },
    (error: unknown) => {
      settled = true;
      failure = { error };
      // A far side that reads no more may still have answered.
      if (!isFarGone(error)) far.abort();
    },
  );
  const stop = (): void => {
    one.stopped = true;
    far.abort();
    near.wake();
    one.forward.body?.destroy();
  };
  const outcome = await afterSending(one);
  const again = 'again' in outcome && outcome.again;
  // Whoever was answered before it was told to send its body may send it or not: there is no telling what comes next.
  if (again && (!one.request.expects || one.continued)) {
    far.watch = () => {
      if (far.ended || far.closed) stop();
    };
    far.watch();
    await sent;
    far.watch = undefined;
  }
  if (!settled) {
    stop();
    await sent;
    return again ? { again: false } : outcome;
  }
  if (!failure || isFarGone(failure.error)) return failure && again ? { again: false } : outcome;
  return { broken: 'request', error: failure.error };
}

function isFarGone(error: unknown): boolean {
  return error instanceof Gone && error.side === 'far';
}

/** The agent learns what happened, where it has not been told something else. */
function tell({ line, request, answered, responded }: Exchange, broken: string, error: unknown): void {
  const { near, desk } = line;
  const { method } = request.head;
  if (responded) return;
  if (answered) near.abort();
  else if (error instanceof RefusedBody) answerRefusal(near, error.refusal, method, true);
  else if (error instanceof Unreadable && broken === 'request') answerMalformed(near, desk, error);
  else if (error instanceof Unreadable) answerFailure(near, `The far side sent ${error.message}.`, method);
  else if (!(error instanceof Gone))
    answerFailure(near, 'What came could not be handled; nothing was passed on.', method);
}

function end({ forward, sentBytes, receivedBytes }: Exchange, result: Parameters<Forward['ended']>[0]): void {
  forward.body?.destroy();
  try {
    forward.ended(result, sentBytes, receivedBytes);
  } catch {
    // It was told; what comes of that is its own.
  }
}
