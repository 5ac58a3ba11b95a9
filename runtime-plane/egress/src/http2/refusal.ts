import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Header, Refusal } from '../http/desk.ts';
import { respond } from './fields.ts';

/** Calls of gRPC get their own kind of answer. */
export function isGrpc(headers: readonly Header[]): boolean {
  return headers.some(
    ([name, value]) => name === 'content-type' && /^application\/grpc(?:$|[+;\s-])/iu.test(value),
  );
}

/** Answers with the refusal where nothing was answered yet; otherwise the stream is reset, so that no part passes for the whole. */
export function answerRefusal(stream: ServerHttp2Stream, refusal: Refusal, grpc: boolean): void {
  if (stream.destroyed || stream.closed) return;
  if (stream.headersSent) {
    stream.close(constants.NGHTTP2_CANCEL);
    return;
  }
  const decision = refusal.decision === undefined ? [] : ['chaperone-decision', printable(refusal.decision)];
  if (grpc) {
    respond(
      stream,
      [
        ':status',
        '200',
        'content-type',
        'application/grpc',
        'grpc-status',
        '7',
        'grpc-message',
        percentEncoded(`${refusal.reason}: ${refusal.message}`),
        ...decision,
      ],
      { endStream: true },
    );
  } else {
    const body = Buffer.from(
      JSON.stringify({
        error: 'denied',
        reason: refusal.reason,
        message: refusal.message,
        decision: refusal.decision,
      }),
    );
    respond(
      stream,
      [
        ':status',
        String(refusal.status),
        'content-type',
        'application/json',
        'content-length',
        String(body.length),
        ...decision,
      ],
      {},
    );
    // To HEAD nothing is said.
    if (!stream.writableEnded) stream.end(body);
  }
  // The rest of the agent's body is not wanted (RFC 9113, 8.1).
  if (!stream.endAfterHeaders) stream.close(constants.NGHTTP2_NO_ERROR);
}

/** As gRPC over HTTP/2 writes `grpc-message`. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('%20', ' ');
}

function printable(text: string): string {
  return text.replaceAll(/[^!-~]/gu, '_');
}
