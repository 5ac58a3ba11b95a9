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
