/** Acts that nobody does: from the words of a person to what the gate would ask, with the facts of this machine. */
import {
  accessSync,
  constants,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  closeSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { wirePath } from '@chaperone/protocol';
import { type Action, type Facts, kinds, renames, starts } from './intercept/actions.ts';
import { SupposeError } from './session-suppose-error.ts';
import { supposeConnect, supposeName, supposeRequest } from './session-suppose-network.ts';

export { SupposeError } from './session-suppose-error.ts';

export type Supposed = {
  readonly acts: readonly Action[];
  /** What a person should know about how the words were read; untrusted text. */
  readonly notes: readonly string[];
};

type Place = { readonly cwd: string; readonly searchPath: string };
type Supposer = (args: readonly string[], place: Place) => Supposed | Promise<Supposed>;

const maxLinks = 40;
const maxShebangBytes = 256;

const supposers: Readonly<Record<string, { readonly usage: string; readonly suppose: Supposer }>> = {
  read_file: { usage: 'PATH', suppose: onFile('read_file') },
  write_file: { usage: 'PATH', suppose: onFile('write_file') },
  create_file: { usage: 'PATH', suppose: onFile('create_file') },
  delete_file: { usage: 'PATH', suppose: onFile('delete_file') },
  ipc_connect: { usage: 'SOCKET', suppose: onFile('ipc_connect') },
  rename_file: { usage: 'FROM TO', suppose: rename },
  execute: { usage: 'PROGRAM [ARGUMENT…]', suppose: execute },
  connect: { usage: 'HOST:PORT', suppose: (args) => supposeConnect(only('connect', args, 1)[0] ?? '') },
  resolve_name: {
    usage: 'HOST [TYPE]',
    suppose: (args) => supposeName(...(only('resolve_name', args, 2, 1) as [string, string?])),
  },
  http_request: {
    usage: 'METHOD URL',
    suppose: (args) => supposeRequest(...(only('http_request', args, 2) as [string, string])),
  },
};

export const supposable: readonly string[] = Object.entries(supposers).map(
  ([name, { usage }]) => `${name} ${usage}`,
);

/**
 * @param words the act's name and what it is about, for example `read_file /etc/passwd`
 * Throws SupposeError.
 */
export async function supposeActs(words: readonly string[], place: Place): Promise<Supposed> {
  const [name = '', ...args] = words;
  const known = Object.hasOwn(supposers, name) ? supposers[name] : undefined;
  if (!known) {
    const list = Object.keys(supposers).join(', ');
    throw new SupposeError('unknown_act', `${name} is no act that can be supposed; there are: ${list}`);
  }
  if (args.length === 0 || args.some((one) => one === '' || one.includes('\0')))
    throw new SupposeError('bad_arguments', `what about? ${name} ${known.usage}`);
  return known.suppose(args, place);
}

function onFile(name: 'read_file' | 'write_file' | 'create_file' | 'delete_file' | 'ipc_connect'): Supposer {
  return (args, { cwd }) => {
    const asked = only(name, args, 1)[0] ?? '';
    const found = resolve(asked, cwd, name !== 'delete_file');
    const notes = found.notes;
    const exists = found.stat !== undefined;
    if (name === 'write_file' && !exists) {
      const note = 'There is no such file: who writes it has to create it.';
      return { acts: [act('create_file', found)], notes: [...notes, note] };
    }
    if (name === 'create_file' && exists)
      notes.push('It exists already: creating it anew would fail or write it.');
    else if (!exists && name !== 'create_file') notes.push('There is nothing by this name now.');
    return { acts: [act(name, found)], notes };
  };
}

function act(
  name: 'read_file' | 'write_file' | 'create_file' | 'delete_file' | 'ipc_connect',
  found: Found,
): Action {
  const made: Facts = name === 'create_file' && found.stat === undefined ? { kind: 'file' } : {};
  return {
    name,
    path: wirePath(Buffer.from(found.path)),
    ...made,
    ...factsOf(found.stat),
    repeatable: false,
  };
}

function rename(args: readonly string[], { cwd }: Place): Supposed {
  const [from = '', to = ''] = only('rename_file', args, 2);
  const [a, b] = [resolve(from, cwd, false), resolve(to, cwd, false)];
  if (a.stat === undefined) a.notes.push(`There is nothing by the name ${a.path} now.`);
  const wire = (found: Found): ReturnType<typeof wirePath> => wirePath(Buffer.from(found.path));
  return { acts: renames(wire(a), wire(b), factsOf(a.stat)), notes: [...a.notes, ...b.notes] };
}

function execute(args: readonly string[], { cwd, searchPath }: Place): Supposed {
  const [program = ''] = args;
  const asked = program.includes('/') ? program : inSearchPath(program, searchPath);
  const found = resolve(asked, cwd, true);
  if (found.stat === undefined) found.notes.push('There is no such program now.');
  const named = interpreterOf(found);
  const interpreter = named === undefined ? undefined : resolve(named, cwd, true);
  const notes = [...found.notes];
  if (interpreter) notes.push(`It is a script for ${interpreter.path}: both must be allowed.`);
  const wire = interpreter && wirePath(Buffer.from(interpreter.path));
  return { acts: starts(wirePath(Buffer.from(found.path)), args, wire, factsOf(found.stat)), notes };
}

function inSearchPath(program: string, searchPath: string): string {
  for (const folder of searchPath.split(':')) {
    const one = path.join(folder || '.', program);
    try {
      accessSync(one, constants.X_OK);
      if (statSync(one).isFile()) return one;
    } catch {
      // Not in this folder.
    }
  }
  throw new SupposeError('not_found', `${program} is not found on PATH; name the program by its path`);
}

/** As the kernel reads the first line of a script (execve(2)). */
function interpreterOf({ path: file, stat }: Found): string | undefined {
  if (!stat?.isFile()) return undefined;
  const head = Buffer.alloc(maxShebangBytes);
  try {
    const fd = openSync(file, 'r');
    try {
      readSync(fd, head, 0, head.length, 0);
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
  return /^#![ \t]*([^\s\0]+)/.exec(head.toString('utf8'))?.[1];
}

function only(name: string, args: readonly string[], most: number, least = most): readonly string[] {
  if (args.length >= least && args.length <= most) return args;
  throw new SupposeError('bad_arguments', `${name} takes: ${name} ${supposers[name]?.usage ?? ''}`);
}

type Found = { readonly path: string; readonly stat: Stats | undefined; readonly notes: string[] };

/** As the gate resolves: every link on the way, the last one only when `follow`. */
function resolve(asked: string, cwd: string, follow: boolean): Found {
  const absolute = path.isAbsolute(asked) ? asked : `${cwd}/${asked}`;
  const real = whereTo(absolute, follow, 0);
  const stat = (follow ? statSync : lstatSync)(real, { throwIfNoEntry: false });
  const plain = path.resolve(cwd, asked);
  return { path: real, stat, notes: real === plain ? [] : [`A link leads elsewhere: ${plain} is ${real}.`] };
}

function whereTo(absolute: string, follow: boolean, links: number): string {
  if (follow) {
    try {
      return realpathSync(absolute);
    } catch {
      // Its end, or a folder on the way, does not exist.
    }
  }
  const parent = path.dirname(absolute);
  const base = path.basename(absolute);
  if (parent === absolute || base === '..' || base === '.') return path.resolve(absolute);
  const here = path.join(whereTo(parent, true, links), base);
  if (!follow || links >= maxLinks) return here;
  try {
    // A link to what does not exist yet: writing makes what it names.
    return whereTo(path.resolve(path.dirname(here), readlinkSync(here)), true, links + 1);
  } catch {
    return here;
  }
}

function factsOf(stat: Stats | undefined): Facts {
  if (!stat) return {};
  const { size, uid, nlink, mode, dev } = stat;
  const kind = kinds[mode & 0o170000];
  return {
    ...(kind ? { kind } : {}),
    object: { size, owner: uid, links: nlink, mode: mode & 0o7777, device: BigInt(dev) },
  };
}
