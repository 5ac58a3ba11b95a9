/**
 * What of the desktop a session could ever reach: `floor.desktop` of a policy. What is left out is not reached at all;
 * what is granted here is still put to the policy, act by act.
 */

/** Rules of xdg-dbus-proxy(1), by its option. */
export type BusGrants = { readonly [option in (typeof busOptions)[number]]: readonly string[] };

export type DesktopGrants = {
  /** `whole`: the bus itself, without a proxy. */
  readonly session_bus?: BusGrants | 'whole';
  readonly system_bus?: BusGrants | 'whole';
  /** `untrusted`: under the X server's SECURITY extension, through a proxy; `trusted`: the display itself. */
  readonly x11: 'none' | 'untrusted' | 'trusted';
  readonly wayland: 'none' | 'connect';
  readonly clipboard: 'none' | 'read' | 'both';
  /** AT-SPI and ydotool: reading and driving other programs. */
  readonly accessibility: boolean;
};

export const noDesktop: DesktopGrants = {
  x11: 'none',
  wayland: 'none',
  clipboard: 'none',
  accessibility: false,
};

const busOptions = ['see', 'talk', 'own', 'call', 'broadcast'] as const;
const part = '[A-Za-z_-][A-Za-z0-9_-]*';
const busName = new RegExp(`^${part}(\\.${part})+(\\.\\*)?$`, 'u');
/** NAME=METHOD[@PATH]: a method, an interface with `.*`, or `*`; a path, also with `/*`. */
const busRule = new RegExp(
  `^${part}(\\.${part})+(\\.\\*)?=(\\*|[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)+(\\.\\*)?)?(@(/|(/\\w+)+)(/?\\*)?)?$`,
  'u',
);
const maxName = 255;
const maxRules = 500;

type Fail = (what: string) => Error;

/** @param fail makes the error that is thrown from a sentence that says what is wrong */
export function parseDesktop(value: unknown, fail: Fail): DesktopGrants {
  const given = fields(value, 'desktop', ['session_bus', 'system_bus', ...Object.keys(noDesktop)], fail);
  const choice = <T extends string>(name: 'x11' | 'wayland' | 'clipboard', allowed: readonly T[]): T => {
    const chosen = Object.hasOwn(given, name) ? given[name] : noDesktop[name];
    const found = allowed.find((one) => one === chosen);
    if (found === undefined) throw fail(`desktop.${name} must be one of ${allowed.join(', ')}`);
    return found;
  };
  const accessibility = Object.hasOwn(given, 'accessibility') ? given['accessibility'] : false;
  if (typeof accessibility !== 'boolean') throw fail('desktop.accessibility must be true or false');
  const grants: DesktopGrants = {
    ...bus('session_bus', given, fail),
    ...bus('system_bus', given, fail),
    x11: choice('x11', ['none', 'untrusted', 'trusted']),
    wayland: choice('wayland', ['none', 'connect']),
    clipboard: choice('clipboard', ['none', 'read', 'both']),
    accessibility,
  };
  assertSeparable(grants, fail);
  return grants;
}

/** A grant that cannot be kept apart from another one is refused, so that nobody believes it is. */
function assertSeparable({ x11, wayland, clipboard }: DesktopGrants, fail: Fail): void {
  if (x11 === 'trusted' && clipboard !== 'both')
    throw fail('desktop.x11 "trusted" reaches the clipboard: say clipboard "both", or x11 "untrusted"');
  if (wayland === 'connect' && clipboard !== 'both')
    throw fail('desktop.wayland "connect" reaches the clipboard: say clipboard "both", or wayland "none"');
  if (clipboard === 'both' && x11 === 'untrusted' && wayland === 'none')
    throw fail(
      'desktop.clipboard "both" cannot be given to an untrusted X client, which only reads: say "read"',
    );
}

function bus(
  name: 'session_bus' | 'system_bus',
  given: Record<string, unknown>,
  fail: Fail,
): Partial<DesktopGrants> {
  if (!Object.hasOwn(given, name)) return {};
  if (given[name] === 'whole') return { [name]: 'whole' };
  if (typeof given[name] === 'string') throw fail(`desktop.${name} must be an object with rules, or "whole"`);
  const rules = fields(given[name], `desktop.${name}`, busOptions, fail);
  const list = (option: (typeof busOptions)[number]): string[] => {
    const items: unknown = Object.hasOwn(rules, option) ? rules[option] : [];
    const where = `desktop.${name}.${option}`;
    if (!Array.isArray(items)) throw fail(`${where} must be a list`);
    if (items.length > maxRules) throw fail(`${where} has more than ${maxRules} entries`);
    const withRule = option === 'call' || option === 'broadcast';
    const shape = withRule ? busRule : busName;
    return items.map((item: unknown) => {
      if (typeof item === 'string' && item.length <= maxName * 3 && shape.test(item)) return item;
      const wanted = withRule
        ? 'not NAME=INTERFACE.METHOD, NAME=INTERFACE.* or NAME=*, each with or without @/PATH'
        : 'no bus name such as org.freedesktop.Notifications or org.example.*';
      throw fail(`${where} holds ${JSON.stringify(item)}, which is ${wanted}`);
    });
  };
  const grants: BusGrants = {
    see: list('see'),
    talk: list('talk'),
    own: list('own'),
    call: list('call'),
    broadcast: list('broadcast'),
  };
  return { [name]: grants };
}

function fields(
  value: unknown,
  where: string,
  known: readonly string[],
  fail: Fail,
): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw fail(`${where} must be an object`);
  for (const name of Object.keys(value))
    if (!known.includes(name))
      throw fail(`${where} has an unknown field ${JSON.stringify(name)}; known are ${known.join(', ')}`);
  return value as Record<string, unknown>;
}
