/**
 * Between what carries requests (HTTP/1.1, HTTP/2, WebSocket) and what decides on them: the carrier gives heads and bodies as they
 * come, the desk says what may go on and in which form. Nothing of a request reaches the far side before its desk allowed it.
 */
import type { Transform } from 'node:stream';
import type { RefusedReason } from '../wire.ts';

/** In the order and spelling of the wire; names in lower case under HTTP/2. */
export type Header = readonly [name: string, value: string];

export type RequestHead = {
  readonly method: string;
  /** With the query, as on the wire: begins with `/`, or is `*`. */
  readonly target: string;
  /** Host of the URL, lower case, without port; agrees with SNI and with what was allowed. */
  readonly host: string;
  readonly scheme: 'http' | 'https';
  readonly version: '1.0' | '1.1' | '2';
  readonly headers: readonly Header[];
  /** Bytes of the body when they are told beforehand; `undefined`: it comes in chunks; 0: there is none. */
  readonly length: number | undefined;
  /** Asks to go on with another protocol. */
  readonly upgrade?: 'websocket';
};

export type ResponseHead = {
  readonly status: number;
  readonly headers: readonly Header[];
};

/** What the agent gets instead: JSON with `error`, `reason`, `message`, `decision`. */
export type Refusal = {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  readonly decision: string | undefined;
};

export type Forward = {
  readonly effect: 'forward';
  /** As they go out: placeholders are replaced. The carrier adds what frames the message (length, chunks). */
  readonly headers: readonly Header[];
  /** Also the target, when something in it was replaced. */
  readonly target: string;
  /**
   * Through which the body passes. Absent: as it comes. It may end with a `RefusedBody` error: then nothing more goes out, the far
   * side is reset and the agent is answered with its refusal where nothing was answered yet.
   */
  readonly body?: Transform;
  /** Set when the body changes or is held until it has been looked at; then its length is what comes out. */
  readonly bodyChanges?: boolean;
  /**
   * Called once with the head of the final response. @returns the head as the agent gets it, and what its body passes through; the
   * body's length may change. What follows a 101 are frames, whose lengths may not change. A `body` that ends before
   * what it gets is all that the agent gets
   */
  readonly response: (head: ResponseHead) => { readonly head: ResponseHead; readonly body?: Transform };
  /** Called once with the trailers of the final response, if there are any. @returns them as the agent gets them */
  readonly trailers?: (trailers: readonly Header[]) => readonly Header[];
  /** Called once, when all is over. Bytes of bodies as they went over the far side's wire, before any coding of ours. */
  readonly ended: (result: 'done' | 'failed' | 'abandoned', sentBytes: number, receivedBytes: number) => void;
};

export type Verdict = Forward | { readonly effect: 'refuse'; readonly refusal: Refusal };

export interface RequestDesk {
  /** Never rejects. */
  open(head: RequestHead): Promise<Verdict>;
  /**
   * The carrier could not understand what came, or it names what was not allowed: recorded, and told to the agent.
   * `reason` is `malformed_request` unless given. The carrier puts the status of the protocol in place of the refusal's.
   */
  malformed(why: string, reason?: RefusedReason): Refusal;
}

/** Ends a body's transform. */
export class RefusedBody extends Error {
  override readonly name = 'RefusedBody';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}
