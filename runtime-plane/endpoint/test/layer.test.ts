/** Which folders get a layer, and why some cannot. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { quarantinedFolders } from '../src/enforce/layer.ts';
import { parseFloor } from '../src/enforce/floor.ts';
import { aTree } from './policy-fixture.ts';

const chosen = (quarantine: string[], write = ['/'], mountinfo = '', place = '/state'): string[] =>
  quarantinedFolders({ quarantine, write }, place, mountinfo);

test('the outermost of each, by their real names [req: quarantine:refused]', () => {
  const tree = aTree('a/b/', 'c/', 'ab/', 'link -> a');
  const at = (name: string): string => path.join(tree, name);
  expect(chosen([at('a/b'), at('c'), at('link'), at('a'), at('ab')])).toEqual([at('a'), at('ab'), at('c')]);
});

test('what cannot have one is refused with the remedy [req: quarantine:refused]', () => {
  const tree = aTree('a/b/', 'with space/m/', 'file');
  const at = (name: string): string => path.join(tree, name);
  expect(() => chosen([at('missing')])).toThrow('there is no such folder; make it first');
  expect(() => chosen([at('file')])).toThrow('there is no such folder');
  expect(() => chosen(['/'])).toThrow('the whole tree cannot be quarantined');
  expect(() => chosen([at('a')], [at('a/b')])).toThrow("the floor's write does not grant it");
  expect(chosen([at('a/b')], [at('a')])).toEqual([at('a/b')]);
  expect(() => chosen([at('a')], ['/'], '', at('a/state'))).toThrow(
    'set XDG_STATE_HOME to a folder outside of it',
  );
  const mount = `36 35 98:0 / ${at('with\\040space/m')} rw - ext4 /dev/x rw\n`;
  expect(() => chosen([at('with space')], ['/'], mount)).toThrow('is a file system of its own within');
  expect(chosen([at('with space/m')], ['/'], mount)).toEqual([at('with space/m')]);
});

test('the floor names absolute folders only [req: quarantine:refused]', () => {
  expect(parseFloor({ quarantine: ['/a/../b/'] }).quarantine).toEqual(['/b']);
  for (const quarantine of [['a'], 'a', null, [1]])
    expect(() => parseFloor({ quarantine })).toThrow('quarantine');
});
