/** Agents and robots as they are, under the profile that fits: the same as bare, and nothing denied but what is listed. */
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { absent, agents, browserRobot, claude, codex, lacking, playwright } from './agents.ts';
import { main, readRecords } from './programs/records.ts';
import { collect, type Ended, root, situations, World } from './world.ts';

const why = lacking();
if (why !== undefined) console.log(`skipped: Claude Code, Codex and Playwright: ${why}`);
const users = situations.filter(({ identity }) => identity.uid !== 0);
const spaces = users.filter(({ isolation }) => isolation === 'namespace');
if (spaces.length === 0) console.log('skipped: Playwright: the browser profile wants namespace isolation');

const programs = path.join(root, 'test/e2e/programs');
const node = process.execPath;
const python = '/usr/bin/python3';

type Left = Ended & { readonly left: unknown };
type Use = { readonly folder: string; readonly env?: readonly string[]; readonly options: readonly string[] };

/** The home of somebody who has had this agent for a while. */
class Desk extends World {
  constructor(situation: (typeof situations)[number], folders: readonly string[]) {
    super(situation);
    // Scratch files have a place of their own: the rest of this world lies in the shared one, too.
    for (const one of ['tmp', 'home/work', 'home/.config', 'home/.cache', ...folders]) this.folder(one);
  }
  /** @param left what is to be kept of each run */
  async twice(
    use: Use,
    command: readonly string[],
    left: () => unknown = () => undefined,
  ): Promise<[Left, Left]> {
    const bare = { ...(await this.#in(use, command)), left: left() };
    const under = await this.#in(use, [...this.#under(use), ...command]);
    return [bare, { ...under, left: left() }];
  }
  #under({ options }: Use): string[] {
    return [node, main, 'run', ...options, '-j', this.journal, '-i', this.isolation, '--'];
  }
  async #in({ folder, env = [] }: Use, command: readonly string[]): Promise<Ended> {
    const set = [`TMPDIR=${this.at('tmp')}`, ...env];
    const line = ['/usr/bin/env', '-C', this.at(folder), ...set, ...command];
    return collect(this.bare(line, ['ignore', 'pipe', 'pipe']), 80_000);
  }
  /** What was refused, as `action object [rules or reason]` relative to the home, but for what is expected. */
  refused(expected: readonly RegExp[] = []): string[] {
    const all = readRecords(this).flatMap(({ kind, call, input = {}, decision }) => {
      if (kind !== 'refusal' && decision?.effect !== 'deny') return [];
      const {
        action,
        path: place,
        destination,
      } = input as {
        action?: string;
        path?: string;
        destination?: { host?: string; ip?: string };
      };
      const object = place
        ? path.relative(this.at('home'), place)
        : (destination?.host ?? destination?.ip ?? call);
      const { rules = [], reason } = (decision ?? { reason: kind }) as { rules?: string[]; reason: string };
      return [`${action} ${object} [${rules.length > 0 ? rules.join() : reason}]`];
    });
    return [...new Set(all)].filter((one) => !expected.some((known) => known.test(one)));
  }
}

/** Node asks whether there is io_uring, which no session has, and does without. */
const ring = [/^os_api io_uring_setup \[refusal\]$/];

/** Names resolve in namespace isolation only. */
const servers = [/^connect \S+ \[network\]$/];

/** Claude Code keeps state of its built-in plug-ins where the plug-ins are that it would run, outside of the session, too. */
const plugins = [/^(create|write)_file \.claude\/plugins\b.* \[runs_later\]$/];

describe.skipIf(why !== undefined).each(users)('[req: profiles:agents] Claude Code ($title)', (situation) => {
  test.skipIf(absent(claude)).each([
    [['--version'], 0, /^\d+\.\d+\.\d+ \(Claude Code\)/],
    [['--help'], 0, /Usage: claude/],
    [['-p', 'hello'], 1, /Not logged in/],
  ])('%j', async (args, code, says) => {
    using desk = new Desk(situation, ['home/.claude']);
    const use: Use = {
      folder: 'home/work',
      env: [`CLAUDE_CONFIG_DIR=${desk.at('home/.claude')}`],
      options: ['-P', 'developer-agent', '-s', `toolchains+=${agents}`, '-s', 'allow_stores=claude'],
    };
    const [bare, under] = await desk.twice(use, [claude, ...args]);
    expect(bare.stdout).toMatch(says);
    expect(bare.code).toBe(code);
    expect(under).toEqual(bare);
    const unnamed = situation.isolation === 'process' ? servers : [];
    expect(desk.refused([...plugins, ...unnamed])).toEqual([]);
  });
});

describe.skipIf(why !== undefined).each(users)('[req: profiles:agents] Codex ($title)', (situation) => {
  test.skipIf(absent(codex)).each([
    [['--version'], 0, /codex-cli/],
    [['--help'], 0, /Usage: codex/],
    [['login', 'status'], 1, /Not logged in/],
    [['mcp', 'list'], 0, /No MCP servers/],
  ])('%j', async (args, code, says) => {
    using desk = new Desk(situation, ['home/.codex']);
    const use: Use = {
      folder: 'home/work',
      options: ['-P', 'developer-agent', '-s', `toolchains+=${agents}`, '-s', 'allow_stores=codex'],
    };
    const [bare, under] = await desk.twice(use, [node, codex, ...args]);
    expect(bare.stdout + bare.stderr).toMatch(says);
    expect(bare.code).toBe(code);
    expect(under).toEqual(bare);
    expect(desk.refused(ring)).toEqual([]);
  });
});

/** What a browser tries and does without: other hosts, other processes, devices, font caches of the machine. */
const tries = [
  /^resolve_name \S+\.google\S*\.com \[network\]$/,
  /^connect 2001:4860:4860::8888 \[network\]$/,
  /^\w+ (proc_of_supervisor|write_to_proc|socket:family=16,\S+) \[refusal\]$/,
  /^write_file (\.\.\/)+var\/cache\/fontconfig\b/,
];

describe.skipIf(why !== undefined).each(spaces)('[req: profiles:agents] Playwright ($title)', (situation) => {
  test.skipIf(absent('/usr/bin/chromium', playwright))('drives Chromium in its own sandbox', async () => {
    using desk = new Desk(situation, ['home/browser', 'home/pages', 'home/robot', 'home/shots']);
    desk.file('home/robot/drive.cjs', browserRobot);
    const page = desk.file(
      'home/pages/a.html',
      '<button onclick="document.querySelector(\'p\').textContent = 6 * 7">x</button><p>no</p>',
    );
    const [profile, shot] = [desk.at('home/browser'), desk.at('home/shots/a.png')];
    const settings = [
      `profile_folder=${profile}`,
      `downloads=${desk.at('home/shots')}`,
      `uploads=${desk.at('home/pages')}`,
      `programs+=${agents}`,
      `programs+=${desk.at('home/robot')}`,
      `programs+=${path.dirname(node)}`,
    ];
    const use: Use = {
      folder: 'home/shots',
      env: [
        `PLAYWRIGHT=${playwright}`,
        `XDG_CACHE_HOME=${profile}/cache`,
        `XDG_CONFIG_HOME=${profile}/config`,
      ],
      options: ['-P', 'browser-automation', ...settings.flatMap((one) => ['-s', one])],
    };
    const command = [node, desk.at('home/robot/drive.cjs'), `${profile}/data`, shot, page];
    const [bare, under] = await desk.twice(use, command, () => readFileSync(shot).toString('latin1'));
    expect(bare).toMatchObject({ code: 0, stdout: '42\n', stderr: '' });
    expect(bare.left).toMatch(/^.PNG/);
    expect(under).toEqual(bare);
    expect(desk.refused([...ring, ...tries])).toEqual([]);
  });
});

describe.each(users)('[req: profiles:agents] a robot over documents ($title)', (situation) => {
  test.skipIf(absent(python, '/usr/bin/groff'))('sets letters with groff', async () => {
    using desk = new Desk(situation, [
      'home/Documents',
      'home/Documents/Letters',
      'home/Documents/Assistant',
      'home/robot',
    ]);
    desk.file('home/Documents/Letters/a', 'Dear Sir, thank you for the offer.\n');
    desk.file('home/Documents/Letters/b', 'Dear Madam, we accept.\n');
    cpSync(path.join(programs, 'letters.py'), desk.at('home/robot/letters.py'));
    const use: Use = {
      folder: 'home/Documents/Assistant',
      env: ['SOURCE_DATE_EPOCH=1700000000'],
      options: ['-P', 'documents-assistant', '-s', `programs=${desk.at('home/robot')}`],
    };
    const folder = desk.at('home/Documents/Assistant');
    const made = (): string[][] =>
      readdirSync(folder)
        .toSorted()
        .map((name) => [name, readFileSync(path.join(folder, name), 'latin1')]);
    const [bare, under] = await desk.twice(use, [python, desk.at('home/robot/letters.py')], made);
    expect(bare).toMatchObject({ code: 0, stdout: 'a 7\nb 4\n', stderr: '' });
    expect(made().map(([name]) => name)).toEqual(['a.ps', 'a.utf8', 'b.ps', 'b.utf8', 'index']);
    expect(under).toEqual(bare);
    expect(desk.refused()).toEqual([]);
  });
});
