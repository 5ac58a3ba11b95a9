import type { ActionName } from '@chaperone/protocol';
import { describe, expect, test } from 'vitest';
import { isBeyond, type Limits, mayHoldFor } from '../src/decide/limits.ts';

const limits: Limits = {
  closed: ['/home/u/.state/journal', '/home/u/.ssh'],
  sealed: ['/opt/policy'],
  granted: { read: ['/'], write: ['/home', '/tmp', '/opt'], execute: ['/usr', '/home/u/bin'] },
};
const beyond = (name: ActionName, path: string, more: { kind?: string; target?: string } = {}): boolean => {
  const { kind, target } = more;
  return isBeyond(
    { name, path: { path }, ...(kind ? { kind } : {}), ...(target ? { target: { path: target } } : {}) },
    limits,
  );
};

describe('isBeyond', () => {
  test.each(['read_file', 'write_file', 'create_file', 'delete_file', 'execute', 'ipc_connect'] as const)(
    '%s of what is closed, and of nothing beside it',
    (name) => {
      expect(beyond(name, '/home/u/.ssh')).toBe(true);
      expect(beyond(name, '/home/u/.ssh/id')).toBe(true);
      expect(beyond(name, '/home/u/.state/journal/s/1.jsonl')).toBe(true);
      expect(beyond(name, '/home/u/bin/.ssh')).toBe(false);
      if (name !== 'execute') expect(beyond(name, '/home/u/.ssh2')).toBe(false);
    },
  );

  test('what is sealed may be read and run, not changed', () => {
    expect(beyond('read_file', '/opt/policy/access.rego')).toBe(false);
    for (const name of ['write_file', 'create_file', 'delete_file', 'rename_file'] as const)
      expect(beyond(name, '/opt/policy/access.rego')).toBe(true);
    expect(beyond('write_file', '/opt/policy2')).toBe(false);
  });

  test('a move is judged at both its ends', () => {
    expect(beyond('rename_file', '/home/u/a', { target: '/home/u/b' })).toBe(false);
    expect(beyond('rename_file', '/home/u/.ssh/id', { target: '/home/u/b' })).toBe(true);
    expect(beyond('rename_file', '/home/u/a', { target: '/home/u/.ssh/authorized_keys' })).toBe(true);
    expect(beyond('rename_file', '/home/u/a', { target: '/opt/policy/access.rego' })).toBe(true);
    expect(beyond('rename_file', '/etc/a', { target: '/home/u/a' })).toBe(true);
  });

  test.each([
    ['/home/u', '/tmp/x'],
    ['/tmp/x', '/home/u'],
    ['/home/u/.state', '/tmp/x'],
    ['/opt', '/tmp/x'],
  ])('what holds what is closed or sealed is not moved, nor put in its place: %s to %s', (from, target) => {
    expect(beyond('rename_file', from, { kind: 'directory', target })).toBe(true);
    expect(beyond('rename_file', `${from}/b`, { kind: 'directory', target: `${target}/b` })).toBe(false);
  });

  test('a link may not stand in the way of what is closed', () => {
    // With ~/.state a link, the journal would be made where the link points.
    expect(beyond('create_file', '/home/u/.state', { kind: 'symlink' })).toBe(true);
    expect(beyond('create_file', '/opt', { kind: 'symlink' })).toBe(true);
    expect(beyond('rename_file', '/home/u/l', { kind: 'symlink', target: '/home/u/.state' })).toBe(true);
    expect(beyond('create_file', '/home/u/.state', { kind: 'directory' })).toBe(false);
    expect(beyond('create_file', '/home/u/.stat', { kind: 'symlink' })).toBe(false);
    expect(beyond('read_file', '/home/u/.state', { kind: 'symlink' })).toBe(false);
  });

  test('what the floor does not grant', () => {
    expect(beyond('read_file', '/etc/passwd')).toBe(false);
    expect(beyond('write_file', '/etc/passwd')).toBe(true);
    expect(beyond('create_file', '/homework')).toBe(true);
    expect(beyond('execute', '/usr/bin/git')).toBe(false);
    expect(beyond('execute', '/tmp/payload')).toBe(true);
    expect(beyond('ipc_connect', '/run/dbus')).toBe(false);
    expect(beyond('write_file', '/dev/null')).toBe(false);
    expect(isBeyond({ name: 'connect' }, limits)).toBe(false);
    expect(
      isBeyond(
        { name: 'read_file', path: { path: '/a' } },
        { ...limits, granted: { ...limits.granted, read: [] } },
      ),
    ).toBe(true);
  });
});

describe('mayHoldFor', () => {
  test('never a folder that holds what is closed, however far below', () => {
    for (const under of ['/', '/home/', '/home/u/', '/home/u/.state/', '/home/u/.ssh/'])
      expect(mayHoldFor('read_file', under, limits)).toBe(false);
    for (const under of ['/opt/', '/opt/policy/', '/home/v/', '/home/u/.ss/'])
      expect(mayHoldFor('read_file', under, limits)).toBe(true);
  });

  test('for changes never one that holds what is sealed', () => {
    for (const under of ['/opt/', '/opt/policy/'])
      expect(mayHoldFor('write_file', under, limits)).toBe(false);
    expect(mayHoldFor('write_file', '/opt/pol/', limits)).toBe(true);
  });

  test('never more than the floor grants', () => {
    const nothing = { ...limits, closed: [], sealed: [] };
    expect(mayHoldFor('write_file', '/', nothing)).toBe(false);
    expect(mayHoldFor('write_file', '/etc/', nothing)).toBe(false);
    expect(mayHoldFor('write_file', '/home/', nothing)).toBe(true);
    expect(mayHoldFor('read_file', '/', nothing)).toBe(true);
    expect(mayHoldFor('execute', '/home/u/', nothing)).toBe(false);
  });
});
