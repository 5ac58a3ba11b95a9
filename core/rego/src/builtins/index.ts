import { authoringBuiltins } from './authoring.ts';
import { collectionBuiltins } from './collections.ts';
import { encodingBuiltins } from './encoding.ts';
import { globIntersectionBuiltins } from './glob-intersection.ts';
import { graphqlBuiltins } from './graphql/index.ts';
import { httpBuiltins } from './http.ts';
import { jsonSchemaBuiltins } from './json-schema/index.ts';
import { lookupBuiltins } from './lookup.ts';
import { hostCryptoBuiltins } from './host-crypto.ts';
import { jsonPathBuiltins } from './jsonpaths.ts';
import { tokenBuiltins } from './jwt.ts';
import { miscBuiltins } from './misc.ts';
import { netBuiltins } from './net.ts';
import { numberBuiltins } from './numbers.ts';
import { patternBuiltins } from './patterns.ts';
import { paying } from './paying.ts';
import { parseModuleBuiltins } from './parse-module.ts';
import { regexTemplateBuiltins } from './regex-template.ts';
import { runtimeBuiltins } from './runtime-info.ts';
import { splitNBuiltins } from './split-n.ts';
import { stringBuiltins } from './strings.ts';
import { templateBuiltins } from './template/index.ts';
import { timeBuiltins } from './time.ts';
import { typeBuiltins } from './types-builtins.ts';
import type { Builtin, BuiltinContext } from './types.ts';
import { uriBuiltins } from './uri.ts';
import { uuidBuiltins } from './uuid.ts';
import { yamlBuiltins, yamlParser } from './yaml/index.ts';
import { certificateBuiltins } from './x509.ts';

/** All built-ins by name, for one instance of a program. */
export function createBuiltins(ctx: BuiltinContext): ReadonlyMap<string, Builtin> {
  const tables = [
    typeBuiltins(ctx),
    authoringBuiltins(ctx),
    numberBuiltins(ctx),
    collectionBuiltins(ctx),
    stringBuiltins(ctx),
    encodingBuiltins(ctx),
    jsonPathBuiltins(ctx),
    patternBuiltins(ctx),
    netBuiltins(ctx),
    timeBuiltins(ctx),
    miscBuiltins(ctx),
    globIntersectionBuiltins(ctx),
    parseModuleBuiltins(ctx),
    regexTemplateBuiltins(ctx),
    splitNBuiltins(ctx),
    uriBuiltins(ctx),
    uuidBuiltins(ctx),
    runtimeBuiltins(ctx),
    jsonSchemaBuiltins(ctx),
    templateBuiltins(ctx),
    yamlBuiltins(ctx),
    graphqlBuiltins(ctx),
    httpBuiltins(ctx, yamlParser(ctx)),
    lookupBuiltins(ctx),
    tokenBuiltins(ctx),
    certificateBuiltins(ctx),
    ...(ctx.host.crypto === undefined ? [] : hostCryptoBuiltins(ctx, ctx.host.crypto)),
  ];
  return new Map(
    tables
      .flatMap((table) => Object.entries(table))
      .map(([name, builtin]) => [name, paying(name, builtin, ctx.charge)]),
  );
}
