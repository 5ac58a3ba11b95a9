/** The demo, as a person starts it. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from './programs/records.ts';
import { collect, identities, World } from './world.ts';

describe.each(identities)('chaperone demo: $name', (identity) => {
  const isolation = 'namespace';
  test('every scene comes out as it must, and nothing is left behind [req: cli:demo]', async () => {
    using world = new World({ identity, isolation });
    const child = world.bare([process.execPath, main, 'demo'], ['ignore', 'pipe', 'pipe']);
    const { code, stdout: bytes, stderr } = await collect(child);
    const stdout = Buffer.from(bytes, 'latin1').toString();
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/✓ It /g)).toHaveLength(2);
    expect(stdout.match(/✗ It /g)).toHaveLength(6);
    expect(stdout).toMatch(/✗ It looks into the books.*\n.*EACCES: Folders of this name are not for agents/);
    expect(stdout).toMatch(/\$ chaperone why [\s\S]*closed_folder/);
    expect(stdout).toContain('nothing was altered, removed, moved or added');
    expect(stdout).toMatch(/ALTERED .*:(?!1\))\d+\) record \d+ was altered/);
    expect(existsSync(`/tmp/chaperone-demo-${child.pid}`)).toBe(false);
  });

  test('--pause waits after each scene; Ctrl-C leaves nothing behind [req: cli:demo]', async () => {
    using world = new World({ identity, isolation });
    const scratch = world.folder('scratch');
    const typed = async (keys: string): Promise<string> => {
      const shell = `stty cols 80; TMPDIR=${scratch} ${process.execPath} ${main} demo --pause; echo "ended with $?"`;
      const child = world.bare(['script', '-qec', shell, '/dev/null'], 'pipe');
      child.stdout?.on('data', (data: Buffer) => {
        for (const _ of data.toString().matchAll(/\[Enter\]/g)) child.stdin?.write(keys);
      });
      return (await collect(child)).stdout;
    };
    const all = await typed('\n');
    expect(all.match(/\[Enter\]/g)).toHaveLength(5);
    expect(all).toContain('ended with 0');
    expect((await typed('\u0003')).match(/\[Enter\]/g)).toHaveLength(1);
    expect(readdirSync(scratch)).toEqual([]);
  });

  test('--keep leaves the journal; --pause needs a terminal [req: cli:demo]', async () => {
    using world = new World({ identity, isolation });
    const kept = await collect(
      world.bare([process.execPath, main, 'demo', '--keep'], ['ignore', 'pipe', 'pipe']),
    );
    const home = /^Left for you: (.*)$/m.exec(kept.stdout)?.[1] ?? '';
    expect(existsSync(path.join(home, 'Documents/Assistant/summary.md'))).toBe(true);
    rmSync(path.dirname(home), { recursive: true });
    const paused = await collect(
      world.bare([process.execPath, main, 'demo', '--pause'], ['ignore', 'pipe', 'pipe']),
    );
    expect(paused).toMatchObject({ code: 2, stdout: '' });
    expect(paused.stderr).toContain('there is no terminal');
  });
});
