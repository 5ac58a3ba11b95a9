/** What goes back to a client, in the shapes of the Open Policy Agent. */
import type { Location } from '@chaperone/rego';

export type Reply = {
  readonly status: number;
  /** Undefined for an answer without one. */
  readonly type: string | undefined;
  readonly body: string;
  /** Names and values in turn, beyond what every answer has. */
  readonly headers?: readonly string[];
};

export type ErrorCode =
  | 'internal_error'
  | 'evaluation_error'
  | 'unauthorized'
  | 'invalid_parameter'
  | 'invalid_operation'
  | 'resource_not_found'
  | 'resource_conflict'
  | 'undefined_document';

/** One reason of several. */
export type ErrorDetail = {
  readonly code: string;
  readonly message: string;
  readonly location?: { readonly file?: string; readonly row: number; readonly col: number };
};

/** Thrown by whatever handles a request, to end it with this answer. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`HTTP ${reply.status}`);
    this.reply = reply;
  }
}

const json = 'application/json';
const plain = 'text/plain; charset=utf-8';

/** @param text JSON without a line end */
export function jsonReply(text: string, status = 200): Reply {
  return { status, type: json, body: `${text}\n` };
}

export function emptyReply(status: number): Reply {
  return { status, type: undefined, body: '' };
}

export function errorReply(
  status: number,
  code: ErrorCode,
  message: string,
  more: { readonly errors?: readonly ErrorDetail[]; readonly location?: Omit<Location, 'file'> } = {},
): Reply {
  return jsonReply(goJson({ code, message, ...more }), status);
}

/** What the router says itself, not a handler. */
export function textReply(status: number, text: string, headers: readonly string[] = []): Reply {
  return {
    status,
    type: plain,
    body: `${text}\n`,
    headers: [...headers, 'X-Content-Type-Options', 'nosniff'],
  };
}

/** JSON over several lines with keys in the order of the object, and with what Go's encoder escapes. */
export function goJson(value: unknown): string {
  return escapeHtml(JSON.stringify(value, null, 2));
}

export function escapeHtml(text: string): string {
  return text.replaceAll(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
