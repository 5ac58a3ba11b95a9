import { expect, test } from 'vitest';
import { StoreError } from '../src/store/errors.ts';
import { Store } from '../src/store/store.ts';

/** A store in which a bundle has `authz` and `app/limits`. */
function owned(): Store {
  const store = new Store({ host: {}, dialect: 'v1' });
  const module = {
    id: 'b/authz.rego',
    raw: 'package authz\n\nallow if input.admin\n',
    dialect: 'v1',
    bundle: 'b',
  } as const;
  const claims = ['authz', 'app/limits'].map((root) => ({ bundle: 'b', root }));
  store.load({ modules: [module], data: {}, claims, revisions: {} }, 'bundles');
  return store;
}

test('[req: pdp:authz] a bundle that owns all of data leaves no room, and who loads something else learns what to do', () => {
  const module = (id: string, name: string) => ({ id, raw: `package ${name}\n`, dialect: 'v1' }) as const;
  const claims = [{ bundle: 'b.tar.gz', root: '' }];
  const bundled = { ...module('b.tar.gz/a.rego', 'a'), bundle: 'b.tar.gz' };
  const load = (data: { readonly [name: string]: number }, ...modules: ReturnType<typeof module>[]) => {
    const store = new Store({ host: {}, dialect: 'v1' });
    store.load({ modules, data, claims: [], revisions: {} }, 'files');
    store.load({ modules: [bundled], data: {}, claims, revisions: {} }, 'bundles');
  };
  expect(() => load({}, module('mine.rego', 'mine'))).toThrow(
    'mine.rego defines what the bundle "b.tar.gz" owns (root ""); build the bundle with --root for what it is to own',
  );
  expect(() => load({ x: 1 })).toThrow('build the bundle with --root');
  load({});
});

test.each([
  ['a rule of a document that the bundle defines', 'x', 'package authz\n\nallow if true\n'],
  ['a package without rules', 'x', 'package authz\n'],
  ['a rule below, after one beside', 'x', 'package app\n\na := 1\n\nlimits.high := 2\n'],
  ['another module in the place of the one of the bundle', 'b/authz.rego', 'package other\n\nx := 1\n'],
])('[req: pdp:authz] what a bundle has cannot be written to with %s', (_, id, raw) => {
  const store = owned();
  expect(() => store.putPolicy(id, raw)).toThrow(StoreError);
  expect(store.current().program.entrypoint('authz/allow').evaluate({})).toBeUndefined();
  expect(store.current().program.entrypoint('authz/allow').evaluate({ admin: true })).toBe(true);
  expect(() => store.deletePolicy('b/authz.rego')).toThrow(StoreError);
  store.putPolicy('mine', 'package app\n\nx := 1\n');
  expect(store.current().program.entrypoint('app/x').evaluate({})).toBe(1);
});
