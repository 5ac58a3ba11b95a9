/** Another Open Policy Agent that answers in the place of our engine. Whatever goes wrong there is a deny here. */
import { Agent, type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { DecisionEngine, EngineCall } from '@chaperone/policy';
import { type Decision, type DecisionInput, deny, parseDecision } from '@chaperone/protocol';
import { PdpError } from '../errors.ts';

export type OpaServer = {
  /** Such as `opa http://127.0.0.1:8281`. */
  readonly name: string;
  /** An engine for one rule. */
  engine(rule: {
    readonly entrypoint: string;
    readonly knownObligations: ReadonlySet<string>;
  }): DecisionEngine;
  close(): void;
};

const maxAnswerBytes = 1024 * 1024;
const maxConnections = 64;

/**
 * @param address `http://…` or `https://…`, with a path where it is not at the root
 * @param deadlineMs from the question to the last byte of the answer
 * Throws PdpError `bad_option`.
 */
export function opaServer(address: string, deadlineMs: number): OpaServer {
  const base = URL.parse(address);
  if (
    base === null ||
    !/^https?:$/.test(base.protocol) ||
    base.username !== '' ||
    base.search !== '' ||
    base.hash !== ''
  )
    throw new PdpError(
      'bad_option',
      '--engine-url must be http://HOST:PORT or https://HOST:PORT, without user and query',
    );
  const isSecure = base.protocol === 'https:';
  const options = { keepAlive: true, maxSockets: maxConnections };
  const agent = isSecure ? new SecureAgent(options) : new Agent(options);
  const send = isSecure ? secureRequest : plainRequest;
  const name = `opa ${base.origin}${base.pathname === '/' ? '' : base.pathname}`;
  const revision = name;
  return {
    name,
    engine: ({ entrypoint, knownObligations }) => {
      const url = new URL(`${base.href.replace(/\/$/, '')}/v1/data/${entrypoint}`);
      const parsing = {
        revision,
        knownObligations,
        plainBoolean: entrypoint !== 'chaperone/access/decision',
      };
      return {
        name,
        async decide(input: DecisionInput, call?: EngineCall): Promise<Decision> {
          const deadline = AbortSignal.timeout(deadlineMs);
          const signal = call?.signal === undefined ? deadline : AbortSignal.any([deadline, call.signal]);
          try {
            const body = Buffer.from(JSON.stringify({ input }));
            const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length };
            const text = await exchange(send(url, { method: 'POST', agent, headers, signal }), body);
            return parseDecision(resultOf(text), parsing);
          } catch (error) {
            if (signal.aborted) return deny('policy_timeout', revision, `${name} took too long to decide.`);
            const why = error instanceof Error ? reasonOf(error) : 'unknown error';
            return deny('policy_error', revision, `${name} gave no answer: ${why}`);
          }
        },
      };
    },
    close: () => agent.destroy(),
  };
}

class BadAnswer extends Error {}

function reasonOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message.slice(0, 200);
}

function exchange(request: ClientRequest, body: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const fail = (why: string): void => {
        reject(new BadAnswer(why));
        request.destroy();
      };
      if (response.statusCode !== 200) {
        fail(`status ${response.statusCode ?? 0}`);
        return;
      }
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > maxAnswerBytes) fail(`more than ${maxAnswerBytes} bytes`);
        else chunks.push(chunk);
      });
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
      response.on('error', reject);
      response.on('close', () => reject(new BadAnswer('the connection ended before the answer')));
    });
    request.end(body);
  });
}

/** Undefined when the document is. */
function resultOf(text: string): unknown {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new BadAnswer('the answer is not JSON');
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    throw new BadAnswer('the answer is not an object');
  return Object.hasOwn(answer, 'result') ? (answer as { result?: unknown }).result : undefined;
}
