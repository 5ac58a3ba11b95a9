/** A desktop of its own for a world: a session bus with a notification service, and an X display with its cookie. */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { collect, type Ended, until, type World } from './world.ts';

const programs = fileURLToPath(new URL('./programs/', import.meta.url));

/** Which of these programs are not installed; the reason for a skip is printed once. */
export function missing(title: string, ...names: readonly string[]): boolean {
  const absent = names.filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
  if (absent.length > 0) console.log(`skipped: ${title}, because ${absent.join(', ')} is not installed`);
  return absent.length > 0;
}

export class Desktop {
  readonly #world: World;
  readonly variables: Record<string, string> = {};
  /** What the notification service was asked. */
  heard = '';

  constructor(world: World) {
    this.#world = world;
    world.folder('run');
    this.variables['XDG_RUNTIME_DIR'] = world.at('run');
  }

  get busSocket(): string {
    return this.#world.at('the-bus');
  }

  /** At a path that no convention names. */
  async bus(): Promise<void> {
    const world = this.#world;
    world.bare(
      ['dbus-daemon', '--session', '--nofork', '--nopidfile', `--address=unix:path=${this.busSocket}`],
      ['ignore', 'ignore', 'ignore'],
    );
    await until('the bus', () => existsSync(this.busSocket));
    const service = world.bare(
      [process.execPath, path.join(programs, 'dbus-service.ts'), this.busSocket],
      ['ignore', 'pipe', 'ignore'],
    );
    service.stdout?.setEncoding('utf8').on('data', (text: string) => (this.heard += text));
    await until('the notification service', () => this.heard.includes('ready'));
    this.variables['DBUS_SESSION_BUS_ADDRESS'] = `unix:path=${this.busSocket}`;
  }

  /** Cookie of the display, in hex: whoever shows it is trusted. */
  cookie = '';

  async display(): Promise<void> {
    const world = this.#world;
    const cookie = randomBytes(16);
    this.cookie = cookie.toString('hex');
    const counted = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, bytes.length]), bytes]);
    const parts = [Buffer.alloc(0), Buffer.alloc(0), Buffer.from('MIT-MAGIC-COOKIE-1'), cookie];
    const anyAddress = Buffer.from([0xff, 0xff]);
    const authority = world.file('authority', Buffer.concat([anyAddress, ...parts.map(counted)]), 0o600);
    const server = world.bare(
      [
        'Xvfb',
        '-displayfd',
        '1',
        '-auth',
        authority,
        '-noreset',
        '-nolisten',
        'tcp',
        '-screen',
        '0',
        '320x200x24',
      ],
      ['ignore', 'pipe', 'ignore'],
    );
    let number = '';
    server.stdout?.setEncoding('utf8').on('data', (text: string) => (number += text));
    await until('the display', () => number.endsWith('\n'), 20_000);
    this.variables['DISPLAY'] = `:${number.trim()}`;
    this.variables['XAUTHORITY'] = authority;
  }

  #with(variables: Readonly<Record<string, string>>): string[] {
    return ['/usr/bin/env', ...Object.entries(variables).map(([name, value]) => `${name}=${value}`)];
  }

  /** On the desktop, without chaperone. */
  outside(command: readonly string[]): Promise<Ended> {
    return collect(
      this.#world.bare([...this.#with(this.variables), ...command], ['ignore', 'pipe', 'pipe']),
      20_000,
    );
  }

  /** The same, for programs that stay. */
  background(command: readonly string[]): ChildProcess {
    return this.#world.bare([...this.#with(this.variables), ...command], ['ignore', 'ignore', 'ignore']);
  }

  /** Puts text where other programs find it; xclip stays behind to hand it out. */
  async clip(selection: string, text: string): Promise<void> {
    await this.outside([
      'sh',
      '-c',
      'printf %s "$2" | xclip -selection "$1" -i >/dev/null 2>&1',
      'sh',
      selection,
      text,
    ]);
  }

  /** The same under chaperone. */
  start(command: readonly string[], variables: Readonly<Record<string, string>> = {}): ChildProcess {
    const line = [...this.#with({ ...this.variables, ...variables }), ...this.#world.line(), ...command];
    return this.#world.bare(line, ['ignore', 'pipe', 'pipe']);
  }
  run(command: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return collect(this.start(command, variables), 60_000);
  }
  script(text: string, ...args: readonly string[]): Promise<Ended> {
    return this.run(['/bin/sh', '-c', text, 'sh', ...args]);
  }

  /** Trusted, or through what the session is given. */
  spy(cookie = ''): string[] {
    return [process.execPath, path.join(programs, 'x11-spy.ts'), cookie];
  }
}
