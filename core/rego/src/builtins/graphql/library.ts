import type { buildASTSchema, specifiedRules, validate } from 'graphql';

/** What is used of the package `graphql`: checking a query against a schema. It is handed in, so that others do not load it. */
export interface GraphqlLibrary {
  readonly buildASTSchema: typeof buildASTSchema;
  readonly validate: typeof validate;
  readonly specifiedRules: typeof specifiedRules;
}
