/** Carries HTTP/2 between an agent and one destination: a session to each, and nothing shared with any other connection. */
import {
  type ClientHttp2Session,
  connect,
  constants,
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Duplex } from 'node:stream';
import type { RequestDesk } from '../http/desk.ts';
import { Exchange } from './exchange.ts';
import { fieldsOf } from './fields.ts';
import { type Fault, parseHead, type Place } from './head.ts';
import { agentOptions, defaultLimits, destinationOptions, type Http2Limits } from './limits.ts';
import { answerRefusal, isGrpc } from './refusal.ts';

export type Http2Connection = Place & {
  /** To the agent and to the destination: `h2` has been negotiated on both. They are ours from here on. */
  readonly near: Duplex;
  readonly far: Duplex;
  readonly desk: RequestDesk;
  readonly limits?: Partial<Http2Limits>;
};

/** Settles, without error, when both sides are closed. */
export async function carryHttp2(connection: Http2Connection): Promise<void> {
  const { near, far } = connection;
  const closed = Promise.all([whenClosed(near), whenClosed(far)]);
  try {
    join(connection);
  } catch {
    near.destroy();
    far.destroy();
  }
  await closed;
}

function join(connection: Http2Connection): void {
  const { near, far, desk } = connection;
  const limits = { ...defaultLimits, ...connection.limits };
  const agent = performServerHandshake(near, agentOptions(limits));
  // Every request says its own authority; this one is never sent.
  const destination = connect('https://destination.invalid', {
    ...destinationOptions(limits),
    createConnection: () => far,
  });
  const exchanges = new Set<Exchange>();
  let ending = false;
  let deadline: NodeJS.Timeout | undefined;

  const destroy = () => {
    near.destroy();
    far.destroy();
  };
  const arm = () => (deadline ??= setTimeout(destroy, limits.closeMs));
  /** No new streams; those that are open go on. */
  const end = () => {
    ending = true;
    agent.close();
    if (exchanges.size > 0) return;
    destination.close();
    arm();
  };
  const sideClosed = () => {
    end();
    arm();
    if (near.closed && far.closed) {
      clearTimeout(deadline);
      clearInterval(looking);
    }
  };
  const looking = setInterval(look, Math.max(10, Math.min(limits.streamIdleMs, limits.sessionIdleMs) / 4));
  let usedAt = performance.now();
  function look(): void {
    const now = performance.now();
    for (const exchange of exchanges) exchange.look(now, limits.streamIdleMs);
    if (exchanges.size > 0) usedAt = now;
    else if (now - usedAt >= limits.sessionIdleMs) end();
  }

  for (const [session, socket] of [
    [agent, near],
    [destination, far],
  ] as const) {
    // What went wrong shows in how streams and sockets close.
    session.on('error', () => undefined);
    session.once('goaway', end);
    session.once('close', end);
    socket.once('close', sideClosed);
  }
  near.once('end', () => near.destroy());
  // A response that came whole before the far side closed may still wait for the agent.
  far.allowHalfOpen = true;
  far.once('end', () => {
    for (const exchange of exchanges) exchange.destinationEnded();
    destination.close();
    end();
  });
  widen(agent, limits.windowBytes * 4);
  widen(destination, limits.windowBytes * 16);
  // Pushed before the destination knew that it may not.
  destination.on('stream', (pushed) => {
    pushed.on('error', () => undefined);
    pushed.close(constants.NGHTTP2_REFUSED_STREAM);
  });
  followStreams(agent, destination, limits.maxStreams);

  const around = {
    destination,
    desk,
    maxInformational: limits.maxInformational,
    over: (exchange: Exchange) => {
      exchanges.delete(exchange);
      usedAt = performance.now();
      if (ending) end();
    },
  };
  agent.on(
    'stream',
    (stream: ServerHttp2Stream, fields: IncomingHttpHeaders, _flags: number, raw: string[]) => {
      stream.on('error', () => undefined);
      // Streams that were reset still wait for their verdicts.
      if (ending || exchanges.size >= limits.maxStreams * 2) {
        stream.close(constants.NGHTTP2_REFUSED_STREAM);
        return;
      }
      const request = parseHead(raw, stream.endAfterHeaders, connection);
      if ('why' in request) {
        refuseFault(stream, request, desk, raw);
        return;
      }
      const exchange = new Exchange(stream, request, fields, around);
      exchanges.add(exchange);
      void exchange.open();
    },
  );
}

/** Over TLS a session has its handle only when it is connected, which may be later. */
function widen(session: ServerHttp2Session | ClientHttp2Session, bytes: number): void {
  const set = () => {
    if (!session.destroyed) session.setLocalWindowSize(bytes);
  };
  if (session.connecting) session.once('connect', set);
  else set();
}

/** The agent may have as many streams as the destination, so that none waits where nobody sees it. */
function followStreams(agent: ServerHttp2Session, destination: ClientHttp2Session, most: number): void {
  let told = most;
  const tell = () => {
    const wanted = Math.min(most, destination.remoteSettings.maxConcurrentStreams ?? most);
    // One change at a time: the destination may change its mind as often as it likes.
    if (wanted === told || agent.destroyed || agent.pendingSettingsAck) return;
    told = wanted;
    agent.settings({ maxConcurrentStreams: wanted });
  };
  destination.on('remoteSettings', tell);
  agent.on('localSettings', tell);
}

function refuseFault(
  stream: ServerHttp2Stream,
  fault: Fault,
  desk: RequestDesk,
  raw: readonly string[],
): void {
  const refusal = desk.malformed(fault.why, fault.reason);
  // 421: the client must not take this connection for that host (RFC 9110, 15.5.20).
  const status = fault.reason === 'host_mismatch' ? 421 : refusal.status;
  try {
    answerRefusal(stream, { ...refusal, status }, isGrpc(fieldsOf(raw)));
  } catch {
    stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }
}

async function whenClosed(socket: Duplex): Promise<void> {
  socket.on('error', () => undefined);
  if (!socket.closed) await new Promise<void>((resolve) => void socket.once('close', resolve));
}
