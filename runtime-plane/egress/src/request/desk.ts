/**
 * Decides on requests of one connection: facts, policy, body, obligations, credentials. What is not allowed, or could not be asked,
 * looked at or done, goes nowhere.
 */
import { answerable, inject } from '../credentials/inject.ts';
import type { CredentialIndex } from '../credentials/match.ts';
import { scrubbedResponse } from '../credentials/response.ts';
import { Scrubber } from '../credentials/scrub.ts';
import type { Forward, Refusal, RequestDesk, RequestHead, Verdict } from '../http/desk.ts';
import type { EgressSettings } from '../settings.ts';
import type { Injection, KnownCredential, RefusedReason } from '../wire.ts';
import { askWithBody, type BodyTools, carriedOut, emptyResource, unreadResource } from './body-steps.ts';
import { credentialFacts, factsOf, type Surroundings, withoutFound, withTexts } from './facts.ts';
import { GuardedBody } from './guarded-body.ts';
import { HeldBody } from './held-body.ts';
import type { Tally } from './ledger.ts';
import { AskedRequest, type Lines } from './question.ts';

export type DeskOptions = Omit<Lines, 'askMs'> &
  Surroundings &
  BodyTools & {
    /** Names under which the session resolved the address, the latest first. */
    readonly hosts: readonly string[];
    readonly body: EgressSettings['body'];
    /** Of the same credentials. */
    readonly index: CredentialIndex;
    /** 60 s when absent. */
    readonly askMs?: number;
  };

const askMs = 60_000;
const unproven =
  'The request carries a credential of the organisation that was not given to it; use its placeholder.';

export function openDesk(options: DeskOptions): RequestDesk {
  return new Desk(options);
}

class Desk implements RequestDesk {
  readonly #options: DeskOptions & Lines;
  /** Of all secrets, for what is told of requests. */
  readonly #all: Scrubber;

  constructor(options: DeskOptions) {
    this.#options = { askMs, ...options };
    this.#all = new Scrubber(injectionsOf(options.credentials));
  }

  async open(head: RequestHead): Promise<Verdict> {
    try {
      return await this.#open(head);
    } catch {
      const message = 'The request could not be decided on.';
      return refuse({ status: 403, reason: 'unresolvable', message, decision: undefined });
    }
  }

  malformed(why: string, reason: RefusedReason = 'malformed_request'): Refusal {
    const { connection, refused, ip, port, hosts } = this.#options;
    const [host] = hosts;
    const isUnclear = reason === 'malformed_request';
    const about = isUnclear ? 'The request cannot be understood in one way only' : 'The request is refused';
    const message = `${about}: ${why.slice(0, 200)}.`;
    const destination = { ...(host === undefined ? {} : { host }), ip, port };
    refused({ connection, reason, message, destination });
    return { status: 400, reason, message, decision: undefined };
  }

  async #open(head: RequestHead): Promise<Verdict> {
    const request = this.#read(head);
    if (request.excess) {
      const message = 'The request holds more values than are looked at.';
      const refusal = request.asked.refuse('credential_provenance', message);
      if (refusal) return refuse(refusal);
    }
    const { asked } = request;
    const { max_bytes: maxBytes } = this.#options.body;
    await asked.ask();
    if (asked.answer.needsBody === true) {
      if (head.upgrade !== undefined) await asked.ask(unreadResource('stream'));
      else if (head.length === 0) await asked.ask(emptyResource);
      else if (head.length === undefined || head.length <= maxBytes) return this.#held(request, true);
      else {
        const refusal = await this.#tooLong(asked, head.length);
        if (refusal) return refuse(refusal);
      }
    }
    const refusal = this.#final(asked) ?? this.#passes(asked, head.length ?? 0);
    if (refusal) return refuse(refusal);
    const wantsBody = asked.obligation('redact') ?? asked.obligation('quarantine');
    if (!wantsBody || head.length === 0) return this.#go(request);
    if (head.upgrade === undefined && (head.length ?? 0) <= maxBytes) return this.#held(request, false);
    const message = `The permission asks to ${wantsBody.kind} the body, and it is too long for that.`;
    const failed = asked.refuse('obligation_failed', message);
    return failed ? refuse(failed) : this.#go(request);
  }

  #read(head: RequestHead): Read {
    const { credentials, index, seen } = this.#options;
    const facts = factsOf(head, this.#options);
    const { path = '', query } = facts.destination;
    const { found, isWhole } = index.inHead(head.headers, path, query);
    const injected = inject(head, credentials);
    for (const { id } of injected.credentials) seen.gave(head.host, id);
    const given = seen.secretsOf(head.host);
    const isGiven = credentials.filter(({ id }) => given.has(id));
    const exposed = isGiven.length > 0 ? new Scrubber(injectionsOf(isGiven)) : undefined;
    const safe = withTexts(withoutFound(facts, found), (text) => this.#all.text(text));
    const credential = credentialFacts(
      found.map((one) => one.credential),
      injected.credentials,
    );
    return {
      asked: new AskedRequest(head, this.#options, safe, credential, this.#all),
      headers: exposed ? answerable(injected.headers) : injected.headers,
      exposed,
      excess: !isWhole,
      tally: seen.tally(head.host, head.length ?? 0),
    };
  }

  /** Nothing of it goes out before the policy has answered to what is in it. */
  #held(request: Read, isAskedAgain: boolean): Forward {
    const { asked } = request;
    const { pool } = this.#options;
    return {
      ...this.#forward(request),
      body: new HeldBody({
        maxBytes: this.#options.body.max_bytes,
        hold: (bytes) => pool.hold(bytes),
        release: (bytes) => pool.release(bytes),
        whole: async (body) => {
          try {
            const unread = isAskedAgain ? await askWithBody(asked, body, this.#options) : undefined;
            const refusal = unread ?? this.#final(asked) ?? this.#passes(asked, body.length);
            const made = refusal ?? (await carriedOut(asked, body, this.#options));
            if (Buffer.isBuffer(made)) request.tally.begin();
            return made;
          } catch {
            asked.end('failed', 0, 0);
            const message = 'The body could not be decided on.';
            return { status: 403, reason: 'unresolvable', message, decision: asked.answer.decision };
          }
        },
        over: async (why) => {
          const refusal = await this.#over(asked, why, isAskedAgain);
          if (!refusal) request.tally.begin();
          return refusal;
        },
        passes: (bytes) => this.#passes(asked, bytes),
      }),
      bodyChanges: true,
    };
  }

  async #over(
    asked: AskedRequest,
    why: 'size' | 'memory',
    isAskedAgain: boolean,
  ): Promise<Refusal | undefined> {
    const message = 'Too many bodies are being looked at; try again later.';
    const refusal =
      why === 'memory'
        ? asked.refuse('body_limits', message, 503)
        : isAskedAgain
          ? await this.#tooLong(asked, undefined)
          : this.#unable(asked);
    return refusal ?? this.#final(asked) ?? (needsWhole(asked) ? this.#unable(asked) : undefined);
  }

  #unable(asked: AskedRequest): Refusal | undefined {
    const message = `The permission asks for something to be done to the body, and it is longer than ${this.#options.body.max_bytes} bytes.`;
    return asked.refuse('obligation_failed', message);
  }

  /** What the settings say about a body that nobody looks at. @returns why it does not go on; undefined: it was asked about */
  async #tooLong(asked: AskedRequest, length: number | undefined): Promise<Refusal | undefined> {
    const { max_bytes: maxBytes, over } = this.#options.body;
    if (over === 'deny') {
      const message = `The body is longer than ${maxBytes} bytes, which is as much as is looked at.`;
      const refusal = asked.refuse('body_limits', message, 413);
      if (refusal) return refusal;
    }
    await asked.ask(unreadResource('size', length));
    return undefined;
  }

  /** @returns why it does not go on after the last answer */
  #final(asked: AskedRequest): Refusal | undefined {
    const { answer } = asked;
    if (answer.needsBody === true && !asked.isAudit)
      return asked.refuse('content_unread', 'The answer depends on the body, and nobody could look at it.');
    if (!answer.allow && answer.needsBody !== true) return asked.denied();
    if (!asked.isUnproven) return undefined;
    return asked.refuse('credential_provenance', unproven);
  }

  #passes(asked: AskedRequest, bytes: number): Refusal | undefined {
    const most = asked.obligation('limit')?.max_bytes;
    if (most === undefined || bytes <= most) return undefined;
    return asked.refuse('body_limits', `The permission is for ${most} bytes, and the body is longer.`, 413);
  }

  #go(request: Read): Forward {
    request.tally.begin();
    return this.#forward(request);
  }

  #forward({ asked, headers, exposed, tally }: Read): Forward {
    const { head } = asked;
    return {
      effect: 'forward',
      headers,
      target: head.target,
      ...this.#watched(asked),
      response: (response) => (exposed ? scrubbedResponse(response, exposed) : { head: response }),
      ...(exposed ? { trailers: (trailers) => exposed.headers(trailers) } : {}),
      ended: (result, sentBytes, receivedBytes) => {
        tally.end(sentBytes);
        asked.end(result, sentBytes, receivedBytes);
      },
    };
  }

  /** What goes on as it comes is counted, and looked at for credentials that nobody may bring. */
  #watched(asked: AskedRequest): Pick<Forward, 'body'> {
    const { index } = this.#options;
    const { head } = asked;
    const isLimited = asked.obligation('limit')?.max_bytes !== undefined;
    if (head.length === 0 || head.upgrade !== undefined || (index.isEmpty && !isLimited)) return {};
    let isFound = false;
    const look = (text: string): Refusal | undefined => {
      if (isFound || index.isEmpty || index.inBody(text).found.length === 0) return undefined;
      isFound = true;
      return asked.refuse('credential_provenance', unproven);
    };
    return { body: new GuardedBody({ look, passes: (bytes) => this.#passes(asked, bytes) }) };
  }
}

type Read = {
  readonly asked: AskedRequest;
  /** As they go out. */
  readonly headers: Forward['headers'];
  /** For a far side that knows secrets. */
  readonly exposed: Scrubber | undefined;
  readonly excess: boolean;
  readonly tally: Tally;
};

function needsWhole(asked: AskedRequest): boolean {
  return asked.obligation('redact') !== undefined || asked.obligation('quarantine') !== undefined;
}

function injectionsOf(credentials: readonly KnownCredential[]): Injection[] {
  return credentials.flatMap(({ injection }) => (injection ? [injection] : []));
}

function refuse(refusal: Refusal): Verdict {
  return { effect: 'refuse', refusal };
}
