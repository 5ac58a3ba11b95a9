export { Resolver, type ResolverOptions, type Transport } from './resolver.ts';
