/**
 * One connection of the agent: its first bytes tell what it speaks, what it speaks tells how it is carried. TLS passes unopened
 * unless a rule looks inside of requests; HTTP is read in any case, because its Host says where it goes.
 */
import { isIP, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { DeskMaker } from './desks.ts';
import { firstBytes } from './first-bytes.ts';
import { isListed, isOpaque } from './hosts.ts';
import { carryHttp1, type RequestDesk } from './http/index.ts';
import { carryHttp2 } from './http2/index.ts';
import type { Resolver } from './names/index.ts';
import { hostDesk, refusingDesk } from './plain-desks.ts';
import { splice } from './splice.ts';
import { acceptTls, type Authority, type ClientHello, connectUpstream } from './tls/index.ts';
import type {
  Answer,
  ConnectionId,
  Question,
  Refused,
  RefusedReason,
  Start,
  Target,
  ToEndpoint,
} from './wire.ts';

const handshakeMs = 20_000;
/** The endpoint says sooner that nobody comes. */
const unclaimedMs = 30_000;
/** An agent's socket that is closed altogether looks half-closed until it is asked. */
const aliveMs = 60_000;
/** Fatal access_denied (RFC 8446 §6.2): clients say that the other side refused, not that the network is broken. */
const accessDenied = Buffer.from([21, 3, 3, 0, 2, 2, 49]);

export type Ended = Omit<Extract<ToEndpoint, { kind: 'ended' }>, 'kind'>;

export type Surroundings = {
  readonly settings: Start['settings'];
  readonly authority: Authority;
  /** Whom destinations may have their certificate from. */
  readonly trust: SecureContext;
  readonly resolver: Resolver;
  readonly deskFor: DeskMaker;
  readonly ask: (question: Question) => Promise<Answer>;
  readonly refused: (refusal: Refused) => void;
  readonly ended: (ended: Ended) => void;
};

type Opening = { readonly near: Socket; readonly bytes: Buffer; readonly hello: ClientHello };

export class Connection {
  readonly #id: ConnectionId;
  readonly #to: Target;
  /** Undefined for questions about names, which are answered here. */
  readonly #far: Socket | undefined;
  readonly #around: Surroundings;
  readonly #gone: () => void;
  readonly #startedMs = performance.now();
  #near: Socket | undefined;
  #certificate: Ended['certificate'];
  #isOver = false;
  readonly #unclaimed: NodeJS.Timeout;

  constructor(id: ConnectionId, to: Target, far: Socket | undefined, around: Surroundings, gone: () => void) {
    this.#id = id;
    this.#to = to;
    this.#far = far;
    this.#around = around;
    this.#gone = gone;
    this.#unclaimed = setTimeout(() => this.close('abandoned'), unclaimedMs).unref();
  }

  /** Settles when all is over. */
  async carry(near: Socket): Promise<void> {
    near.on('error', () => {});
    if (this.#near || this.#isOver) {
      near.destroy();
      return;
    }
    clearTimeout(this.#unclaimed);
    near.allowHalfOpen = true;
    near.setNoDelay(true);
    near.setKeepAlive(true, aliveMs);
    this.#near = near;
    let result: 'done' | 'failed' = 'failed';
    try {
      result = await this.#carry(near);
    } catch {
      // What went wrong with one connection ends that one.
    } finally {
      this.close(result);
    }
  }

  close(result: Ended['result']): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#unclaimed);
    this.#near?.destroy();
    this.#far?.destroy();
    this.#gone();
    this.#around.ended({
      connection: this.#id,
      result,
      sentBytes: this.#near?.bytesRead ?? 0,
      receivedBytes: this.#near?.bytesWritten ?? 0,
      tookMs: performance.now() - this.#startedMs,
      ...(this.#certificate ? { certificate: this.#certificate } : {}),
    });
  }

  /** The policy changed. */
  async recheck(): Promise<void> {
    const { hosts, ip } = this.#to;
    const answer = await this.#asked(hosts[0] ?? ip, 'tls');
    if (!answer.allow) this.close('abandoned');
  }

  async #carry(near: Socket): Promise<'done' | 'failed'> {
    const far = this.#far;
    if (!far) {
      await this.#around.resolver.serveStream(near, this.#id);
      return 'done';
    }
    const first = await firstBytes(near, far);
    switch (first.kind) {
      case 'closed':
        return 'failed';
      case 'malformed_tls':
        return this.#refuse(near, 'uninspectable', `TLS that cannot be read: ${first.why}`);
      case 'opaque':
        return this.#opaque(near, far, first.bytes);
      case 'http':
        return this.#http(near, far, first.bytes);
      case 'tls':
        return this.#tls({ near, bytes: first.bytes, hello: first.hello }, far);
      default:
        return first satisfies never;
    }
  }

  #opaque(near: Socket, far: Socket, bytes: Buffer): Promise<'done' | 'failed'> | 'failed' {
    const { inspect, port, hosts, ip } = this.#to;
    const known = isOpaque(hosts[0] ?? ip, port, this.#around.settings.opaque);
    if (inspect && !known)
      return this.#refuse(near, 'uninspectable', 'A rule looks inside of requests, and this is none.');
    return passed(near, far, bytes);
  }

  async #http(near: Socket, far: Socket, bytes: Buffer): Promise<'done' | 'failed'> {
    const { hosts, ip, inspect, port } = this.#to;
    const host = hosts[0] ?? ip;
    near.unshift(bytes);
    const desk =
      inspect || isListed(host, this.#around.settings.inspect)
        ? this.#desk()
        : hostDesk((why, reason) => this.#say(reason, why));
    await carryHttp1({ near, far, scheme: 'http', host, hosts: hosts.slice(1), port, desk });
    return 'done';
  }

  async #tls(opening: Opening, far: Socket): Promise<'done' | 'failed'> {
    const { near, hello, bytes } = opening;
    const { hosts, ip } = this.#to;
    let { inspect } = this.#to;
    const host = hello.sni ?? hosts[0] ?? ip;
    if (hello.sni !== undefined && !hosts.includes(hello.sni)) {
      if (hosts.length > 0)
        return this.#refuse(
          near,
          'host_mismatch',
          `TLS names ${hello.sni}, the address is that of ${hosts.join(', ')}`,
        );
      const answer = await this.#asked(hello.sni, 'tls');
      if (!answer.allow) return this.#turnAway(near);
      inspect = answer.inspect === true;
    }
    const isClosed = isListed(host, this.#around.settings.passthrough);
    if (isClosed && inspect)
      return this.#refuse(
        near,
        'uninspectable',
        `A rule looks inside of requests to ${host}, whose TLS is not opened`,
      );
    if (inspect || (!isClosed && isListed(host, this.#around.settings.inspect)))
      return this.#intercept(opening, far, host);
    if (hello.sni === undefined && hosts.length > 0)
      return this.#refuse(near, 'no_name', `TLS names no host, the address is that of ${hosts.join(', ')}`);
    return passed(near, far, bytes);
  }

  async #intercept({ near, bytes, hello }: Opening, far: Socket, host: string): Promise<'done' | 'failed'> {
    const { authority, trust } = this.#around;
    const outside = await connectUpstream({ far, host, alpn: hello.alpn, trust, deadlineMs: handshakeMs });
    const alpn = outside.ok ? outside.alpn : hello.alpn.find((one) => one === 'http/1.1');
    const context = authority.contextFor(host);
    const inside = await acceptTls({ near, first: bytes, context, alpn, deadlineMs: handshakeMs });
    if (!inside.ok) {
      this.#say(
        'uninspectable',
        `the program does not take the certificate of the session: ${inside.message}`,
      );
      return 'failed';
    }
    const { hosts, port } = this.#to;
    const carried = {
      near: inside.socket,
      scheme: 'https',
      host,
      hosts: isIP(host) ? [] : hosts,
      port,
    } as const;
    if (!outside.ok) {
      const reason = outside.code === 'certificate' ? 'upstream_certificate' : 'uninspectable';
      const message = `the certificate of ${host} does not hold, or it does not speak TLS: ${outside.message}`;
      this.#say(reason, message);
      await carryHttp1({
        ...carried,
        far,
        desk: refusingDesk({ status: 502, reason, message, decision: undefined }),
      });
      return 'failed';
    }
    const { subject, issuer, fingerprint256, validTo } = outside.certificate;
    this.#certificate = { subject, issuer, fingerprint256, validTo };
    const carry = outside.alpn === 'h2' ? carryHttp2 : carryHttp1;
    await carry({ ...carried, far: outside.socket, desk: this.#desk() });
    return 'done';
  }

  #desk(): RequestDesk {
    const { ip, port, hosts } = this.#to;
    return this.#around.deskFor({ connection: this.#id, ip, port, hosts });
  }

  #asked(host: string, protocol: 'tls' | 'http'): Promise<Answer> {
    return this.#around.ask({ about: 'host', connection: this.#id, host, protocol });
  }

  #refuse(near: Socket, reason: RefusedReason, message: string): Promise<'failed'> | 'failed' {
    this.#say(reason, message);
    return this.#turnAway(near);
  }

  #say(reason: RefusedReason, message: string): void {
    const { hosts, ip, port } = this.#to;
    const [host] = hosts;
    const destination = { ...(host === undefined ? {} : { host }), ip, port };
    this.#around.refused({ connection: this.#id, reason, message, destination });
  }

  /** At once, and so that the program hears of it: an alert where it may understand one, then a reset. */
  async #turnAway(near: Socket): Promise<'failed'> {
    this.#far?.resetAndDestroy();
    await new Promise<void>((resolve) => near.write(accessDenied, () => resolve()));
    near.resetAndDestroy();
    return 'failed';
  }
}

function passed(near: Socket, far: Socket, bytes: Buffer): Promise<'done' | 'failed'> {
  if (bytes.length > 0) far.write(bytes);
  return splice(near, far);
}
