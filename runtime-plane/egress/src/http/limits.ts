/** Bounds of one connection; whatever comes, no more than these is kept or waited for. */
export type Http1Limits = {
  /** Of a head with its first line, in bytes. */
  readonly headBytes: number;
  readonly headers: number;
  readonly targetBytes: number;
  /** Of all trailers of one body. */
  readonly trailerBytes: number;
  /** Interim responses (1xx) before the final one. */
  readonly interim: number;
  /** Of a body that is held until its length is known; a longer one goes out in chunks. */
  readonly collectBytes: number;
  /** Of the body of a refused request: what is longer costs the connection. */
  readonly drainBytes: number;
  /** From the first byte of a head to its last. */
  readonly headMs: number;
  /** Without a byte from either side. */
  readonly idleMs: number;
  /** The same when one side has said that it sends no more: it may be gone altogether. */
  readonly halfClosedMs: number;
  /** What the agent still sends after our last answer is read and dropped, so that it gets that answer and no reset. */
  readonly lingerMs: number;
  readonly lingerBytes: number;
};

export const HTTP1_LIMITS: Http1Limits = {
  headBytes: 65_536,
  headers: 200,
  targetBytes: 16_384,
  trailerBytes: 8_192,
  interim: 32,
  collectBytes: 1_048_576,
  drainBytes: 65_536,
  headMs: 30_000,
  idleMs: 600_000,
  halfClosedMs: 60_000,
  lingerMs: 10_000,
  lingerBytes: 67_108_864,
};

/** Time as the carrier sees it. */
export type Http1Clock = {
  /** Calls `run` every `ms` milliseconds. @returns what ends that */
  readonly every: (ms: number, run: () => void) => () => void;
};

export const SYSTEM_CLOCK: Http1Clock = {
  every: (ms, run) => {
    const timer = setInterval(run, ms);
    timer.unref();
    return () => {
      clearInterval(timer);
    };
  },
};
