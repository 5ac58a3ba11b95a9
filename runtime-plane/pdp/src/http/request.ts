/** One request, as the handlers see it. */
import type { IncomingMessage } from 'node:http';
import type { Value } from '@chaperone/rego';
import { unescapeSegment } from '../query/path.ts';

export type PdpRequest = {
  /** Counts the requests, from 1. */
  readonly id: number;
  readonly raw: IncomingMessage;
  readonly method: string;
  /** As in the URL, with its escapes; begins with a slash. */
  readonly path: string;
  /** Without the question mark; empty when there is none. */
  readonly search: string;
  readonly identity?: string | undefined;
  readonly certificates?: Value | undefined;
  /** Name of the enforcement point whose signature was found valid. */
  readonly pep?: string;
  /** What authorisation has read already: `value` is undefined for an empty body. */
  readonly parsedBody?: { readonly value: Value };
};

/** Null when the target is no path, or has a broken escape in it. */
export function readTarget(target: string): { readonly path: string; readonly search: string } | null {
  const relative = target.startsWith('/') ? target : /^https?:\/\/[^/?#]*(.*)$/i.exec(target)?.[1];
  if (relative === undefined) return null;
  const at = relative.indexOf('?');
  const path = (at < 0 ? relative : relative.slice(0, at)) || '/';
  if (path.includes('%') && unescapeSegment(path) === null) return null;
  return { path, search: at < 0 ? '' : relative.slice(at + 1) };
}

/** The values of a query parameter, in order. */
export function paramValues(search: string, name: string): string[] {
  if (!search.includes(name)) return [];
  return parseSearch(search).getAll(name);
}

/** Go, and with it OPA, ignores a parameter with a semicolon in it. */
export function parseSearch(search: string): URLSearchParams {
  const kept = search.includes(';')
    ? search
        .split('&')
        .filter((pair) => !pair.includes(';'))
        .join('&')
    : search;
  return new URLSearchParams(kept);
}

/** `?name`, `?name=`, `?name=true`. */
export function isParamSet(search: string, name: string): boolean {
  if (search === '') return false;
  const values = paramValues(search, name);
  if (values.length === 1 && values[0] === '') return true;
  return values.some((value) => value.toLowerCase() === 'true');
}
