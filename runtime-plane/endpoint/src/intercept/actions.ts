/** From a question of the gate to the actions that a policy decides: one call may be several acts, and all must be allowed. */
import {
  type ActionName,
  type CredentialFacts,
  type DestinationFacts,
  type WirePath,
  wirePath,
} from '@chaperone/protocol';
import { type AskFrame, op } from './wire.ts';

/** What kind of thing a path names. */
export type ResourceKind =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'fifo'
  | 'socket'
  | 'character_device'
  | 'block_device';

export type Action = {
  readonly name: ActionName;
  readonly credential?: CredentialFacts;
  readonly path?: WirePath;
  readonly target?: WirePath;
  /** What precisely is done, where the action alone does not say it. */
  readonly operation?: string;
  readonly kind?: ResourceKind;
  /** Facts of the object, when there is one already. */
  readonly object?: {
    readonly size: number;
    readonly owner: number;
    readonly links: number;
    readonly mode: number;
    readonly device: bigint;
  };
  readonly command?: {
    readonly argv: readonly string[];
    readonly interpreter?: string;
    readonly script?: string;
  };
  /** There are more arguments than the gate passes on: none is shown. */
  readonly argvTooLong?: true;
  readonly destination?: DestinationFacts;
  /** What becomes of the label that the file carries. */
  readonly labelChange?: 'changed' | 'removed';
  /** An allow may be remembered by the gate for this path or its folder. */
  readonly repeatable: boolean;
};

/** By the S_IFMT bits of stat(2). */
export const kinds: Readonly<Record<number, ResourceKind>> = {
  0o010000: 'fifo',
  0o020000: 'character_device',
  0o040000: 'directory',
  0o060000: 'block_device',
  0o100000: 'file',
  0o120000: 'symlink',
  0o140000: 'socket',
};

/** An extended attribute that holds a label, and was there. */
function labelChangeOf(sub: number): Pick<Action, 'labelChange'> {
  if (sub === 0) return {};
  return { labelChange: sub === 1 ? 'changed' : 'removed' };
}

/** Reads everything it needs from the frame at once. Throws for a question that this version does not know. */
export function actionsOf(ask: AskFrame): Action[] {
  const kind = kinds[ask.kind];
  const hasObject = ask.links > 0;
  const facts = {
    ...(kind ? { kind } : {}),
    ...(hasObject ? { object: objectOf(ask) } : {}),
  };
  switch (ask.op) {
    case op.read:
      return [{ name: 'read_file', path: wirePath(ask.path), ...facts, repeatable: true }];
    case op.write:
      return [{ name: 'write_file', path: wirePath(ask.path), ...facts, repeatable: true }];
    case op.meta:
      return [
        {
          name: 'write_file',
          path: wirePath(ask.path),
          operation: 'metadata',
          ...facts,
          ...labelChangeOf(ask.sub),
          repeatable: ask.sub === 0,
        },
      ];
    case op.create:
      return [{ name: 'create_file', path: wirePath(ask.path), ...facts, repeatable: true }];
    case op.delete:
      return [{ name: 'delete_file', path: wirePath(ask.path), ...facts, repeatable: true }];
    case op.rename:
      return renames(wirePath(ask.path), wirePath(ask.secondPath), facts);
    case op.link:
      return links(wirePath(ask.path), wirePath(ask.secondPath), facts);
    case op.execute:
      return starts(
        wirePath(ask.path),
        ask.sub === 1 ? splitStrings(ask.extra) : [],
        ask.secondPath.length > 0 ? wirePath(ask.secondPath) : undefined,
        facts,
      ).map((act) => (ask.sub === 1 ? act : { ...act, argvTooLong: true }));
    case op.connect:
      return [{ name: 'connect', destination: destinationOf(ask.extra, ask.sub), repeatable: false }];
    case op.ipc:
      // Which service listens behind a path can change.
      return [{ name: 'ipc_connect', path: wirePath(ask.path), ...facts, repeatable: false }];
    default:
      throw new Error(`question ${ask.op} is not known`);
  }
}

function objectOf({ size, owner, links, mode, device }: AskFrame): NonNullable<Action['object']> {
  return { size, owner, links, mode, device };
}

export type Facts = Pick<Action, 'kind' | 'object'>;

/** What a rename or a link may carry from one rule to another is looked at by `decide/moved.ts`. */
export function renames(path: WirePath, target: WirePath, facts: Facts): Action[] {
  return [
    { name: 'rename_file', path, target, ...facts, repeatable: false },
    { name: 'create_file', path: target, operation: 'rename', ...facts, repeatable: false },
  ];
}

function links(path: WirePath, target: WirePath, facts: Facts): Action[] {
  const operation = 'link';
  return [
    { name: 'rename_file', path, target, operation, ...facts, repeatable: false },
    { name: 'create_file', path: target, operation, ...facts, repeatable: false },
    { name: 'write_file', path, operation, ...facts, repeatable: false },
  ];
}

/** A script is decided as itself and as its interpreter. */
export function starts(
  path: WirePath,
  argv: readonly string[],
  interpreter: WirePath | undefined,
  facts: Facts,
): Action[] {
  const acts: Action[] = [
    {
      name: 'execute',
      path,
      command: { argv, ...(interpreter ? { interpreter: interpreter.path } : {}) },
      ...facts,
      repeatable: false,
    },
  ];
  if (interpreter)
    acts.push({
      name: 'execute',
      path: interpreter,
      command: { argv, script: path.path },
      repeatable: false,
    });
  return acts;
}

/** NUL-terminated strings; not UTF-8 is shown with replacement characters, the record keeps no more. */
export function splitStrings(bytes: Buffer): string[] {
  const text = bytes.toString('utf8').split('\0');
  text.pop();
  return text;
}

const AF_INET = 2;
const SOCK_DGRAM = 2;

/** `struct sockaddr_in` or `sockaddr_in6` (netinet/in.h). IPv4 in IPv6 is the IPv4 that it is. */
export function destinationOf(
  address: Buffer,
  socketType: number,
): DestinationFacts & { ip: string; port: number } {
  const port = address.readUInt16BE(2);
  const protocol = socketType === SOCK_DGRAM ? 'udp' : 'tcp';
  if (address.readUInt16LE(0) === AF_INET) return { ip: address.subarray(4, 8).join('.'), port, protocol };
  const bytes = address.subarray(8, 24);
  const mapped =
    bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (mapped) return { ip: bytes.subarray(12).join('.'), port, protocol };
  return { ip: ipv6Text(bytes), port, protocol };
}

/** RFC 5952. */
function ipv6Text(bytes: Uint8Array): string {
  const groups: number[] = [];
  for (let index = 0; index < 16; index += 2)
    groups.push(((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0));
  let [best, bestLength] = [-1, 1];
  for (let start = 0; start < 8; start += 1) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length += 1;
    if (length > bestLength) [best, bestLength] = [start, length];
  }
  const hex = (part: number[]): string => part.map((group) => group.toString(16)).join(':');
  if (best < 0) return hex(groups);
  return `${hex(groups.slice(0, best))}::${hex(groups.slice(best + bestLength))}`;
}
