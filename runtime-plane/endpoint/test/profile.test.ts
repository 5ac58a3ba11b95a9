import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findProfile, listProfiles, type ProfileHomes } from '../src/decide/profile.ts';
import { ProfileError } from '../src/decide/profile-error.ts';
import { applySettings, type Setting, type Settings } from '../src/decide/settings.ts';
import { gitFolders } from '../src/session-git.ts';
import { aTree } from './policy-fixture.ts';

const sound = {
  id: 'mine',
  title: 'Mine',
  description: 'For me.',
  type: 'ui_assistant',
  risk: 'low',
  capabilities: ['filesystem'],
  settings: { output: { type: 'path', description: 'results', default: '~/out', create: true } },
};

function homes(profiles: Readonly<Record<string, unknown>>): ProfileHomes {
  const root = mkdtempSync(path.join(tmpdir(), 'profiles-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [where, manifest] of Object.entries(profiles)) {
    mkdirSync(path.join(root, where), { recursive: true });
    const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
    writeFileSync(path.join(root, where, 'profile.json'), text);
  }
  return { shipped: path.join(root, 'shipped'), own: path.join(root, 'own') };
}

function failure(act: () => unknown): ProfileError {
  try {
    act();
  } catch (error) {
    if (error instanceof ProfileError) return error;
    throw error;
  }
  throw new Error('nothing was wrong with it');
}

describe('[req: profiles:selection] which profile', () => {
  test('by name, shipped before own, or by folder', () => {
    const places = homes({
      'shipped/mine': sound,
      'own/mine': { ...sound, title: 'Not this' },
      'own/b': { ...sound, id: 'b' },
    });
    expect(findProfile('mine', places)).toMatchObject({ title: 'Mine', source: 'shipped', mode: 'enforce' });
    expect(findProfile('b', places).source).toBe('own');
    expect(findProfile(path.join(places.own, 'mine'), places).title).toBe('Not this');
    const { profiles, problems } = listProfiles(places);
    expect(profiles.map(({ id }) => id)).toEqual(['mine', 'b']);
    expect(problems).toEqual([expect.stringContaining('a profile of that name is shipped')]);
  });

  test.each(['nobody', '..', '../shipped/mine', 'MINE', '', 'mine/', '.git'])('%j is none', (name) => {
    const places = homes({ 'shipped/mine': sound });
    expect(failure(() => findProfile(name, places)).code).toBe('unknown_profile');
  });

  test('an unknown name is answered with the known ones', () => {
    expect(failure(() => findProfile('m', homes({ 'shipped/mine': sound }))).message).toContain(
      'there are mine',
    );
  });

  test.each([
    ['not JSON', '{', 'cannot be read'],
    ['no object', '[]', 'not an object'],
    ['another id', { ...sound, id: 'other' }, 'id must be the name of the folder'],
    ['a misspelt field', { ...sound, capabilites: [] }, 'unknown field "capabilites"'],
    ['an unknown capability', { ...sound, capabilities: ['flying'] }, 'capabilities must be out of'],
    ['an unknown risk', { ...sound, risk: 'none' }, 'risk must be out of low, medium, high'],
    ['no title', { ...sound, title: undefined }, 'title must be a text'],
    ['a mode that is none', { ...sound, mode: null }, 'mode must be out of'],
    [
      'an ill-typed default',
      { ...sound, settings: { a: { type: 'ports', description: 'x', default: ['1'] } } },
      'settings.a: default does not fit',
    ],
    [
      'a setting that everybody has',
      { ...sound, settings: { allow_stores: sound.settings.output } },
      'is no name for a setting',
    ],
  ])('%s is refused, with the place', (_, manifest, text) => {
    const { code, message } = failure(() => findProfile('mine', homes({ 'shipped/mine': manifest })));
    expect(code).toBe('bad_profile');
    expect(message).toContain('shipped/mine/profile.json');
    expect(message).toContain(text);
  });

  test('a broken profile hides no other', () => {
    const { profiles, problems } = listProfiles(homes({ 'shipped/mine': sound, 'own/bad': '{' }));
    expect(profiles).toHaveLength(1);
    expect(problems).toHaveLength(1);
  });
});

describe('[req: profiles:selection] settings', () => {
  const a = (type: Setting['type'], value: Setting['default']): Setting => ({
    type,
    description: 'x',
    default: value,
    create: false,
  });
  const settings: Settings = {
    output: a('path', '~/out'),
    read: a('paths', []),
    hosts: a('hosts', ['a.example']),
    ports: a('ports', [443]),
    names: a('words', ['hr']),
    open: a('flag', false),
  };
  const apply = (...given: string[]) =>
    applySettings(settings, given, { home: '/home/u', workspace: '/home/u/work' });

  test('defaults, replaced, repeated, added to, emptied', () => {
    expect(apply()).toEqual({
      output: '/home/u/out',
      read: [],
      hosts: ['a.example'],
      ports: [443],
      names: ['hr'],
      open: false,
    });
    expect(apply('hosts=B.Example.', 'hosts=*.c.example').hosts).toEqual(['b.example', '*.c.example']);
    expect(apply('hosts+=b.example').hosts).toEqual(['a.example', 'b.example']);
    expect(apply('hosts=').hosts).toEqual([]);
    expect(apply('read=sub', 'read=~', 'read=/x/../y').read).toEqual(['/home/u/work/sub', '/home/u', '/y']);
    expect(apply('open=true', 'ports=8443', 'output=a=b')).toMatchObject({
      open: true,
      ports: [8443],
      output: '/home/u/work/a=b',
    });
  });

  test('an unknown one is answered with the known ones', () => {
    const { code, message } = failure(() => apply('host=x'));
    expect(code).toBe('unknown_setting');
    expect(message).toBe(
      'there is no setting host in this profile; known are output, read, hosts, ports, names, open',
    );
  });

  test.each([
    'hosts=https://a.example',
    'hosts=a.example:443',
    'hosts=*',
    'hosts=a.*.example',
    'hosts=-a',
    'hosts=a..b',
    'ports=0',
    'ports=65536',
    'ports=x',
    'open=yes',
    'open=',
    'output=',
    'names=a/b',
    'output',
    '=x',
    'constructor',
    'output=/a\0b',
  ])('%j is refused', (given) => {
    expect(failure(() => apply(given)).code).toBe('bad_setting');
  });

  test.each(['__proto__=x', 'constructor=x', 'toString=x'])('%s is no setting', (given) => {
    expect(failure(() => apply(given)).code).toBe('unknown_setting');
  });

  test('what takes one value is given once', () => {
    expect(failure(() => apply('output=a', 'output=b')).message).toContain('takes one value');
    expect(failure(() => apply('open+=true')).message).toContain('takes one value');
  });
});

describe('the repository around a workspace', () => {
  test('at it, above it, nowhere', () => {
    const root = aTree('r/.git/', 'r/sub/deep/', 'none/');
    expect(gitFolders(path.join(root, 'r'))).toEqual([path.join(root, 'r/.git')]);
    expect(gitFolders(path.join(root, 'r/sub/deep'))).toEqual([path.join(root, 'r/.git')]);
    expect(gitFolders(path.join(root, 'none'))).toEqual([]);
  });

  test('a worktree counts when its repository names it, too', () => {
    const root = aTree('r/.git/worktrees/wt/', 'wt/');
    const own = path.join(root, 'r/.git/worktrees/wt');
    writeFileSync(path.join(root, 'wt/.git'), `gitdir: ${own}\n`);
    writeFileSync(path.join(own, 'commondir'), '../..\n');
    expect(gitFolders(path.join(root, 'wt'))).toEqual([]);
    writeFileSync(path.join(own, 'gitdir'), `${path.join(root, 'wt/.git')}\n`);
    expect(gitFolders(path.join(root, 'wt'))).toEqual([own, path.join(root, 'r/.git')]);
  });

  test('what the workspace says alone opens nothing', () => {
    const root = aTree('home/.ssh/', 'wt/');
    writeFileSync(path.join(root, 'wt/.git'), `gitdir: ${path.join(root, 'home/.ssh')}\n`);
    expect(gitFolders(path.join(root, 'wt'))).toEqual([]);
  });
});
