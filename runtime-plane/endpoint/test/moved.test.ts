import { renameSync } from 'node:fs';
import path from 'node:path';
import type { Policy } from '@chaperone/policy';
import type { DecisionInput } from '@chaperone/protocol';
import { describe, expect, test } from 'vitest';
import { gainedByMove, isUnder } from '../src/decide/moved.ts';
import { anAllow, aPolicy, aTree, listFolder } from './policy-fixture.ts';

function gained(
  policy: Policy,
  from: string,
  to: string,
  more: { kind?: string; operation?: string; size?: number } = {},
): string | undefined {
  const { kind = 'file', operation, size } = more;
  const input: DecisionInput = {
    action: 'rename_file',
    path: from,
    target: to,
    resource: { kind, ...(size === undefined ? {} : { size }) },
    ...(operation ? { operation } : {}),
  };
  return gainedByMove(policy, input, listFolder);
}

const quote = (text: string): string => JSON.stringify(text);

/** Everything may be moved, made and deleted; `open` is the only folder where files are read. */
function onlyOpen(root: string): Policy {
  return anAllow(
    'input.action in {"rename_file", "create_file", "delete_file"}',
    `startswith(input.path, ${quote(`${root}/open/`)})`,
  );
}

describe('a file', () => {
  test.each([undefined, 'link'])('is not carried to where it may be read (%s)', (operation) => {
    const root = aTree('secret/a', 'open/b');
    const more = operation ? { operation } : {};
    const policy = onlyOpen(root);
    expect(gained(policy, `${root}/secret/a`, `${root}/open/a`, more)).toBe(`${root}/secret/a`);
    expect(gained(policy, `${root}/open/b`, `${root}/secret/b`, more)).toBeUndefined();
    expect(gained(policy, `${root}/open/b`, `${root}/open/c`, more)).toBeUndefined();
    expect(gained(policy, `${root}/secret/a`, `${root}/secret/c`, more)).toBeUndefined();
  });

  test.each(['read_file', 'write_file', 'execute', 'ipc_connect'])(
    'is not carried to where it is open to %s',
    (action) => {
      const policy = anAllow(
        'input.action == "rename_file"',
        `input.action == "${action}"; input.path == "/to"`,
      );
      expect(gained(policy, '/from', '/to')).toBe('/from');
      const both = anAllow(`input.action == "${action}"`);
      expect(gained(both, '/from', '/to')).toBeUndefined();
    },
  );

  test('gains nothing by a rule that looks at its name only', () => {
    const policy = aPolicy('decision := {"allow": true} if not endswith(input.path, ".env")');
    expect(gained(policy, '/work/.env', '/work/env.txt')).toBe('/work/.env');
    expect(gained(policy, '/work/a', '/work/b')).toBeUndefined();
  });

  test('is judged by its own facts', () => {
    const policy = aPolicy(`decision := {"allow": true} if not denied
denied if { startswith(input.path, "/secret/"); input.resource.size > 3 }`);
    expect(gained(policy, '/secret/big', '/open/big', { size: 9 })).toBe('/secret/big');
    expect(gained(policy, '/secret/small', '/open/small', { size: 1 })).toBeUndefined();
  });

  test('whose names are not known is not moved', () => {
    expect(gainedByMove(anAllow('true'), { action: 'rename_file' }, listFolder)).toBeDefined();
  });
});

describe('a folder', () => {
  const asFolder = { kind: 'directory' };

  test('is not moved when one file deep in it would open', () => {
    const root = aTree('box/a/b/plain', 'box/a/b/key.pem', 'open/');
    const policy = aPolicy(`decision := {"allow": true} if not denied
denied if { startswith(input.path, ${quote(`${root}/box/`)}); endswith(input.path, ".pem") }`);
    expect(gained(policy, `${root}/box`, `${root}/open/box`, asFolder)).toBe(`${root}/box/a/b/key.pem`);
    // Nothing in it opens when the rule looks at the end of a name, wherever that is.
    const everywhere = aPolicy('decision := {"allow": true} if not endswith(input.path, ".pem")');
    const harmless = aTree('box/a/b/plain', 'open/');
    expect(gained(everywhere, `${harmless}/box`, `${harmless}/open/box`, asFolder)).toBeUndefined();
  });

  test('is not moved to where a file of it could not have been made', () => {
    const root = aTree('box/hooks/pre-commit', 'repo/');
    const policy = aPolicy(`decision := {"allow": true} if not denied
denied if { input.action == "create_file"; contains(input.path, "/.git/hooks/") }`);
    const made = gained(policy, `${root}/box`, `${root}/repo/.git`, asFolder);
    expect(made === undefined ? made : isUnder(made, `${root}/box/hooks`)).toBe(true);
    expect(gained(policy, `${root}/box`, `${root}/repo/git`, asFolder)).toBeUndefined();
  });

  test('is looked at as it is when it is moved, links in it as links', () => {
    const root = aTree('secret/a', 'box/b', 'box/link -> ../secret', 'open/');
    const policy = aPolicy(`decision := {"allow": true} if not denied
denied if { startswith(input.path, ${quote(`${root}/secret/`)}) }
denied if { endswith(input.path, "/never") }`);
    expect(gained(policy, `${root}/box`, `${root}/open/box`, asFolder)).toBeUndefined();
    renameSync(`${root}/secret`, `${root}/box/secret`);
    const around = aPolicy(`decision := {"allow": true} if not denied
denied if { startswith(input.path, ${quote(`${root}/box/secret/`)}) }`);
    expect(gained(around, `${root}/box`, `${root}/open/box`, asFolder)).toBe(`${root}/box/secret/a`);
  });

  test('that cannot be listed is not moved', () => {
    const root = aTree('box/a');
    const policy = aPolicy('decision := {"allow": true} if not endswith(input.path, "x")');
    const gone = path.join(root, 'gone');
    expect(gained(policy, gone, `${root}/there`, asFolder)).toBe(gone);
  });

  test('that the policy allows as a whole is not looked at', () => {
    const policy = anAllow('startswith(input.path, "/work/")');
    expect(gained(policy, '/work/not-there', '/work/too', asFolder)).toBeUndefined();
  });

  test('is not moved when the answer for its files depends on facts that are not known', () => {
    const root = aTree('secret/big', 'open/');
    const policy = aPolicy(`decision := {"allow": true} if not denied
denied if { startswith(input.path, ${quote(`${root}/secret/`)}); input.resource.size > 3 }`);
    expect(gained(policy, `${root}/secret`, `${root}/open/x`, asFolder)).toBeDefined();
  });

  // A policy may let folders be listed everywhere: what it says of the folder is not what it says of the files in it.
  test('is judged by what its entries are, not by what it is itself', () => {
    const root = aTree('secret/a', 'open/');
    const policy = anAllow(
      'input.action in {"rename_file", "create_file"}',
      'input.action == "read_file"; input.resource.kind == "directory"',
      `startswith(input.path, ${quote(`${root}/open/`)}); input.action == "read_file"`,
    );
    expect(gained(policy, `${root}/secret`, `${root}/open/x`, asFolder)).toBe(`${root}/secret/a`);
  });
});

test('a permission without its condition is a gain', () => {
  const policy = aPolicy(`decision := {"allow": true, "obligations": duties}
default duties := []
duties := [{"kind": "notify"}] if startswith(input.path, "/watched/")`);
  expect(gained(policy, '/watched/a', '/free/a')).toBe('/watched/a');
  expect(gained(policy, '/free/a', '/watched/a')).toBeUndefined();
});

test('isUnder knows a name that only begins alike', () => {
  expect(isUnder('/a/b', '/a')).toBe(true);
  expect(isUnder('/a', '/a')).toBe(true);
  expect(isUnder('/ab', '/a')).toBe(false);
  expect(isUnder('/', '/a')).toBe(false);
});
