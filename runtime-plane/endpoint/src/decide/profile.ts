/**
 * A profile: one folder with a policy for one kind of agent, and what that agent is. `--profile` takes a name, looked up
 * among the shipped ones first so that nothing can take their place, or a folder.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ProfileError } from './profile-error.ts';
import { commonSettings, type Setting, type SettingType, type Settings, settingTypes } from './settings.ts';

export const capabilities = [
  'filesystem',
  'terminal',
  'network',
  'clipboard',
  'ipc',
  'credentials',
  'os_api',
] as const;
const types = ['ui_assistant', 'background_automator', 'developer_tool', 'any'] as const;
const risks = ['low', 'medium', 'high'] as const;

export type Profile = {
  readonly id: string;
  readonly title: string;
  /** One sentence. */
  readonly description: string;
  readonly type: (typeof types)[number];
  readonly risk: (typeof risks)[number];
  readonly capabilities: readonly (typeof capabilities)[number][];
  /** What holds when the command line does not say. */
  readonly mode: 'audit' | 'enforce';
  readonly settings: Settings;
  readonly folder: string;
  readonly source: 'shipped' | 'own' | 'folder';
};

/** Folders that hold profiles. */
export type ProfileHomes = {
  readonly shipped: string;
  readonly own: string;
};

const namePattern = /^[a-z0-9][a-z0-9-]{0,63}$/;
const file = 'profile.json';

export function ownProfiles(environment: NodeJS.ProcessEnv, home: string): string {
  return path.join(environment['XDG_CONFIG_HOME'] || path.join(home, '.config'), 'chaperone', 'policies');
}

/** @param asked a name, or a folder (anything with a slash, and `.`). Throws ProfileError. */
export function findProfile(asked: string, homes: ProfileHomes): Profile {
  if (asked.includes('/') || asked === '.' || asked === '..') {
    const folder = path.resolve(asked);
    if (!existsSync(path.join(folder, file))) {
      throw new ProfileError(
        'unknown_profile',
        `${folder} holds no ${file}; a folder of Rego files alone goes with --policy`,
      );
    }
    return readProfile(folder, 'folder');
  }
  for (const source of ['shipped', 'own'] as const) {
    const folder = path.join(homes[source], asked);
    if (namePattern.test(asked) && existsSync(path.join(folder, file))) return readProfile(folder, source);
  }
  const names = listProfiles(homes).profiles.map(({ id }) => id);
  throw new ProfileError(
    'unknown_profile',
    `there is no profile ${JSON.stringify(asked)}; there are ${names.join(', ')} (your own go into ${homes.own})`,
  );
}

/** All profiles, the shipped ones first; one that cannot be read is a problem and hides no other. */
export function listProfiles(homes: ProfileHomes): { profiles: Profile[]; problems: string[] } {
  const profiles: Profile[] = [];
  const problems: string[] = [];
  for (const source of ['shipped', 'own'] as const) {
    for (const name of foldersIn(homes[source])) {
      const folder = path.join(homes[source], name);
      if (!existsSync(path.join(folder, file))) continue;
      if (profiles.some(({ id }) => id === name)) {
        problems.push(`${folder} is not used, because a profile of that name is shipped`);
        continue;
      }
      try {
        profiles.push(readProfile(folder, source));
      } catch (error) {
        if (!(error instanceof ProfileError)) throw error;
        problems.push(error.message);
      }
    }
  }
  return { profiles, problems };
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => namePattern.test(name))
      .toSorted();
  } catch {
    return [];
  }
}

function readProfile(folder: string, source: Profile['source']): Profile {
  const from = path.join(folder, file);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(from, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : 'not JSON';
    throw new ProfileError('bad_profile', `${from} cannot be read: ${why}`, { cause: error });
  }
  const given = new Fields(from, '', value, [
    'id',
    'title',
    'description',
    'type',
    'risk',
    'capabilities',
    'mode',
    'settings',
  ]);
  const id = given.text('id');
  if (!namePattern.test(id) || id !== path.basename(folder))
    throw given.bad('id must be the name of the folder: small letters, digits and hyphens');
  const surface = given.value('capabilities');
  if (!Array.isArray(surface)) throw given.bad('capabilities must be a list');
  return {
    id,
    title: given.text('title'),
    description: given.text('description'),
    type: given.choice('type', types),
    risk: given.choice('risk', risks),
    capabilities: surface.map((one: unknown) => given.among('capabilities', one, capabilities)),
    mode: given.value('mode') === undefined ? 'enforce' : given.choice('mode', ['audit', 'enforce']),
    settings: { ...readSettings(from, given.value('settings') ?? {}), ...commonSettings },
    folder,
    source,
  };
}

function readSettings(from: string, value: unknown): Settings {
  const names = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const all = new Fields(from, 'settings', value, names);
  return Object.fromEntries(
    names.map((name): [string, Setting] => {
      if (!/^[a-z][a-z0-9_]*$/.test(name) || Object.hasOwn(commonSettings, name))
        throw all.bad(`${name} is no name for a setting of a profile`);
      const at = `settings.${name}`;
      const one = new Fields(from, at, all.value(name), ['type', 'description', 'default', 'create']);
      const type = one.choice('type', settingTypes);
      const create = one.value('create') ?? false;
      if (typeof create !== 'boolean') throw one.bad('create must be true or false');
      return [name, { type, description: one.text('description'), default: readDefault(one, type), create }];
    }),
  );
}

function readDefault(setting: Fields, type: SettingType): Setting['default'] {
  const value = setting.value('default');
  const isText = (one: unknown): one is string => typeof one === 'string';
  const isNumber = (one: unknown): one is number => typeof one === 'number';
  if (type === 'flag' && typeof value === 'boolean') return value;
  if (type === 'path' && isText(value)) return value;
  if (type === 'ports' && Array.isArray(value) && value.every(isNumber)) return value;
  if (type === 'number' && isNumber(value)) return value;
  const isList = type === 'paths' || type === 'hosts' || type === 'words' || type === 'pairs';
  if (isList && Array.isArray(value) && value.every(isText)) return value;
  throw setting.bad(`default does not fit the type ${type}`);
}

/** Strict reading: a misspelt field must not look as if it had been understood. */
class Fields {
  readonly #from: string;
  readonly #at: string;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(from: string, at: string, value: unknown, known: readonly string[]) {
    this.#from = from;
    this.#at = at;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.bad('not an object');
    this.#values = value as Record<string, unknown>;
    for (const name of Object.keys(value))
      if (!known.includes(name))
        throw this.bad(`unknown field ${JSON.stringify(name)}; known are ${known.join(', ')}`);
  }

  bad(what: string): ProfileError {
    return new ProfileError('bad_profile', `${this.#from}: ${this.#at ? `${this.#at}: ` : ''}${what}`);
  }
  value(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
  }
  text(name: string): string {
    const value = this.value(name);
    if (typeof value !== 'string' || value === '' || value.length > 1_000)
      throw this.bad(`${name} must be a text`);
    return value;
  }
  choice<Choice extends string>(name: string, known: readonly Choice[]): Choice {
    return this.among(name, this.value(name), known);
  }
  among<Choice extends string>(name: string, value: unknown, known: readonly Choice[]): Choice {
    const found = known.find((one) => one === value);
    if (found === undefined) throw this.bad(`${name} must be out of ${known.join(', ')}`);
    return found;
  }
}
