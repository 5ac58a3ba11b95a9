/** Figures and names as a person reads them. */
import type { Connection, Item, Where } from './items.ts';

const scales = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** In powers of 1000; `-` for what is not known. */
export function bytesText(bytes: number | undefined): string {
  if (bytes === undefined) return '-';
  let value = bytes;
  let scale = 0;
  // 999.5 of one unit would be shown as 1000 of it.
  while (value >= 999.5 && scale < scales.length - 1) {
    value /= 1000;
    scale += 1;
  }
  return `${scale > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${scales[scale] ?? ''}`;
}

/** @param ms `-` when it is not known */
export function durationText(ms: number | undefined): string {
  if (ms === undefined) return '-';
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.5) return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 100 ? `${hours} h ${minutes % 60}` : `${Math.round(hours / 24)} d`;
}

/** Of today only the time, else the day, too; UTC. */
export function momentText(time: string, nowMs: number): string {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  return time.startsWith(today) ? time.slice(11, 19) : `${time.slice(5, 10)} ${time.slice(11, 16)}`;
}

export function programText({ exe, pid }: Pick<Where, 'exe' | 'pid'>): string {
  const name = exe?.slice(exe.lastIndexOf('/') + 1) || '?';
  return pid === undefined || pid === 0 ? name : `${name} ${pid}`;
}

/** What a connection carries. */
export function speechText({ speaks, protocol = '?', requests }: Connection): string {
  return requests > 0 ? `http: ${count(requests, 'request')}` : (speaks ?? protocol);
}

export function stateText({ state, errno, went_on: wentOn }: Exclude<Item, { kind: 'denied' }>): string {
  return `${state}${errno === undefined ? '' : ` ${errno}`}${wentOn ? ', would be denied' : ''}`;
}

/** Common name and organisation of a distinguished name, whichever way it is written; else all of it. */
export function nameText(distinguished: string): string {
  const part = (key: string): string | undefined =>
    new RegExp(`(?:^|[\\n,/+])\\s*${key}\\s*=\\s*([^\\n,/+]+)`).exec(distinguished)?.[1]?.trim();
  const [name, organisation] = [part('CN'), part('O')];
  if (name === undefined) return organisation ?? distinguished;
  return organisation === undefined || name.includes(organisation) ? name : `${name} (${organisation})`;
}

export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
