/** Answers of a far side that knows a secret, as the agent gets them. */
import { Transform } from 'node:stream';
import type { Forward, Header, ResponseHead } from '../http/desk.ts';
import { type Scrubber, scrubbing } from './scrub.ts';

/**
 * Without the secrets in head and body. An answer that is coded although none was asked for is not handed over: what is in it could
 * not be told.
 */
export function scrubbedResponse(head: ResponseHead, scrubber: Scrubber): ReturnType<Forward['response']> {
  if (head.headers.some(isCoding)) return unreadable();
  // Frames of what follows an upgrade have fixed lengths.
  const isUpgrade = head.status === 101;
  const kept = head.headers.filter(([name]) => isUpgrade || name.toLowerCase() !== 'content-length');
  return {
    head: { ...head, headers: scrubber.headers(kept) },
    body: scrubbing(scrubber, isUpgrade),
  };
}

function isCoding([name, value]: Header): boolean {
  return name.toLowerCase() === 'content-encoding' && !/^\s*(?:identity\s*)?$/i.test(value);
}

function unreadable(): ReturnType<Forward['response']> {
  const message =
    'The answer is coded although that was not asked for, so that nobody can tell what is in it.';
  const body = new Transform({
    transform(_chunk, _encoding, done) {
      done();
    },
  });
  // Said at once; what follows comes to nothing.
  body.push(JSON.stringify({ error: 'refused', reason: 'uninspectable', message }));
  return {
    head: { status: 502, headers: [['content-type', 'application/json']] },
    body,
  };
}
