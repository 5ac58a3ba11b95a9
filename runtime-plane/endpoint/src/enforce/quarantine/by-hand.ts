/** One ticket, as a person decides about it. */
import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, readlinkSync } from 'node:fs';
import { pathBytes } from '@chaperone/protocol';
import { QuarantineError } from './errors.ts';
import { type KernelFiles, open, within } from './kernel-files.ts';
import { identityAt, openParent } from './place.ts';
import { type Output, releaseAll } from './release.ts';
import { type Bytes, bytesOf, digestOf, writeTo } from './sealed.ts';
import { dataFile, type Places, readTicket, removeTicket } from './store.ts';
import type { Attributes, Ticket } from './ticket.ts';

/** Of folders on the way that the session would have made, and nobody released. */
const plainFolder = ({ uid, gid, mtime_ms }: Attributes): Attributes => ({
  mode: 0o755,
  uid,
  gid,
  mtime_ms,
  xattrs: {},
});

/** Puts it in its place and removes the ticket. Throws QuarantineError `conflict`, `damaged` or `not_released`; it is still held then. */
export function releaseTicket(files: KernelFiles, places: Places, ticket: Ticket, force: boolean): void {
  if (ticket.kind === 'as_written')
    throw new QuarantineError(
      'not_released',
      `${ticket.id} is not released: nobody could look into it. It is kept as it was written in ${dataFile(places, ticket.id)}: copy what you want of it by hand, then \`chaperone quarantine discard ${ticket.id}\``,
    );
  const relative = Buffer.from(pathBytes(ticket.relative));
  const base = force ? identityNow(files, ticket.folder, relative) : ticket.base;
  const data = ticket.kind === 'file' ? openData(places, ticket) : undefined;
  try {
    const [placed] = releaseAll(
      files,
      places,
      ticket.folder,
      [outputOf(ticket, relative, base, data)],
      () => ticket.attributes && plainFolder(ticket.attributes),
    );
    if (placed?.ok) return;
    const name = ticket.id;
    if (placed?.why === 'conflict')
      throw new QuarantineError(
        'conflict',
        `${name} is not released: the real file changed since it was held. Look at \`chaperone quarantine diff ${name}\`; --force releases it all the same`,
      );
    throw new QuarantineError(
      'not_released',
      `${name} is not released: ${placed?.message ?? 'it could not be put in its place'}`,
    );
  } finally {
    if (data !== undefined) closeSync(data);
  }
}

function outputOf(
  ticket: Ticket,
  relative: Buffer,
  base: string | undefined,
  data: number | undefined,
): Output {
  const common = { relative, base, ticket: ticket.id };
  const { attributes } = ticket;
  if (ticket.kind === 'removed') return { kind: 'removed', ...common };
  if (attributes && ticket.kind === 'symlink' && ticket.target !== undefined)
    return { kind: 'symlink', target: Buffer.from(ticket.target, 'base64'), attributes, ...common };
  if (attributes && data !== undefined)
    return { kind: 'file', attributes, write: (fd) => writeTo(bytesOf(data), fd), ...common };
  throw damaged(ticket);
}

/** The content as it was scanned, and no other. */
function openData(places: Places, ticket: Ticket): number {
  const fd = openSync(dataFile(places, ticket.id), constants.O_RDONLY | constants.O_NOFOLLOW);
  if (digestOf(bytesOf(fd)) === ticket.sha256) return fd;
  closeSync(fd);
  throw damaged(ticket);
}

function damaged({ id }: Ticket): QuarantineError {
  return new QuarantineError(
    'damaged',
    `${id} is damaged: its content is not what was scanned; \`chaperone quarantine discard ${id}\` removes it`,
  );
}

function identityNow(files: KernelFiles, folder: string, relative: Buffer): string | undefined {
  return at(files, folder, relative, (parent, name) => identityAt(parent, name));
}

function at<Result>(
  files: KernelFiles,
  folder: string,
  relative: Buffer,
  act: (parent: number, name: Buffer) => Result,
): Result | undefined {
  let root: number | undefined;
  let found: ReturnType<typeof openParent> | undefined;
  try {
    root = files.openFolder(folder);
    found = openParent(files, root, relative, undefined);
    return act(found.parent, found.name);
  } catch {
    return undefined;
  } finally {
    if (found) files.close(found.parent);
    if (root !== undefined) files.close(root);
  }
}

/** After a crash on its way out: is it where it was to go? Then it is held no more. */
export function finishTicket(files: KernelFiles, places: Places, id: string): void {
  let ticket: Ticket;
  try {
    ticket = readTicket(places, id);
  } catch {
    return;
  }
  const relative = Buffer.from(pathBytes(ticket.relative));
  if (ticket.kind === 'as_written') return;
  const isThere = at(files, ticket.folder, relative, (parent, name) => {
    const stat = lstatSync(within(parent, name), { throwIfNoEntry: false });
    if (ticket.kind === 'removed') return stat === undefined;
    if (ticket.kind === 'symlink')
      return (
        stat?.isSymbolicLink() === true &&
        readlinkSync(within(parent, name), 'buffer').toString('base64') === ticket.target
      );
    // Unchanged since it was held: then it was never replaced, even if the content is the same.
    if (!stat?.isFile() || identityAt(parent, name) === ticket.base) return false;
    const fd = files.openBelow(parent, name, open.read | open.nonBlock);
    try {
      return digestOf(bytesOf(fd)) === ticket.sha256;
    } finally {
      files.close(fd);
    }
  });
  if (isThere === true) removeTicket(places, id);
}

export type Compared = {
  /** Absent for what is no file, or no file any more. */
  readonly held?: Bytes;
  readonly real?: Bytes;
  /** The real one is not what it was when this was held. */
  readonly changed: boolean;
};

/** Both sides of a ticket, open while `act` runs. */
export function compareTicket<Result>(
  files: KernelFiles,
  places: Places,
  ticket: Ticket,
  act: (sides: Compared) => Result,
): Result {
  const relative = Buffer.from(pathBytes(ticket.relative));
  const data = dataFile(places, ticket.id);
  const held =
    ticket.kind !== 'as_written' && existsSync(data)
      ? openSync(data, constants.O_RDONLY | constants.O_NOFOLLOW)
      : undefined;
  const real = at(files, ticket.folder, relative, (parent, name) =>
    files.openBelow(parent, name, open.read | open.nonBlock),
  );
  try {
    const isFile = real !== undefined && fstatSync(real).isFile();
    return act({
      ...(held === undefined ? {} : { held: bytesOf(held) }),
      ...(isFile ? { real: bytesOf(real) } : {}),
      changed: identityNow(files, ticket.folder, relative) !== ticket.base,
    });
  } finally {
    if (held !== undefined) closeSync(held);
    if (real !== undefined) closeSync(real);
  }
}
