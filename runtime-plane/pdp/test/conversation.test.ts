/**
 * The server gives the answers of the Open Policy Agent, turn by turn. They were recorded from it; with OPA_BIN the
 * record is compared with that program first, and CHAPERONE_RECORD=1 writes it anew.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Answer, ask } from './client.ts';
import { mistakes, policies, policy, queries, questions, type Turn, writes } from './conversation.ts';
import { aFolder, aPdp } from './servers.ts';

type Recorded = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
};

const recordFile = path.join(import.meta.dirname, 'conversation.json');
const opa = process.env['OPA_BIN'];
const conversations = { questions, mistakes, queries, writes, policies };

type Record_ = Readonly<Record<string, readonly Recorded[]>>;

function readRecord(): Record_ {
  return JSON.parse(readFileSync(recordFile, 'utf8')) as Record_;
}

test.each(Object.entries(conversations))(
  '[req: pdp:opa-api] %s are answered as OPA answers them',
  async (name, turns) => {
    const folder = aFolder({ 'ex.rego': policy });
    const { url } = await aPdp({ policies: [path.join(folder, 'ex.rego')] });
    const recorded = readRecord()[name] ?? [];
    expect(recorded).toHaveLength(turns.length);
    const differences: unknown[] = [];
    for (const [i, turn] of turns.entries()) {
      const answered = await say(url, turn, folder);
      const wanted = recorded[i];
      if (turn.differs !== undefined) {
        // A difference that is gone is none to list.
        expect(answered, `${turn.path} ${turn.body ?? ''}`).not.toEqual(wanted);
      } else if (JSON.stringify(answered) !== JSON.stringify(wanted)) {
        differences.push({ turn: { ...turn, body: turn.body?.slice(0, 200) }, answered, wanted });
      }
    }
    expect(differences).toEqual([]);
  },
);

test('[req: pdp:opa-api] the record is what OPA answers', async () => {
  if (opa === undefined) {
    console.log('skipped: OPA_BIN is not set, the recorded answers were not compared with OPA');
    return;
  }
  const spoken: Record<string, Recorded[]> = {};
  for (const [name, turns] of Object.entries(conversations)) {
    const folder = aFolder({ 'ex.rego': policy });
    const url = await anOpa(opa, path.join(folder, 'ex.rego'));
    spoken[name] = [];
    for (const turn of turns) spoken[name].push(await say(url, turn, folder));
  }
  if (process.env['CHAPERONE_RECORD'] === '1')
    writeFileSync(recordFile, `${JSON.stringify(spoken, null, 1)}\n`);
  expect(spoken).toEqual(readRecord());
});

async function say(url: string, turn: Turn, folder: string): Promise<Recorded> {
  const { method, path: target, body, headers } = turn;
  const answer = await ask(url, target, {
    method,
    ...(body === undefined ? {} : { body }),
    ...(headers === undefined ? {} : { headers }),
  }).catch(() => null);
  if (answer === null) return { status: 0, headers: {}, body: 'the connection ended' };
  return { status: answer.status, headers: comparedHeaders(answer), body: comparedBody(answer.text, folder) };
}

const compared = ['content-type', 'location', 'allow', 'vary', 'content-encoding', 'x-content-type-options'];

function comparedHeaders({ headers }: Answer): Record<string, string> {
  return Object.fromEntries(
    compared.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  );
}

/**
 * Of an error that an evaluation or compilation ended with: which ones, and where, not in what words. `location` beside
 * a message is ours: where in the body the mistake is.
 */
function comparedBody(text: string, folder: string): unknown {
  const bare = text.replaceAll(`${folder}/`, '');
  if (!bare.startsWith('{\n  "code"')) return bare;
  const { code, message, errors } = JSON.parse(bare) as {
    code: string;
    message: string;
    errors?: readonly { code: string; location?: { file: string; row: number } }[];
  };
  if (errors === undefined) return { code, message };
  const first = errors[0];
  return {
    code,
    message,
    first: { code: first?.code, row: first?.location?.row },
  };
}

/** OPA itself, on a port that is free a moment before. */
async function anOpa(binary: string, file: string): Promise<string> {
  const port = await freePort();
  const child: ChildProcess = spawn(
    binary,
    ['run', '-s', '-a', `127.0.0.1:${port}`, '--log-level', 'error', file],
    {
      stdio: 'ignore',
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 100; tries += 1) {
    const isUp = await ask(url, '/health').then(
      ({ status }) => status === 200,
      () => false,
    );
    if (isUp) return url;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('OPA did not start');
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
