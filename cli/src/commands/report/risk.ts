/** How much an act deserves a look. The points are a rule of thumb that is printed with the report. */
import type { DecisionInput } from '@chaperone/protocol';
import type { Never } from './never.ts';

export type Risk = { readonly points: number; readonly why: string };

const shells: ReadonlySet<string> = new Set('sh bash dash zsh fish ksh csh tcsh busybox'.split(' '));
const ordinary = ['/tmp', '/var/tmp', '/usr', '/lib', '/lib64', '/bin', '/etc', '/proc', '/dev'];
const kernelFolder = /^\/(?:proc|sys)\//;
const maxRepeatPoints = 5;
const wentOnPoints = 2;

export const scoreText =
  "Points: 10 for stores of credentials, secrets of the system and chaperone's own files; 8 for ways to more rights and for " +
  'what starts by itself; 6 for a denied shell; 5 for a denied host; 3 for a denied path outside home, working directory and ' +
  'the usual system folders, and for a refused system call; 1 for anything else denied. ' +
  `${wentOnPoints} more when it went on all the same, and 1 more each time the count doubles, at most ${maxRepeatPoints}.`;

/** @returns undefined for what nobody needs to look at */
export function riskOf(
  input: DecisionInput,
  denied: boolean,
  proceeded: boolean,
  cwd: string | undefined,
  never: Never,
): Risk | undefined {
  const base = basePoints(input, denied, cwd, never);
  if (!base) return undefined;
  return denied && !proceeded ? base : { ...base, points: base.points + wentOnPoints };
}

export function scoreOf(points: number, count: number): number {
  return points + Math.min(maxRepeatPoints, Math.floor(Math.log2(Math.max(1, count))));
}

function basePoints(
  input: DecisionInput,
  denied: boolean,
  cwd: string | undefined,
  never: Never,
): Risk | undefined {
  const kind = never.kindOf(input);
  // What a program reads about itself and the machine; a foreign process's entries are never handed out.
  if (kind === 'system secrets' && !denied && kernelFolder.test(input.path ?? '')) return undefined;
  if (kind === 'credentials' || kind === 'system secrets' || kind === 'own files')
    return { points: 10, why: kind };
  if (kind !== undefined && denied) return { points: 8, why: kind };
  if (!denied) return undefined;
  const { action, path } = input;
  if (action === 'connect' || action === 'resolve_name') return { points: 5, why: 'host not allowed' };
  if (path === undefined) return { points: 1, why: 'denied' };
  if (action === 'execute')
    return shells.has(path.slice(path.lastIndexOf('/') + 1))
      ? { points: 6, why: 'shell' }
      : { points: 1, why: 'program' };
  const usual = [...ordinary, ...(cwd === undefined ? [] : [cwd])];
  const inside =
    never.inHome(path) !== undefined || usual.some((one) => path === one || path.startsWith(`${one}/`));
  return inside ? { points: 1, why: 'denied' } : { points: 3, why: 'outside home' };
}
