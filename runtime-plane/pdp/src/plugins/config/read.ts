/** The text of a configuration as a value: JSON or YAML, with environment variables and settings of the command line in it. */
import { readFileSync } from 'node:fs';
import { isPlain, type Value } from '@chaperone/rego';
import { PdpError } from '../../errors.ts';
import { parseOnly } from '../../json/parse.ts';
import { parseYaml } from '../../json/yaml.ts';
import { configError, type Plain } from './fields.ts';

export type ConfigSource = {
  readonly file?: string;
  /** `services.main.url=https://…`; these win over the file. */
  readonly settings: readonly string[];
};

const maxBytes = 4 * 1024 * 1024;

/** Throws PdpError `config` or `unreadable`. */
export async function readConfig(
  { file, settings }: ConfigSource,
  environment: Readonly<Record<string, string | undefined>>,
  onNotice: (line: string) => void,
): Promise<Plain> {
  let config: Plain = {};
  if (file !== undefined) {
    const text = readText(file);
    const value = await parse(file, substitute(text, environment, onNotice));
    if (value !== null && !isPlain(value)) throw configError(`${file} must hold an object`);
    config = value ?? {};
  }
  for (const setting of settings) config = applySetting(config, setting);
  return config;
}

/** `${NAME}` becomes the variable's value; one that is not set becomes nothing, which is told. */
export function substitute(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
  onNotice: (line: string) => void,
): string {
  return text.replaceAll(/\$\{(.*?)\}/g, (_, name: string) => {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value === undefined)
      onNotice(`the configuration uses \${${name}}, which is not set; nothing stands in its place`);
    return value ?? '';
  });
}

/** @param setting `a.b.c=value`; a dot in a name is written `\.` */
export function applySetting(config: Plain, setting: string): Plain {
  const match = /^((?:\\.|[^=\\])+)=(.*)$/s.exec(setting);
  if (match === null)
    throw configError(
      `--config-set ${setting}: write NAME=VALUE, for example --config-set decision_logs.console=true`,
    );
  const path = (match[1] ?? '').split(/(?<!\\)\./).map((name) => name.replaceAll('\\', ''));
  if (path.some((name) => name === '')) throw configError(`--config-set ${setting}: a name is empty`);
  return placed(config, path, valueOf(match[2] ?? ''));
}

function placed(object: Plain, [name = '', ...rest]: readonly string[], value: Value): Plain {
  const before = Object.hasOwn(object, name) ? object[name] : undefined;
  const inner = rest.length === 0 ? value : placed(isPlain(before) ? before : {}, rest, value);
  const copy = Object.assign(Object.create(null) as Record<string, Value>, object);
  copy[name] = inner;
  return copy;
}

function valueOf(text: string): Value {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  if (/^-?(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  return text;
}

function readText(file: string): string {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > maxBytes) throw new PdpError('unreadable', `${file} is too long for a configuration`);
    return bytes.toString('utf8');
  } catch (error) {
    if (error instanceof PdpError) throw error;
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    throw new PdpError('unreadable', `cannot read ${file} (${why})`, { cause: error });
  }
}

async function parse(file: string, text: string): Promise<Value> {
  const json = parseOnly(text);
  if (json.ok) return json.value;
  const yaml = await parseYaml(text);
  if (!yaml.ok) throw configError(`${file} is neither JSON nor YAML: ${yaml.message}`);
  return yaml.value;
}
