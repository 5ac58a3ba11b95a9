import { Problem } from '../../crypto/problem.ts';
import { parseUrl } from '../../go-url.ts';
import { compileRegex } from '../../regex/index.ts';
import { parseAddress } from '../net.ts';
import { parseLayout, TimeError } from '../time-parse.ts';

const HOSTNAME_PART = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]{0,61}[a-zA-Z0-9])';
const HOSTNAME = new RegExp(String.raw`^${HOSTNAME_PART}(?:\.${HOSTNAME_PART})*$`);
const UUID = /^[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/i;
const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;
const RELATIVE_POINTER = /^(?:0|[1-9][0-9]*)(?:#|(?:\/(?:[^~/]|~[01])*)*)$/;
const ATOM = String.raw`[A-Za-z0-9!#$%&'*+/=?^_\x60{|}~\u0080-\u{10ffff}-]+`;
const MAILBOX = new RegExp(
  String.raw`^(?:${ATOM}(?:\.${ATOM})*|"(?:[^"\\\r\n]|\\.)*")@(?:${ATOM}(?:\.${ATOM})*|\[[^\[\]\\\s]+\])$`,
  'u',
);

const times = (...layouts: readonly string[]): ((text: string) => boolean) => {
  return (text) => layouts.some((layout) => isTime(layout, text));
};

function isTime(layout: string, text: string): boolean {
  try {
    parseLayout(layout, text);
    return true;
  } catch (error) {
    if (error instanceof TimeError) return false;
    throw error;
  }
}

/** A mailbox, alone or in angle brackets after a display name (RFC 5322). */
function isEmail(text: string): boolean {
  const found = /^([^<>]*)<([^<>]*)>\s*$/.exec(text);
  return MAILBOX.test((found?.[2] ?? text).trim());
}

function isUri(text: string, absolute: boolean): boolean {
  try {
    return !text.includes('\\') && (parseUrl(text).scheme !== '' || !absolute);
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

function isTemplate(text: string): boolean {
  if (!isUri(text, false)) return false;
  const { path } = parseUrl(text);
  // Every brace that opens must close before the next one opens or the text ends.
  return path
    .split('{')
    .slice(1)
    .every((part) => part.includes('}'));
}

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  date: times('2006-01-02'),
  time: times('15:04:05Z07:00', '15:04:05'),
  'date-time': times('15:04:05', '15:04:05Z07:00', '2006-01-02', 'RFC3339'),
  hostname: (text) => HOSTNAME.test(text) && text.length < 256,
  email: isEmail,
  'idn-email': isEmail,
  ipv4: (text) => parseAddress(text) !== null && text.includes('.'),
  ipv6: (text) => parseAddress(text) !== null && text.includes(':'),
  uri: (text) => isUri(text, true),
  'uri-reference': (text) => isUri(text, false),
  iri: (text) => isUri(text, true),
  'iri-reference': (text) => isUri(text, false),
  'uri-template': isTemplate,
  uuid: (text) => UUID.test(text),
  regex: (text) => compileRegex(text) !== null,
  'json-pointer': (text) => POINTER.test(text),
  'relative-json-pointer': (text) => RELATIVE_POINTER.test(text),
};

/** Does the text have the format? A format that is not known fits everything. */
export function hasFormat(format: string, text: string): boolean {
  return !Object.hasOwn(FORMATS, format) || FORMATS[format]?.(text) === true;
}
