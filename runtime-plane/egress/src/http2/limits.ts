/** What one HTTP/2 connection may cost. Windows bound what is buffered: `maxStreams` times `windowBytes` in each direction at most. */
import type { ClientSessionOptions, ServerSessionOptions } from 'node:http2';

export type Http2Limits = {
  /** Streams of the agent at once; fewer when the destination permits fewer. */
  readonly maxStreams: number;
  /** Of all fields of one message, decoded. */
  readonly headerBytes: number;
  /** Of a body in one direction that the other side has not taken yet. */
  readonly windowBytes: number;
  /** A stream on which nothing moves for so long is reset. */
  readonly streamIdleMs: number;
  /** A connection without streams is closed after so long. */
  readonly sessionIdleMs: number;
  /** Until sockets are destroyed, when all streams are over or one side is gone. */
  readonly closeMs: number;
  /** Informational responses to one request. */
  readonly maxInformational: number;
  /** Streams that the agent may reset at once, and in each second from then on. */
  readonly resetBurst: number;
  readonly resetsPerSecond: number;
};

export const defaultLimits: Http2Limits = {
  maxStreams: 100,
  headerBytes: 65_536,
  windowBytes: 262_144,
  streamIdleMs: 600_000,
  sessionIdleMs: 600_000,
  closeMs: 2_000,
  maxInformational: 32,
  resetBurst: 1_000,
  resetsPerSecond: 33,
};

/** What both sides are told and held to. Frames that carry nothing count as invalid; unasked-for pings and settings end the session. */
function common(limits: Http2Limits) {
  return {
    maxSessionMemory: 64,
    maxSessionInvalidFrames: 100,
    maxHeaderListPairs: 1_000,
    maxOutstandingPings: 10,
    maxOutstandingSettings: 10,
    maxSettings: 32,
    // Placeholders in a head of `headerBytes` may grow, and what is too long to be sent would cost the whole session.
    maxSendHeaderBlockLength: limits.headerBytes * 8,
    // What came twice goes on twice: which of both counts is not for us to choose.
    strictSingleValueFields: false,
  };
}

export function agentOptions(limits: Http2Limits): ServerSessionOptions {
  return {
    ...common(limits),
    maxSessionRejectedStreams: 100,
    streamResetBurst: limits.resetBurst,
    streamResetRate: limits.resetsPerSecond,
    settings: {
      enableConnectProtocol: false,
      initialWindowSize: limits.windowBytes,
      maxConcurrentStreams: limits.maxStreams,
      maxHeaderListSize: limits.headerBytes,
    },
  };
}

export function destinationOptions(limits: Http2Limits): ClientSessionOptions {
  return {
    ...common(limits),
    settings: {
      enablePush: false,
      initialWindowSize: limits.windowBytes,
      maxHeaderListSize: limits.headerBytes,
    },
  };
}
