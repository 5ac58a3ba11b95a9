/** Servers of OPA's REST API that a load is applied to. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';

export type Server = { readonly name: string; readonly port: number; readonly process: ChildProcess };

/** Resolves when it answers. */
export async function start(name: string, command: (port: number) => readonly string[]): Promise<Server> {
  const port = await freePort();
  const [program = '', ...args] = command(port);
  const child = spawn(program, args, { stdio: 'ignore' });
  for (let tries = 0; tries < 200; tries += 1) {
    const isUp = await fetch(`http://127.0.0.1:${port}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return { name, port, process: child };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`${name} did not start`);
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
