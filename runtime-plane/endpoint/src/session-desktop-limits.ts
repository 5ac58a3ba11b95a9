/** What the floor of the desktop says before anything of it is opened. */
import { readdirSync } from 'node:fs';
import type { DesktopLimits } from './decide/limits.ts';
import type { DesktopGrants } from './enforce/desktop/grants.ts';

export function clipboardOf({ clipboard }: DesktopGrants): readonly string[] {
  return { none: [], read: ['read'], both: ['read', 'write'] }[clipboard];
}

/** For questions without a session: a granted service is reached, wherever its stand-in would listen. */
export function desktopLimitsOf(grants: DesktopGrants): DesktopLimits {
  const granted = {
    session_bus: grants.session_bus !== undefined,
    system_bus: grants.system_bus !== undefined,
    x11: grants.x11 !== 'none',
    wayland: grants.wayland !== 'none',
    accessibility: grants.accessibility,
  };
  const names = Object.entries(granted).flatMap(([name, isGranted]) => (isGranted ? [name] : []));
  return {
    reachable: Object.fromEntries(names.map((name) => [name, 'any'])),
    clipboard: clipboardOf(grants),
    ports: [],
    ownAbstract: false,
  };
}

/** Devices that type, point or listen to keys: closed, unless the floor's `write` names them as they are here. */
export function closedDevices(write: readonly string[]): string[] {
  const raw = readdirSync('/dev').filter((name) => /^hidraw\d+$/u.test(name));
  const devices = ['uinput', 'uhid', 'input', ...raw].map((name) => `/dev/${name}`);
  return devices.filter((device) => !write.includes(device));
}
