/** A file of its own, so that it can be loaded with the first call. It names what is used, and a package holds no more. */
export { buildASTSchema, specifiedRules, validate } from 'graphql';
