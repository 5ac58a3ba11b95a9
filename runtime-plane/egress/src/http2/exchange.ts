/** One request of the agent and its response: a stream of the near session, and one of the far session once the desk allowed it. */
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Transform } from 'node:stream';
import { type Forward, RefusedBody, type Refusal, type RequestDesk } from '../http/desk.ts';
import { fieldsObject, fieldsOf, keepSensitive, requestFields, respond, responseFields } from './fields.ts';
import type { Understood } from './head.ts';
import { pump } from './pump.ts';
import { answerRefusal, isGrpc } from './refusal.ts';

const { NGHTTP2_CANCEL, NGHTTP2_FLAG_END_STREAM, NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR } = constants;
const { NGHTTP2_REFUSED_STREAM } = constants;

export type Surroundings = {
  readonly destination: ClientHttp2Session;
  readonly desk: RequestDesk;
  readonly maxInformational: number;
  /** Nothing of the exchange is left. */
  readonly over: (exchange: Exchange) => void;
};

export class Exchange {
  readonly #near: ServerHttp2Stream;
  readonly #request: Understood;
  readonly #sensitive: IncomingHttpHeaders;
  readonly #around: Surroundings;
  #far: ClientHttp2Stream | undefined;
  #forward: Forward | undefined;
  #result: 'done' | 'failed' | 'abandoned' | undefined;
  #decided = false;
  #isOver = false;
  #nearGone = false;
  #farGone = false;
  /** The far side said all of its response, and the agent will get all of it. */
  #responded = false;
  #sent = 0;
  #received = 0;
  #informational = 0;
  #nearTrailers: readonly string[] = [];
  #farTrailers: readonly string[] = [];
  #transforms: Transform[] = [];
  /** Counts whatever moves, and what it was when last looked at. */
  #moved = 0;
  #movedBefore = -1;
  #stillSince = 0;

  /** @param fields of the agent's HEADERS frame, for its marks of what is sensitive */
  constructor(
    near: ServerHttp2Stream,
    request: Understood,
    fields: IncomingHttpHeaders,
    around: Surroundings,
  ) {
    this.#near = near;
    this.#request = request;
    this.#sensitive = fields;
    this.#around = around;
    near.on('trailers', (_fields, _flags, raw: string[]) => (this.#nearTrailers = raw));
    near.on('wantTrailers', () => sendTrailers(near, this.#farTrailers));
    near.once('close', () => this.#nearClosed());
  }

  /** Asks the desk and carries out what it says. Never rejects. */
  async open(): Promise<void> {
    const verdict = await this.#around.desk.open(this.#request.head);
    this.#decided = true;
    if (verdict.effect === 'refuse') {
      this.#answer(verdict.refusal);
    } else {
      this.#forward = verdict;
      if (!this.#nearGone) this.#guarded(() => this.#dispatch(verdict));
    }
    this.#settle();
  }

  /** Called from time to time: resets the exchange when nothing has moved for `idleMs`. @param now in ms, of any monotonic clock */
  look(now: number, idleMs: number): void {
    // Waiting for the desk is the desk's affair, and so is a body that it holds until it knows.
    const held = this.#forward !== undefined && this.#far === undefined && this.#near.readableEnded;
    if (!this.#decided || held || this.#moved !== this.#movedBefore) {
      this.#movedBefore = this.#moved;
      this.#stillSince = now;
    } else if (now - this.#stillSince >= idleMs) {
      this.#fail(NGHTTP2_CANCEL);
      // What was reset or said before, and is not taken, is dropped.
      this.#near.destroy();
      this.#far?.destroy();
    }
  }

  /** The far side will send no more: what it has not finished fails, what it has finished goes on. */
  destinationEnded(): void {
    const far = this.#far;
    if (far !== undefined && !(far.closed && far.rstCode === NGHTTP2_NO_ERROR))
      this.#fail(NGHTTP2_INTERNAL_ERROR);
  }

  #dispatch(forward: Forward): void {
    const near = this.#near;
    if (near.endAfterHeaders) {
      this.#start(forward, true, false);
      return;
    }
    const changes = forward.bodyChanges === true && forward.body !== undefined;
    const { body } = forward;
    const far = () => this.#far ?? this.#start(forward, false, changes);
    const sent = (bytes: number) => {
      this.#sent += bytes;
      this.#moved++;
    };
    if (body === undefined) {
      far();
      pump(near, far, sent);
      near.once('end', () => this.#guarded(() => this.#ended(() => far()?.end())));
      return;
    }
    this.#transforms.push(body);
    body.on('error', (error) => this.#broken(error));
    // A body that is held until it was looked at has a request only then: what is refused leaves nothing at the far side.
    if (!changes) far();
    else if (this.#request.head.headers.some(([name]) => name === 'expect'))
      near.additionalHeaders({ ':status': 100 });
    pump(
      near,
      () => body,
      () => this.#moved++,
    );
    near.once('end', () => this.#ended(() => body.end()));
    pump(body, () => this.#guarded(far), sent);
    body.once('end', () => this.#guarded(() => far()?.end()));
  }

  /** Does what follows the agent's last byte; a stream that was reset ends too, and what it sent is not all of its message. */
  #ended(proceed: () => void): void {
    if (this.#near.aborted || this.#near.closed || this.#near.rstCode !== NGHTTP2_NO_ERROR) {
      this.#dropFar(NGHTTP2_CANCEL);
    } else proceed();
  }

  #start(forward: Forward, empty: boolean, changes: boolean): ClientHttp2Stream | undefined {
    const { destination } = this.#around;
    if (this.#nearGone || this.#near.closed || this.#result !== undefined) return undefined;
    if (destination.closed || destination.destroyed) {
      // Nothing was processed: the agent may try again on another connection.
      this.#fail(NGHTTP2_REFUSED_STREAM);
      return undefined;
    }
    const fields = keepSensitive(requestFields(this.#request, forward, changes), this.#sensitive);
    // Trailers are waited for even where none will come: without, the library ends a stream before it resets it, and half a
    // message would look whole.
    const far = destination.request(fields, { endStream: empty, waitForTrailers: !empty });
    this.#far = far;
    far.on('error', () => undefined);
    far.on('wantTrailers', () => sendTrailers(far, this.#nearTrailers));
    far.on('headers', (fields, _flags, raw: string[]) => this.#guarded(() => this.#inform(fields, raw)));
    far.on('response', (fields, flags, raw: string[]) => {
      this.#guarded(() => this.#respond(forward, fields, flags, raw));
    });
    far.on('trailers', (_fields, _flags, raw: string[]) => {
      this.#farTrailers = forward.trailers ? forward.trailers(fieldsOf(raw)).flat() : raw;
    });
    far.once('close', () => this.#farClosed(far));
    return far;
  }

  #inform(fields: IncomingHttpHeaders & IncomingHttpStatusHeader, raw: readonly string[]): void {
    const status = fields[':status'] ?? 0;
    if (this.#near.headersSent || this.#near.closed) return;
    // What the far side was given by a desk, it may give back: nobody looks into these.
    if (status !== 100 && this.#forward?.headers !== this.#request.head.headers) return;
    if (status === 101 || ++this.#informational > this.#around.maxInformational)
      this.#fail(NGHTTP2_INTERNAL_ERROR);
    else this.#near.additionalHeaders({ ':status': status, ...fieldsObject(raw) });
    this.#moved++;
  }

  #respond(
    forward: Forward,
    fields: IncomingHttpHeaders & IncomingHttpStatusHeader,
    flags: number,
    raw: readonly string[],
  ): void {
    const near = this.#near;
    const far = this.#far;
    if (far === undefined || near.closed || near.headersSent) return;
    const { head, body } = forward.response({ status: fields[':status'] ?? 0, headers: fieldsOf(raw) });
    const empty = (flags & NGHTTP2_FLAG_END_STREAM) !== 0;
    const bodyless = empty || this.#request.head.method === 'HEAD' || [204, 205, 304].includes(head.status);
    const answer = keepSensitive(responseFields(head, body !== undefined && !bodyless), fields);
    if (bodyless) this.#responded = true;
    respond(near, answer, { endStream: bodyless, waitForTrailers: !bodyless });
    this.#moved++;
    const received = (bytes: number) => {
      this.#received += bytes;
      this.#moved++;
    };
    const whole = (end: () => void) => {
      // A stream that was reset ends as well, and must not look like a whole response.
      if (far.rstCode !== NGHTTP2_NO_ERROR || this.#result !== undefined) return;
      this.#responded = true;
      end();
    };
    if (bodyless) {
      far.on('data', (piece: Buffer) => received(piece.length));
    } else if (body === undefined) {
      pump(far, () => near, received);
      far.once('end', () => whole(() => near.end()));
    } else {
      this.#transforms.push(body);
      body.on('error', (error) => this.#broken(error));
      pump(far, () => body, received);
      far.once('end', () => whole(() => body.end()));
      pump(
        body,
        () => near,
        () => this.#moved++,
      );
      body.once('end', () => near.end());
    }
  }

  #nearClosed(): void {
    this.#nearGone = true;
    const whole = this.#responded && this.#near.rstCode === NGHTTP2_NO_ERROR && !this.#near.aborted;
    if (this.#forward !== undefined) this.#result ??= whole ? 'done' : 'abandoned';
    this.#dropFar(whole ? NGHTTP2_CANCEL : this.#near.rstCode || NGHTTP2_CANCEL);
    this.#settle();
  }

  #farClosed(far: ClientHttp2Stream): void {
    this.#farGone = true;
    if (this.#result === undefined && !this.#responded) {
      const dead = this.#around.destination.destroyed && far.rstCode !== NGHTTP2_REFUSED_STREAM;
      this.#fail(dead ? NGHTTP2_INTERNAL_ERROR : far.rstCode || NGHTTP2_INTERNAL_ERROR);
    } else if (this.#responded && !this.#near.readableEnded && !this.#near.endAfterHeaders) {
      // It answered without the rest of the body; the agent need not send that.
      this.#whenSaid(() => this.#near.close(NGHTTP2_NO_ERROR));
    }
    // Nobody wants it any more, and a stream with something to be read never closes.
    this.#near.resume();
    this.#settle();
  }

  /** After the last frame of the response, trailers included. */
  #whenSaid(then: () => void): void {
    const near = this.#near;
    const later = () => setImmediate(() => setImmediate(then));
    if (near.writableFinished) later();
    else near.once('finish', later);
  }

  #broken(error: Error): void {
    if (error instanceof RefusedBody) this.#refuse(error.refusal);
    else this.#fail(NGHTTP2_INTERNAL_ERROR);
  }

  #refuse(refusal: Refusal): void {
    this.#result ??= 'failed';
    this.#dropFar(NGHTTP2_CANCEL);
    this.#answer(refusal);
    this.#near.resume();
  }

  #answer(refusal: Refusal): void {
    const grpc = isGrpc(this.#request.head.headers);
    this.#guarded(() => answerRefusal(this.#near, refusal, grpc));
  }

  #fail(code: number): void {
    this.#result ??= 'failed';
    this.#dropFar(NGHTTP2_CANCEL);
    this.#near.close(code);
  }

  #dropFar(code: number): void {
    // One that closed of itself, with something left to be read, would stay.
    if (this.#far?.closed === true) this.#far.destroy();
    else this.#far?.close(code);
  }

  /** What cannot be carried (fields that may not be sent, a stream that went away meanwhile) ends this exchange and no other. */
  #guarded<Result>(act: () => Result): Result | undefined {
    try {
      return act();
    } catch {
      this.#fail(NGHTTP2_INTERNAL_ERROR);
      return undefined;
    }
  }

  #settle(): void {
    if (this.#isOver || !this.#decided || !this.#nearGone || (this.#far !== undefined && !this.#farGone))
      return;
    this.#isOver = true;
    for (const transform of this.#transforms) transform.destroy();
    const result = this.#result ?? 'abandoned';
    const unsent = result === 'done' ? 0 : Math.min(this.#sent, this.#far?.writableLength ?? 0);
    this.#forward?.ended(result, this.#sent - unsent, this.#received);
    this.#around.over(this);
  }
}

function sendTrailers(stream: ServerHttp2Stream | ClientHttp2Stream, raw: readonly string[]): void {
  if (stream.destroyed || stream.closed) return;
  try {
    stream.sendTrailers(fieldsObject(raw));
  } catch {
    stream.close(NGHTTP2_INTERNAL_ERROR);
  }
}
