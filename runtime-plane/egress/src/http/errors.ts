/** What can end an exchange early. None of it leaves the carrier. */
import type { RefusedReason } from '../wire.ts';

export type Side = 'near' | 'far';

/** What came has no meaning, or more than one. `why` is for a person and holds nothing of what came. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly status: number;
  readonly reason: RefusedReason;

  constructor(why: string, status = 400, reason: RefusedReason = 'malformed_request') {
    super(why);
    this.status = status;
    this.reason = reason;
  }
}

/** One side is over before its message was. */
export class Gone extends Error {
  override readonly name = 'Gone';
  readonly side: Side;

  constructor(side: Side) {
    super(`the ${side} side ended too early`);
    this.side = side;
  }
}

/** A desk, or a stream it gave, broke its contract or failed. */
export class Unfit extends Error {
  override readonly name = 'Unfit';
}
