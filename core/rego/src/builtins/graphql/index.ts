import type { GraphQLSchema } from 'graphql';
import { isPlain } from '../../values.ts';
import type { Value } from '../../values.ts';
import type { BuiltinContext, BuiltinTable } from '../types.ts';
import { checkSchema } from './check.ts';
import type { Schema } from './check.ts';
import { Converter } from './convert.ts';
import { GraphqlError, placeOf } from './lexer.ts';
import type { GraphqlLibrary } from './library.ts';
import { parseQuery } from './query.ts';
import type { Parsed } from './query.ts';
import { nodes, text } from './reading.ts';
import { parseSchema } from './schema.ts';
import { tree } from './tree.ts';
import type { Tree } from './tree.ts';

/** Built schemas are kept up to this number, by their text. */
const CACHE_SIZE = 10;
/** Checking whether fields can be merged looks at pairs of fields; this many pairs cost one step. */
const PAIRS_PER_STEP = 64;
/** Findings that are located at the last of the places that they are about. */
const AT_LAST = /^There can be only one|can only be used once|conflict because| used in position /;

interface Source extends Parsed {
  readonly text: string;
}

interface Built {
  readonly document: Tree;
  readonly checked: Schema;
  readonly schema: GraphQLSchema;
}

/** `graphql.*`. Documents go in and out in the shape of OPA's; the host's library checks queries. */
export function graphqlBuiltins(ctx: BuiltinContext): BuiltinTable {
  const { graphql } = ctx.host;
  if (graphql === undefined) return {};
  const cache = new Map<string, Built>();
  const read = (v: Value | undefined, parse: typeof parseQuery): Source | null => {
    if (typeof v === 'string') return { ...parse(v, ctx.charge), text: v };
    return isPlain(v) ? { document: v, places: new Map(), text: '' } : null;
  };
  const build = (v: Value | undefined): Built | null => {
    const known = typeof v === 'string' ? cache.get(v) : undefined;
    if (known !== undefined) return known;
    const source = read(v, parseSchema);
    if (source === null) return null;
    const { document, places } = source;
    const checked = checkSchema(document, places, source.text, ctx.charge);
    const converted = new Converter(places, source.text, ctx.charge).schema(checked);
    const schema = graphql().buildASTSchema(converted, { assumeValid: true, assumeValidSDL: true });
    const built = { document: pruned(document) as Tree, checked, schema };
    if (cache.size >= CACHE_SIZE) cache.clear();
    if (typeof v === 'string') cache.set(v, built);
    return built;
  };
  const verify = (query: Source, schema: Built): void => {
    check(graphql(), query, schema, ctx.charge);
  };
  const both = (query: Value | undefined, schema: Value | undefined): readonly [Tree, Tree] | 0 | 1 => {
    const source = read(query, parseQuery);
    if (source === null) return 0;
    const built = build(schema);
    if (built === null) return 1;
    verify(source, built);
    return [pruned(source.document) as Tree, built.document];
  };
  /** Null instead of a GraphqlError. */
  const attempt = <T>(make: () => T): T | null => {
    try {
      return make();
    } catch (error) {
      if (error instanceof GraphqlError) return null;
      throw error;
    }
  };
  const orFail = (make: () => Value | undefined): Value | undefined => {
    try {
      return make();
    } catch (error) {
      if (error instanceof GraphqlError) return ctx.fail.error(error.message);
      throw error;
    }
  };
  const parser = (parse: typeof parseQuery) => (v?: Value) =>
    typeof v === 'string' ? orFail(() => parse(v, ctx.charge).document) : ctx.fail.type(1, 'string', v);
  return {
    'graphql.parse_query': { arity: 1, fn: parser(parseQuery) },
    'graphql.parse_schema': { arity: 1, fn: parser(parseSchema) },
    'graphql.schema_is_valid': {
      arity: 1,
      fn: (v) =>
        attempt(() => {
          const source = read(v, parseSchema);
          if (source === null) return false;
          checkSchema(source.document, source.places, source.text, ctx.charge);
          return true;
        }) ?? false,
    },
    'graphql.is_valid': { arity: 2, fn: (q, s) => Array.isArray(attempt(() => both(q, s))) },
    'graphql.parse_and_verify': {
      arity: 2,
      fn: (q, s) => {
        const found = attempt(() => both(q, s));
        return Array.isArray(found) ? [true, ...(found as readonly Value[])] : [false, {}, {}];
      },
    },
    'graphql.parse': {
      arity: 2,
      fn: (q, s) =>
        orFail(() => {
          const found = both(q, s);
          // As in OPA, these operands are counted from 0.
          return typeof found === 'number'
            ? ctx.fail.type(found, ['string', 'object'], found === 0 ? q : s)
            : found;
        }),
    },
  };
}

/** What a policy gave, without what OPA leaves out of results too. */
function pruned(v: Value): Value {
  if (Array.isArray(v)) return (v as readonly Value[]).map(pruned).filter((item) => item !== null);
  if (!isPlain(v)) return v;
  return tree(
    Object.fromEntries(Object.keys(v).flatMap((k) => (k === 'Position' ? [] : [[k, pruned(v[k] as Value)]]))),
  );
}

/** Checks a query against a schema; throws GraphqlError with all findings. */
function check(library: GraphqlLibrary, query: Source, schema: Built, charge: (steps: number) => void): void {
  let count = 0;
  const converter = new Converter(query.places, query.text, (steps) => {
    count += steps;
    charge(steps);
  });
  const document = converter.query(query.document);
  // The library compares fields in pairs and follows fragments; the square of the size bounds both.
  charge(Math.ceil((count * count) / PAIRS_PER_STEP / PAIRS_PER_STEP));
  const findings: string[] = [];
  for (const operation of nodes(query.document, 'Operations')) {
    const name = text(operation, 'Operation');
    if (schema.checked.roots.has(name)) continue;
    const at = query.places.get(operation);
    const place = at === undefined ? null : placeOf(query.text, at);
    findings.push(located(place, `Schema does not support operation type "${name}"`));
  }
  const rules = library.specifiedRules.filter(
    ({ name }) => !/^(?:Defer|Stream|ExecutableDefinitions|KnownOperation)/.test(name),
  );
  for (const { message, locations } of library.validate(schema.schema, document, rules))
    findings.push(located((AT_LAST.test(message) ? locations?.at(-1) : locations?.[0]) ?? null, message));
  const [first] = findings;
  if (first === undefined) return;
  const found = /^input:(\d+):(\d+): (.*)$/s.exec(`${findings.join('\n')}\n`);
  if (found === null) throw new GraphqlError(`GraphQL parse error: ${findings.join('\n')}\n`);
  const [, line = '', column = '', rest = ''] = found;
  throw new GraphqlError(`${rest.replace(/\.\n$/, '')} in GraphQL string at location ${line}:${column}`);
}

function located(place: { line: number; column: number } | null, message: string): string {
  return place === null ? `input: ${message}` : `input:${place.line}:${place.column}: ${message}`;
}
