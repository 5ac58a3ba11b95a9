/** The loads, each bounded in count. */
import { filesPerFolder, type Ground, type Sizes } from './ground.ts';

export type Unit = 'ms' | 'µs';

export type Workload = {
  readonly name: string;
  /** Column head, at most 8 characters. */
  readonly head: string;
  readonly title: string;
  /** What is reported: milliseconds for the whole, or microseconds for each of `acts`. */
  readonly unit: Unit;
  readonly acts: number;
  /** `whole`: from before the sandbox starts to after it has ended. `inside`: the command says how long it took. */
  readonly time: 'whole' | 'inside';
  /** Creates files: the disk has to be at rest before it. */
  readonly writes?: true;
  /** The command, and what it needs to be there. */
  readonly command: (ground: Ground) => string[];
  readonly needs: readonly string[];
};

export function sizesOf(quick: boolean): Sizes {
  return quick ? { treeFiles: 2000, archiveFiles: 400 } : { treeFiles: 20_000, archiveFiles: 4000 };
}

export function workloads(quick: boolean): Workload[] {
  const { treeFiles, archiveFiles } = sizesOf(quick);
  const few = quick ? 10 : 1;
  const cached = { files: filesPerFolder * (quick ? 1 : 10), times: 20 };
  const first = treeFiles / 2;
  const loop = `i=0; while [ $i -lt ${2000 / few} ]; do /bin/true; i=$((i+1)); done`;
  // GNU grep ends at the first match when it prints to /dev/null, so it looks for what is not there and must say so.
  const scan = 'grep -r absent "$1"; [ $? -eq 1 ]';
  const modules = 'import json, http.client, ssl, sqlite3, asyncio, email, urllib.request';
  const inside = (times: number, ...command: string[]) => ({
    unit: 'ms' as const,
    acts: 1,
    time: 'inside' as const,
    command: (ground: Ground) => [ground.program('inside'), String(times), ...command],
  });
  return [
    {
      name: 'launch',
      head: 'start ms',
      title: '`true`, from start to end, sandbox and all',
      unit: 'ms',
      acts: 1,
      time: 'whole',
      command: () => ['/bin/true'],
      needs: [],
    },
    {
      name: 'open',
      head: 'open µs',
      title: `open and close of ${cached.files} files, again and again (${cached.times}×)`,
      unit: 'µs',
      acts: cached.files * cached.times,
      time: 'inside',
      command: (ground) => [
        ground.program('opens'),
        ground.at('tree/src'),
        String(cached.files),
        String(cached.times),
        '1',
      ],
      needs: [],
    },
    {
      name: 'first',
      head: '1st µs',
      title: `first open and close of ${first} files in folders of ${filesPerFolder}`,
      unit: 'µs',
      acts: first,
      time: 'inside',
      command: (ground) => [ground.program('opens'), ground.at('tree/src'), String(first), '1', '0'],
      needs: [],
    },
    {
      name: 'python',
      head: 'python',
      title: `python3 -c "${modules}", ${quick ? 1 : 5}×`,
      ...inside(quick ? 1 : 5, '/usr/bin/python3', '-c', modules),
      needs: ['/usr/bin/python3'],
    },
    {
      name: 'git',
      head: 'git',
      title: `\`git status\` of ${treeFiles} files`,
      ...inside(1),
      command: (ground) => [ground.program('inside'), '1', 'git', '-C', ground.at('tree'), 'status', '-s'],
      needs: ['git'],
    },
    {
      name: 'grep',
      head: 'grep -r',
      title: `\`grep -r\` of ${treeFiles} files in folders of ${filesPerFolder}`,
      ...inside(1),
      command: (ground) => [ground.program('inside'), '1', 'dash', '-c', scan, 'dash', ground.at('tree/src')],
      needs: ['grep', 'dash'],
    },
    {
      name: 'compile',
      head: 'g++',
      title: '`g++ -fsyntax-only` of <bits/stdc++.h> (`gcc` of many headers where there is no g++)',
      ...inside(1),
      command: (ground) => [
        ground.program('inside'),
        '1',
        ...(ground.has('g++') ? ['g++'] : ['gcc']),
        '-fsyntax-only',
        ground.at(ground.has('g++') ? 'bin/heavy.cc' : 'bin/heavy.c'),
      ],
      needs: ['gcc'],
    },
    {
      name: 'exec',
      head: 'exec',
      title: `${2000 / few} × /bin/true from dash`,
      ...inside(1, 'dash', '-c', loop),
      needs: ['dash'],
    },
    {
      name: 'tar',
      head: 'tar -x',
      writes: true,
      title: `\`tar -x\` of ${archiveFiles} small files`,
      ...inside(1),
      command: (ground) => [
        ground.program('inside'),
        '1',
        'tar',
        '-xf',
        ground.at('archive/files.tar'),
        '-C',
        ground.freshFolder(),
      ],
      needs: ['tar'],
    },
    {
      name: 'unpack',
      head: 'unpack',
      writes: true,
      title: `create, write, rename, chmod of ${3000 / few} files, as a package manager does`,
      unit: 'ms',
      acts: 1,
      time: 'inside',
      command: (ground) => [ground.program('unpack'), ground.freshFolder(), String(3000 / few)],
      needs: [],
    },
  ];
}
