/** A bus through xdg-dbus-proxy: it runs outside of the session, and only what the floor grants passes. */
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { SessionError } from '../errors.ts';
import { BusLog, type RefusedCall, RefusedCalls } from './bus-log.ts';
import type { BusGrants } from './grants.ts';

export type BusProxyPlan = {
  readonly program: string;
  /** As a person calls it: session bus, system bus. */
  readonly title: string;
  readonly address: string;
  /** Where it listens. */
  readonly socket: string;
  readonly grants: BusGrants;
  readonly refused: (call: RefusedCall, times: number) => void;
  /** It ended before it was told to. */
  readonly lost: (how: string) => void;
};

const startMs = 10_000;
const endMs = 2_000;

/** @returns how to end it; all it logged is reported by then. Throws SessionError `desktop` when it does not start. */
export async function startBusProxy(plan: BusProxyPlan): Promise<() => Promise<void>> {
  const rules = Object.entries(plan.grants).flatMap(([option, names]) =>
    names.map((name: string) => `--${option}=${name}`),
  );
  const child = spawn(plan.program, ['--fd=3', plan.address, plan.socket, '--filter', '--log', ...rules], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: {},
    detached: true, // Ctrl-C is for the agent
  });
  const [, out, errors, line] = child.stdio as readonly unknown[] as readonly [null, Socket, Socket, Socket];
  const calls = new RefusedCalls(plan.refused);
  const log = new BusLog((call) => calls.add(call));
  out.setEncoding('utf8').on('data', (text: string) => log.add(text));
  let said = '';
  errors.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-300)));
  let closing = false;
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  // It writes one byte when it listens, and ends when our end of this is closed.
  const listening = new Promise<void>((resolve) => line.once('data', () => resolve()));
  line.on('error', () => {});
  const timer = setTimeout(() => child.kill('SIGKILL'), startMs);
  const failed = await Promise.race([listening.then(() => undefined), ended]);
  clearTimeout(timer);
  if (failed !== undefined) {
    calls.close();
    const why = said.replace(/\s+/gu, ' ').trim() || failed;
    throw new SessionError('desktop', `the proxy of the ${plan.title} did not start: ${why}`);
  }
  void ended.then((how) => {
    if (!closing) plan.lost(how);
  });
  // A session that fails to start must not wait for it.
  for (const one of [child, out, errors, line]) one.unref();
  return async () => {
    closing = true;
    line.destroy();
    const late = setTimeout(() => child.kill('SIGKILL'), endMs);
    await ended;
    clearTimeout(late);
    calls.close();
  };
}
