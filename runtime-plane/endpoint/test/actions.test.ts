import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { pathBytes } from '@chaperone/protocol';
import { describe, expect, test } from 'vitest';
import { actionsOf, destinationOf, splitStrings } from '../src/intercept/actions.ts';
import { op } from '../src/intercept/wire.ts';
import { anAsk } from './ask-fixture.ts';

const [stream, dgram] = [1, 2];

function sockaddrIn(ip: readonly number[], port: number): Buffer {
  const out = Buffer.alloc(16);
  out.writeUInt16LE(2, 0);
  out.writeUInt16BE(port, 2);
  Buffer.from(ip).copy(out, 4);
  return out;
}

function sockaddrIn6(groups: readonly number[], port: number): Buffer {
  const out = Buffer.alloc(28);
  out.writeUInt16LE(10, 0);
  out.writeUInt16BE(port, 2);
  out.writeUInt32BE(0xfffff, 4); // flow label
  for (const [index, group] of groups.entries()) out.writeUInt16BE(group, 8 + 2 * index);
  out.writeUInt32LE(3, 24); // scope
  return out;
}

describe('destinationOf', () => {
  test('reads IPv4 with its port in network order', () => {
    const address = sockaddrIn([93, 184, 216, 34], 443);
    expect(destinationOf(address, stream)).toEqual({ ip: '93.184.216.34', port: 443, protocol: 'tcp' });
    expect(destinationOf(address, dgram).protocol).toBe('udp');
    expect(destinationOf(sockaddrIn([0, 0, 0, 0], 0xff00), stream)).toMatchObject({
      ip: '0.0.0.0',
      port: 0xff00,
    });
  });

  // RFC 5952 §4 and §5, and the examples of RFC 4291 §2.2.
  test.each([
    [[0, 0, 0, 0, 0, 0, 0, 0], '::'],
    [[0, 0, 0, 0, 0, 0, 0, 1], '::1'],
    [[0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], '2001:db8::'],
    [[0x2001, 0xdb8, 0, 0, 0, 0, 2, 1], '2001:db8::2:1'],
    [[0x2001, 0xdb8, 0, 1, 1, 1, 1, 1], '2001:db8:0:1:1:1:1:1'],
    [[0x2001, 0, 0, 1, 0, 0, 0, 1], '2001:0:0:1::1'],
    [[0x2001, 0xdb8, 0, 0, 1, 0, 0, 1], '2001:db8::1:0:0:1'],
    [[0xff01, 0, 0, 0, 0, 0, 0, 0x101], 'ff01::101'],
    [
      [0xabcd, 0xef01, 0x2345, 0x6789, 0xabcd, 0xef01, 0x2345, 0x6789],
      'abcd:ef01:2345:6789:abcd:ef01:2345:6789',
    ],
    [[0, 0, 1, 2, 3, 4, 5, 6], '::1:2:3:4:5:6'],
    // IPv4-compatible and NAT64 addresses are not IPv4.
    [[0, 0, 0, 0, 0, 0, 0x7f00, 1], '::7f00:1'],
    [[0x64, 0xff9b, 0, 0, 0, 0, 0x7f00, 1], '64:ff9b::7f00:1'],
  ])('writes %j as %s', (groups, text) => {
    expect(destinationOf(sockaddrIn6(groups, 8080), stream)).toEqual({
      ip: text,
      port: 8080,
      protocol: 'tcp',
    });
  });

  test('names IPv4 in IPv6 as the IPv4 that it is', () => {
    const mapped = sockaddrIn6([0, 0, 0, 0, 0, 0xffff, 0xa9fe, 0xa9fe], 80);
    expect(destinationOf(mapped, stream).ip).toBe('169.254.169.254');
    const nearly = sockaddrIn6([0, 0, 0, 1, 0, 0xffff, 0xa9fe, 0xa9fe], 80);
    expect(destinationOf(nearly, stream).ip).toBe('::1:0:ffff:a9fe:a9fe');
    const half = sockaddrIn6([0, 0, 0, 0, 0, 0xff00, 0xa9fe, 0xa9fe], 80);
    expect(destinationOf(half, stream).ip).toBe('::ff00:a9fe:a9fe');
  });

  test('every address keeps its bits', () => {
    const group = fc.oneof(fc.constant(0), fc.nat(0xffff));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        fc.pre(!(groups.slice(0, 5).every((one) => one === 0) && groups[5] === 0xffff));
        const { ip } = destinationOf(sockaddrIn6(groups, 1), stream);
        const [before = '', after] = ip.split('::');
        const read = (text: string): number[] =>
          text === '' ? [] : text.split(':').map((one) => Number.parseInt(one, 16));
        const tail = after === undefined ? [] : read(after);
        const zeros = Array.from({ length: 8 - read(before).length - tail.length }, () => 0);
        expect([...read(before), ...zeros, ...tail]).toEqual(groups);
        expect(isIPv6(ip)).toBe(true);
      }),
    );
  });
});

describe('actionsOf', () => {
  test.each([
    [op.read, 'read_file', undefined, true],
    [op.write, 'write_file', undefined, true],
    [op.meta, 'write_file', 'metadata', true],
    [op.create, 'create_file', undefined, true],
    [op.delete, 'delete_file', undefined, true],
    [op.ipc, 'ipc_connect', undefined, false],
  ])('question %i is one act, %s %s', (question, name, operation, repeatable) => {
    const acts = actionsOf(
      anAsk({ op: question, path: '/work/a', kind: 0o100000, links: 2, size: 5n, device: 2049n }),
    );
    expect(acts).toEqual([
      {
        name,
        path: { path: '/work/a' },
        ...(operation ? { operation } : {}),
        kind: 'file',
        object: { size: 5, owner: 1000, links: 2, mode: 0o644, device: 2049n },
        repeatable,
      },
    ]);
  });

  test('an object that is not there has no facts', () => {
    const [act] = actionsOf(anAsk({ op: op.create, path: '/work/new', kind: 0o120000 }));
    expect(act).toMatchObject({ kind: 'symlink' });
    expect(act).not.toHaveProperty('object');
    expect(actionsOf(anAsk({ op: op.create, path: '/work/new' }))[0]).not.toHaveProperty('kind');
  });

  test('a rename is the rename and the making of its target', () => {
    const acts = actionsOf(anAsk({ op: op.rename, path: '/a/old', secondPath: '/b/new', kind: 0o040000 }));
    expect(acts).toEqual([
      {
        name: 'rename_file',
        path: { path: '/a/old' },
        target: { path: '/b/new' },
        kind: 'directory',
        repeatable: false,
      },
      {
        name: 'create_file',
        path: { path: '/b/new' },
        operation: 'rename',
        kind: 'directory',
        repeatable: false,
      },
    ]);
  });

  test('a hard link is also a change of what it links to', () => {
    const acts = actionsOf(anAsk({ op: op.link, path: '/a/old', secondPath: '/b/new', links: 1 }));
    expect(acts.map(({ name, path, operation }) => [name, path?.path, operation])).toEqual([
      ['rename_file', '/a/old', 'link'],
      ['create_file', '/b/new', 'link'],
      ['write_file', '/a/old', 'link'],
    ]);
    expect(acts.every(({ repeatable }) => !repeatable)).toBe(true);
  });

  test('a program is started with the arguments that the gate saw', () => {
    const extra = 'git\0push\0\0--force\0';
    expect(actionsOf(anAsk({ op: op.execute, sub: 1, path: '/usr/bin/git', extra }))).toMatchObject([
      { name: 'execute', path: { path: '/usr/bin/git' }, command: { argv: ['git', 'push', '', '--force'] } },
    ]);
    const unseen = actionsOf(anAsk({ op: op.execute, sub: 0, path: '/usr/bin/git', extra }));
    expect(unseen[0]?.command).toEqual({ argv: [] });
  });

  test('a script is decided as itself and as its interpreter', () => {
    const acts = actionsOf(
      anAsk({ op: op.execute, sub: 1, path: '/work/x.sh', secondPath: '/usr/bin/dash', extra: 'x.sh\0-a\0' }),
    );
    expect(acts).toEqual([
      {
        name: 'execute',
        path: { path: '/work/x.sh' },
        command: { argv: ['x.sh', '-a'], interpreter: '/usr/bin/dash' },
        repeatable: false,
      },
      {
        name: 'execute',
        path: { path: '/usr/bin/dash' },
        command: { argv: ['x.sh', '-a'], script: '/work/x.sh' },
        repeatable: false,
      },
    ]);
  });

  test('a connection has a destination and is never remembered', () => {
    const [act] = actionsOf(anAsk({ op: op.connect, sub: dgram, extra: sockaddrIn([1, 1, 1, 1], 53) }));
    expect(act).toEqual({
      name: 'connect',
      destination: { ip: '1.1.1.1', port: 53, protocol: 'udp' },
      repeatable: false,
    });
  });

  test('a path that is not UTF-8 keeps its bytes, and two of them stay two', () => {
    const names = [Buffer.from([0x2f, 0x61, 0xff]), Buffer.from([0x2f, 0x61, 0xfe])];
    const wires = names.map((name) => actionsOf(anAsk({ op: op.read, path: name }))[0]?.path);
    expect(wires[0]?.path).toBe(wires[1]?.path);
    for (const [index, wire] of wires.entries())
      expect(wire && Buffer.from(pathBytes(wire))).toEqual(names[index]);
    const [rename] = actionsOf(anAsk({ op: op.rename, path: '/a', secondPath: names[0] ?? '' }));
    expect(rename?.target?.path_bytes).toBe(names[0]?.toString('base64'));
  });

  test('a question of another version is refused', () => {
    expect(() => actionsOf(anAsk({ op: 99, path: '/a' }))).toThrow('question 99 is not known');
  });
});

test('splitStrings keeps empty arguments and shows what is not UTF-8', () => {
  expect(splitStrings(Buffer.alloc(0))).toEqual([]);
  expect(splitStrings(Buffer.from('\0'))).toEqual(['']);
  expect(splitStrings(Buffer.from([0x61, 0xff, 0, 0x62, 0]))).toEqual(['a\ufffd', 'b']);
});
