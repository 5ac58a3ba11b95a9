/** What the README shows works as it stands there. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { user } from './programs/records.ts';
import { root, situation, World } from './world.ts';

test('[req: policy:readme] the policy of the README lets programs work in the project, and nowhere else', async () => {
  const text = readFileSync(path.join(root, 'README.md'), 'utf8');
  const rego = /```rego\n([^]*?)```/.exec(text)?.[1] ?? expect.fail('no policy');
  using world = new World(situation(user));
  const project = world.folder('project');
  world.file('project/plan', 'the plan\n');
  world.file('diary', 'secret\n');
  world.policy('');
  expect(rego).toContain('"/home/alice/project/"');
  world.file('policy/access.rego', rego.replace('/home/alice/project/', `${project}/`));
  const script = `cat ${project}/plan; echo more >${project}/new; ls ${project}; cat ${world.at('diary')}`;
  const { stdout, stderr, code } = await world.run(['sh', '-c', script]);
  expect(stdout, stderr).toBe('the plan\nnew\nplan\n');
  expect(stderr).toMatch(/diary: Permission denied/);
  expect(code).toBe(1);
});
