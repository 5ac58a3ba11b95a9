/** `data.chaperone.egress` as the policy's author wrote it. */
import { isIP } from 'node:net';
import { rangesIn, type Ranges } from './request/published-ranges.ts';
import type { EgressSettings } from './settings.ts';

const at = 'data.chaperone.egress';
const most = 100_000;

type Fields = { readonly [name: string]: unknown };

/** What a field may be; its words complete "… is not …". */
type Form<T> = { readonly is: (value: unknown) => value is T; readonly words: string };

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= 4096;
const listOf =
  (isOne: (value: string) => boolean) =>
  (value: unknown): value is readonly string[] =>
    Array.isArray(value) && value.length <= most && value.every((one) => isText(one) && isOne(one));
const isHost = (value: string): boolean =>
  value === '*' || /^(?:\*\.)?(?!-)[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$|^[0-9a-f:]+$/.test(value);
const isHostPort = (value: string): boolean => {
  const [, host = '', port = ''] = /^(.*):(\d{1,5})$/.exec(value) ?? [];
  return isHost(host.replace(/^\[(.*)\]$/, '$1')) && Number(port) >= 1 && Number(port) <= 65_535;
};
const wholeFrom =
  (least: number, upTo: number) =>
  (value: unknown): value is number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= upTo;

const hosts: Form<readonly string[]> = {
  is: listOf(isHost),
  words: 'a list of hosts in lower case ("api.example.com", "*.example.com", "*")',
};
const hostPorts: Form<readonly string[]> = {
  is: listOf(isHostPort),
  words: 'a list of "HOST:PORT" ("*:22")',
};
const servers: Form<readonly string[]> = {
  is: listOf((one) => {
    const [, host = one, port = '53'] = /^(.*):(\d{1,5})$/.exec(isIP(one) === 6 ? '' : one) ?? [];
    return isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0 && Number(port) >= 1 && Number(port) <= 65_535;
  }),
  words: 'a list of "ADDRESS" or "ADDRESS:PORT" ("192.0.2.53", "[2001:db8::53]:5353")',
};
const recordTypes: Form<readonly string[]> = {
  is: listOf((one) => /^[A-Z][A-Z0-9-]{0,15}$/.test(one)),
  words: 'a list of types of records ("TXT", "CAA")',
};
const files: Form<readonly string[]> = {
  is: listOf((one) => one.startsWith('/')),
  words: 'a list of absolute paths of PEM files',
};
const over: Form<'deny' | 'allow'> = {
  is: (value): value is 'deny' | 'allow' => value === 'deny' || value === 'allow',
  words: 'either "deny" or "allow"',
};
const count = (least: number, upTo: number): Form<number> => ({
  is: wholeFrom(least, upTo),
  words: `a whole number from ${least} to ${upTo}`,
});
const bits: Form<number> = {
  is: (value): value is number => typeof value === 'number' && value >= 0 && value <= 8,
  words: 'a number of bits from 0 to 8',
};
const regionsOf = (
  isKey: (key: string) => boolean,
  what: string,
): Form<Readonly<Record<string, string>>> => ({
  is: (value): value is Readonly<Record<string, string>> =>
    isObject(value) && Object.entries(value).every(([key, region]) => isKey(key) && isText(region)),
  words: `an object that gives a region for each ${what}`,
});

const ranges: Form<Ranges | readonly string[]> = {
  is: (value): value is Ranges | readonly string[] =>
    listOf((one) => /^data(?:\.[^.]+)+$/.test(one))(value) || rangesIn(value) === value,
  words:
    'an object that gives a region for each range ("192.0.2.0/24"), or a list of documents ("data.cloud")',
};

class Wrong extends Error {}

/** Takes the known fields of one object; whatever else it has is wrong. */
class Reader {
  readonly #place: string;
  readonly #fields: Fields;
  readonly #left: Set<string>;

  constructor(value: unknown, place: string) {
    if (value !== undefined && !isObject(value)) throw new Wrong(`${place} is not an object`);
    this.#place = place;
    this.#fields = value ?? {};
    this.#left = new Set(Object.keys(this.#fields));
  }

  take<T>(name: string, { is, words }: Form<T>, otherwise: T): T {
    const value = this.#own(name);
    if (value === undefined) return otherwise;
    if (!is(value)) throw new Wrong(`${this.#place}.${name} is not ${words}`);
    return value;
  }

  within(name: string): Reader {
    return new Reader(this.#own(name), `${this.#place}.${name}`);
  }

  end(): void {
    for (const name of this.#left)
      throw new Wrong(`${this.#place} has an unknown field ${JSON.stringify(name)}`);
  }

  #own(name: string): unknown {
    this.#left.delete(name);
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }
}

/**
 * Settings with their defaults. Whatever is not known is refused: a misspelt field would read like a safeguard and be none.
 *
 * @returns the settings, or one line that says what is wrong with them
 */
export function parseEgressSettings(data: { readonly [name: string]: unknown }): EgressSettings | string {
  const chaperone = isObject(data['chaperone']) ? data['chaperone'] : {};
  try {
    const egress = Object.hasOwn(chaperone, 'egress') ? chaperone['egress'] : undefined;
    return read(new Reader(egress, at), data);
  } catch (error) {
    if (error instanceof Wrong) return error.message;
    throw error;
  }
}

function read(egress: Reader, data: Fields): EgressSettings {
  const names = egress.within('names');
  const body = egress.within('body');
  const regions = egress.within('regions');
  const settings: EgressSettings = {
    inspect: egress.take('inspect', hosts, []),
    passthrough: egress.take('passthrough', hosts, []),
    opaque: egress.take('opaque', hostPorts, []),
    upstream_ca: egress.take('upstream_ca', files, []),
    names: {
      per_minute: names.take('per_minute', count(1, 1_000_000), 1_200),
      distinct_per_minute: names.take('distinct_per_minute', count(1, 1_000_000), 60),
      max_label: names.take('max_label', count(1, 63), 63),
      max_name: names.take('max_name', count(1, 253), 253),
      max_entropy: names.take('max_entropy', bits, 4.5),
      private: names.take('private', hosts, []),
      types: names.take('types', recordTypes, []),
      servers: names.take('servers', servers, []),
    },
    body: {
      max_bytes: body.take('max_bytes', count(0, 256 << 20), 16 << 20),
      over: body.take('over', over, 'deny'),
    },
    regions: {
      hosts: regions.take('hosts', regionsOf(isHost, 'host'), {}),
      ranges: rangesOf(regions.take('ranges', ranges, {}), data),
    },
  };
  for (const reader of [names, body, regions, egress]) reader.end();
  return settings;
}

/** Inline, or the names of documents that hold them. */
function rangesOf(value: Ranges | readonly string[], data: Fields): Ranges {
  if (!Array.isArray(value)) return value as Ranges;
  const all: Record<string, string> = {};
  for (const name of value as readonly string[]) {
    let found: unknown = data;
    for (const step of name.split('.').slice(1))
      found = isObject(found) && Object.hasOwn(found, step) ? found[step] : undefined;
    const read = rangesIn(found);
    if (read === undefined)
      throw new Wrong(
        `${at}.regions.ranges names ${name}, which is no object of ranges and no list as AWS, Google or Azure publish it`,
      );
    Object.assign(all, read);
  }
  return all;
}
