import type { Value } from '../../values.ts';
import type { BuiltinContext, BuiltinTable } from '../types.ts';
import { readYaml, YamlError } from './read.ts';
import { writeYaml } from './write.ts';

/** Reads YAML for other built-ins; undefined when the text is none or the host has no YAML. */
export function yamlParser(ctx: BuiltinContext): (text: string) => Value | undefined {
  return (text) => {
    try {
      return ctx.host.yaml === undefined ? undefined : readYaml(ctx.host.yaml(), text, ctx.charge);
    } catch (error) {
      if (error instanceof YamlError) return undefined;
      throw error;
    }
  };
}

/** `yaml.*`. Reading needs the host's library, writing does not. */
export function yamlBuiltins(ctx: BuiltinContext): BuiltinTable {
  const write = (v?: Value): Value | undefined => {
    if (v === undefined) return undefined;
    const text = writeYaml(v);
    ctx.charge(text.length >> 4);
    return text;
  };
  const marshal = { 'yaml.marshal': { arity: 1, fn: write } };
  const library = ctx.host.yaml;
  if (library === undefined) return marshal;
  const parse = yamlParser(ctx);
  return {
    ...marshal,
    'yaml.is_valid': { arity: 1, fn: (v) => typeof v === 'string' && parse(v) !== undefined },
    'yaml.unmarshal': {
      arity: 1,
      fn: (v) => {
        if (typeof v !== 'string') return ctx.fail.type(1, 'string', v);
        try {
          return readYaml(library(), v, ctx.charge);
        } catch (error) {
          if (error instanceof YamlError) return ctx.fail.error(error.message);
          throw error;
        }
      },
    },
  };
}
