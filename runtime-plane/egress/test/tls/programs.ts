import { execFile } from 'node:child_process';

export type Said = { readonly code: number; readonly output: string };

/** @returns undefined when there is no such program. Does not block the servers of the test, as a synchronous call would. */
export function run(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Said | undefined> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...environment };
  return new Promise((resolve) => {
    const child = execFile(program, args, { env, timeout: 30_000 }, (error, stdout, stderr) => {
      if (error && (error as NodeJS.ErrnoException).code === 'ENOENT') return resolve(undefined);
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      return resolve({ code, output: `${stdout}${stderr}` });
    });
    child.stdin?.end();
  });
}
