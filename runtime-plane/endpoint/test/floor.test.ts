import { realpathSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { SessionError } from '../src/enforce/errors.ts';
import {
  type Floor,
  landlockRules,
  mountArguments,
  parseFloor,
  privateFolders,
  right,
} from '../src/enforce/floor.ts';
import { aTree } from './policy-fixture.ts';

function aFloor(given: Partial<Floor>): Floor {
  return parseFloor({ read: [], write: [], execute: [], ...given });
}

/** What a right is granted to below a folder, as names relative to it. */
function granted(floor: Floor, wanted: number, root: string, level: 1 | 2 = 1): string[] {
  return landlockRules(floor, 'process')
    .filter((rule) => rule.level === level && (rule.rights & wanted) !== 0)
    .map((rule) => rule.path)
    .filter((one) => one === root || one.startsWith(`${root}/`))
    .map((one) => path.relative(root, one))
    .toSorted();
}

describe('parseFloor', () => {
  test('a policy without a floor has the default, a field that is left out keeps its own', () => {
    const floor = parseFloor(undefined);
    expect(floor).toMatchObject({ read: ['/'], write: ['/'], execute: ['/'], never: [], nesting: 'none' });
    expect(floor).toMatchObject({ isolation: 'process', unix_datagram: false, static_read: [] });
    expect(parseFloor({ write: ['/work'] })).toEqual({ ...floor, write: ['/work'] });
    expect(parseFloor({ read: [] }).read).toEqual([]);
  });

  test('paths are normal ones', () => {
    const { read } = parseFloor({ read: ['/work/', '/work/../etc//ssl/./', '/', '//'] });
    expect(read).toEqual(['/work', '/etc/ssl', '/', '/']);
  });

  test.each([
    [null, 'it must be an object'],
    [[], 'it must be an object'],
    ['/', 'it must be an object'],
    [{ never_: ['/a'] }, 'unknown field "never_"; known are read, write, execute, never'],
    [{ constructor: ['/a'] }, 'unknown field "constructor"'],
    [{ read: '/' }, 'read must be a list of absolute paths'],
    [{ never: [7] }, 'never holds 7, which is no absolute path'],
    [{ never: ['~/.ssh'] }, 'never holds "~/.ssh", which is no absolute path'],
    [{ write: ['/a', 'b'] }, 'write holds "b", which is no absolute path'],
    [{ static_read: ['/a\0b'] }, 'static_read holds "/a\\u0000b", which is no absolute path'],
    [{ nesting: 'all' }, 'nesting must be one of none, userns, mounts'],
    [{ isolation: 'vm' }, 'isolation must be one of process, namespace'],
    [{ unix_datagram: 'no' }, 'unix_datagram must be true or false'],
  ])('refuses %j: %s', (value, message) => {
    const parse = (): Floor => parseFloor(value);
    expect(parse).toThrow(SessionError);
    expect(parse).toThrow(`the policy's floor (data.chaperone.access.floor) is not usable: ${message}`);
    expect(parse).toThrow(expect.objectContaining({ code: 'bad_floor' }));
  });

  test.each(['read', 'never', 'isolation'])('refuses null for %s', (field) => {
    expect(() => parseFloor({ [field]: null })).toThrow(SessionError);
  });
});

describe('landlockRules', () => {
  test('grants a folder as a whole when nothing in it is never granted', () => {
    const root = aTree('work/a', 'work/b/c');
    expect(granted(aFloor({ read: [root] }), right.read, root)).toEqual(['']);
    expect(granted(aFloor({ read: [root] }), right.write, root)).toEqual([]);
    expect(granted(aFloor({ read: [root] }), right.execute, root)).toEqual([]);
  });

  test('leaves out what is never granted, level by level', () => {
    const root = aTree('home/.ssh/id', 'home/.config/keys/x', 'home/.config/app', 'home/work/a', 'etc/b');
    const never = ['home/.ssh', 'home/.config/keys'].map((one) => path.join(root, one));
    const floor = aFloor({ read: [root], write: [path.join(root, 'home')], execute: never, never });
    expect(granted(floor, right.read, root)).toEqual(['etc', 'home/.config/app', 'home/work']);
    expect(granted(floor, right.write, root)).toEqual(['home/.config/app', 'home/work']);
    expect(granted(floor, right.execute, root)).toEqual([]);
  });

  test('leaves it out of what is static, too', () => {
    const root = aTree('lib/secret', 'lib/a');
    const floor = aFloor({ static_read: [root], execute: [root], never: [path.join(root, 'lib/secret')] });
    expect(granted(floor, right.read, root, 2)).toEqual(['lib/a', 'lib/a']);
  });

  test('a base below what is never granted, or that is it, gives nothing', () => {
    const root = aTree('a/b/c');
    const floor = aFloor({
      read: [path.join(root, 'a/b'), path.join(root, 'a')],
      never: [path.join(root, 'a')],
    });
    expect(granted(floor, right.read, root)).toEqual([]);
    // A name that only begins alike is another name.
    const beside = aTree('key', 'keys/a');
    expect(granted(aFloor({ read: [beside], never: [`${beside}/key`] }), right.read, beside)).toEqual([
      'keys',
    ]);
  });

  test('follows the links in what the floor names', () => {
    const root = aTree('real/secret', 'real/a', 'by-link -> real');
    const floor = aFloor({ read: [`${root}/by-link`], never: [`${root}/by-link/secret`] });
    expect(granted(floor, right.read, root)).toEqual(['real/a']);
  });

  test('folders of nested sandboxes: nothing runs there that might not run anywhere', () => {
    const [first = ''] = privateFolders;
    const rights = (floor: Partial<Floor>): number[] =>
      landlockRules(aFloor(floor), 'namespace')
        .filter((rule) => rule.path === first)
        .map((rule) => rule.rights);
    expect(rights({ nesting: 'userns' })).toEqual([]);
    expect(rights({ nesting: 'mounts', execute: ['/usr'] })).toEqual([
      right.read | right.write | right.ioctl,
    ]);
    expect(rights({ nesting: 'mounts', execute: ['/'] })).toEqual([
      right.read | right.write | right.ioctl | right.execute,
      right.read | right.execute,
    ]);
  });

  test('a link beside what is never granted does not grant it', () => {
    const root = aTree('home/.ssh/id', 'home/work/a', 'home/key -> .ssh', 'home/all -> ..');
    const floor = aFloor({ read: [root], never: [`${root}/home/.ssh`] });
    const reached = granted(floor, right.read, root).map((one) => realpathSync(path.join(root, one)));
    expect(reached).toEqual([`${root}/home/work`]);
  });

  test('writing everything never means the kernel interfaces of the machine', () => {
    const written = landlockRules(aFloor({ write: ['/'] }), 'process').filter(
      ({ level, rights }) => level === 1 && rights === right.write,
    );
    const places = written.map((rule) => rule.path);
    expect(places).not.toContain('/');
    expect(places).not.toContain('/sys');
    expect(places.includes('/proc')).toBe(process.getuid?.() !== 0);
    expect(places).toContain(realpathSync('/').concat('tmp'));
    const proc = landlockRules(aFloor({ write: ['/proc/sys', '/sys/fs'] }), 'namespace');
    expect(proc.filter((rule) => /^\/(proc|sys)/.test(rule.path))).toEqual([]);
  });

  test('with mounts of its own the session masks instead', () => {
    const root = aTree('secret', 'a');
    const rules = landlockRules(aFloor({ read: [root], never: [`${root}/secret`] }), 'namespace');
    expect(rules).toContainEqual({ level: 1, rights: right.read, path: root });
  });
});

describe('mountArguments', () => {
  const pairsOf = (args: readonly string[], option: string): string[][] =>
    args.flatMap((one, index) => (one === option ? [args.slice(index + 1, index + 3)] : []));

  test('mounts the whole writable, or only what may be written', () => {
    expect(mountArguments(aFloor({ write: ['/'] }), [], '/empty').slice(0, 3)).toEqual(['--bind', '/', '/']);
    const root = aTree('work/');
    const args = mountArguments(aFloor({ write: [`${root}/work`, `${root}/gone`] }), [], '/empty');
    expect(args.slice(0, 6)).toEqual(['--ro-bind', '/', '/', '--bind', `${root}/work`, `${root}/work`]);
    expect(args.join(' ')).not.toContain('gone');
  });

  test('masks folders with nothing and files with a file nobody reads, after all else', () => {
    const root = aTree('secrets/a', 'token', 'state/journal', 'by-link -> token');
    const floor = aFloor({ write: ['/'], never: [`${root}/secrets`, `${root}/by-link`, `${root}/gone`] });
    const args = mountArguments(floor, [`${root}/state`], '/empty');
    expect(pairsOf(args, '--ro-bind')).toEqual([['/empty', `${root}/token`]]);
    const masks = args.slice(args.indexOf('--proc') + 2).join(' ');
    expect(masks).toBe(
      [
        `--perms 0000 --tmpfs ${root}/secrets`,
        `--ro-bind /empty ${root}/token`,
        `--perms 0000 --tmpfs ${root}/state`,
      ].join(' '),
    );
  });
});
