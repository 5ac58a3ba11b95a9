/** The settings of a profile: what a person may adapt without writing Rego. They reach the policy as `data.settings`. */
import path from 'node:path';
import type { JsonObject } from './policy-files.ts';
import { ProfileError } from './profile-error.ts';

export const settingTypes = ['path', 'paths', 'hosts', 'words', 'pairs', 'ports', 'number', 'flag'] as const;
export type SettingType = (typeof settingTypes)[number];
type Plain = string | boolean | number | readonly string[] | readonly number[];
/** `pairs` have a list of values for each name. */
export type SettingValue = Plain | Readonly<Record<string, readonly string[]>>;

export type Setting = {
  readonly type: SettingType;
  readonly description: string;
  /** Paths may begin with `~/`; others are relative to the workspace. Pairs are texts, `name=value`. */
  readonly default: Plain;
  /** Folders that are made before the session starts, as the person who starts it. */
  readonly create: boolean;
};

export type Settings = Readonly<Record<string, Setting>>;

/** Where relative paths begin. */
export type Places = { readonly home: string; readonly workspace: string };

const empty = (type: SettingType, description: string): Setting => ({
  type,
  description,
  default: [],
  create: false,
});

/** What every profile has, because the shared library or the way out reads it. */
export const commonSettings: Settings = {
  allow_stores: empty(
    'words',
    'credential stores that the agent may use after all, by id (as in rules: "store:ID")',
  ),
  private_names: empty(
    'hosts',
    'names that may lead to private addresses; to this machine without a wildcard',
  ),
  nameservers: empty('words', 'who is asked for names instead of the nameservers of this machine'),
  upstream_ca: empty('paths', 'PEM files of further authorities of destinations'),
  regions: empty('pairs', 'where hosts are: HOST=REGION'),
};

/** Of the common settings, what is for the way out: `data.chaperone.egress`. Nothing that was not set, so that a data.json may. */
export function egressOf(settings: Readonly<Record<string, SettingValue>>): JsonObject {
  const { private_names: isPrivate, nameservers: servers, upstream_ca: authorities, regions = {} } = settings;
  const names = { ...listed('private', isPrivate), ...listed('servers', servers) };
  const places = typeof regions === 'object' && !isTexts(regions) ? Object.entries(regions) : [];
  const hosts = places.map(([host, regionsOf]) => [host.toLowerCase(), regionsOf.at(-1) ?? ''] as const);
  return {
    ...(Object.keys(names).length > 0 ? { names } : {}),
    ...listed('upstream_ca', authorities),
    ...(hosts.length > 0 ? { regions: { hosts: Object.fromEntries(hosts) } } : {}),
  };
}

function listed(name: string, value: SettingValue | undefined): JsonObject {
  return value !== undefined && isTexts(value) && value.length > 0 ? { [name]: value.map(String) } : {};
}

const isTexts = (value: SettingValue): value is readonly string[] | readonly number[] => Array.isArray(value);

/**
 * @param given `name=value`; for a list the first one replaces the default and further ones add to it; `name+=value` adds
 * to the default, `name=` alone empties it
 * Throws ProfileError `unknown_setting`, `bad_setting`.
 */
export function applySettings(
  settings: Settings,
  given: readonly string[],
  places: Places,
): Record<string, SettingValue> {
  const texts = new Map(Object.entries(settings).map(([name, setting]) => [name, asTexts(setting.default)]));
  const replaced = new Set<string>();
  for (const one of given) {
    const [, name = '', plus = '', value = ''] = /^([A-Za-z_][A-Za-z0-9_]*)(\+?)=(.*)$/s.exec(one) ?? [];
    const setting = Object.hasOwn(settings, name) ? settings[name] : undefined;
    if (!setting) throw unknown(one, name, settings);
    if (!isList(setting.type) && (plus || replaced.has(name)))
      throw new ProfileError('bad_setting', `${name} takes one value; give it once, as --set ${name}=VALUE`);
    const kept = plus || replaced.has(name) ? (texts.get(name) ?? []) : [];
    if (!plus) replaced.add(name);
    texts.set(name, value === '' && isList(setting.type) ? kept : [...kept, value]);
  }
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [
      name,
      read(name, setting.type, texts.get(name) ?? [], places),
    ]),
  );
}

function unknown(given: string, name: string, settings: Settings): ProfileError {
  const known = Object.keys(settings).join(', ');
  return name === ''
    ? new ProfileError('bad_setting', `--set ${given}: write it as NAME=VALUE; known are ${known}`)
    : new ProfileError('unknown_setting', `there is no setting ${name} in this profile; known are ${known}`);
}

const isList = (type: SettingType): boolean => type !== 'path' && type !== 'flag' && type !== 'number';

function asTexts(value: Plain): string[] {
  return typeof value === 'object' ? value.map(String) : [String(value)];
}

function read(name: string, type: SettingType, texts: readonly string[], places: Places): SettingValue {
  const bad = (text: string, wanted: string): ProfileError =>
    new ProfileError('bad_setting', `${name}: ${JSON.stringify(text)} is not ${wanted}`);
  switch (type) {
    case 'path':
      return placeOf(texts[0] ?? '', places) ?? fail(bad(texts[0] ?? '', 'a path'));
    case 'paths':
      return texts.map((text) => placeOf(text, places) ?? fail(bad(text, 'a path')));
    case 'hosts':
      return texts.map((text) => hostOf(text) ?? fail(bad(text, 'a host name (or *.name for all below it)')));
    case 'words':
      return texts.map((text) =>
        /^[^/\p{Cc}]{1,100}$/u.test(text) ? text : fail(bad(text, 'a name without a slash')),
      );
    case 'pairs':
      return pairsOf(texts) ?? fail(bad(texts.find((text) => !pair.test(text)) ?? '', 'NAME=VALUE'));
    case 'number':
      return /^\d{1,15}$/.test(texts[0] ?? '')
        ? Number(texts[0])
        : fail(bad(texts[0] ?? '', 'a whole number'));
    case 'ports':
      return texts.map((text) =>
        /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535
          ? Number(text)
          : fail(bad(text, 'a port number')),
      );
    case 'flag':
      return (
        texts[0] === 'true' || (texts[0] === 'false' ? false : fail(bad(texts[0] ?? '', 'true or false')))
      );
    default:
      return type satisfies never;
  }
}

const pair = /^([^/=\p{Cc}]{1,253})=([^/=\p{Cc}]{1,100})$/u;

function pairsOf(texts: readonly string[]): Record<string, string[]> | undefined {
  const found = texts.map((text) => pair.exec(text));
  if (found.includes(null)) return undefined;
  const values = Map.groupBy(found, (one) => one?.[1] ?? '');
  return Object.fromEntries([...values].map(([name, all]) => [name, all.map((one) => one?.[2] ?? '')]));
}

function fail(error: ProfileError): never {
  throw error;
}

function placeOf(text: string, { home, workspace }: Places): string | undefined {
  if (text === '' || text.includes('\0')) return undefined;
  if (text === '~') return home;
  return text.startsWith('~/') ? path.join(home, text.slice(2)) : path.resolve(workspace, text);
}

/** A leading `*.` stands for every name below; a port or a scheme is a mistake that must not look as if it worked. */
function hostOf(text: string): string | undefined {
  const host = text.toLowerCase().replace(/\.$/, '');
  return /^(?:\*\.)?(?!-)[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(host) ? host : undefined;
}
