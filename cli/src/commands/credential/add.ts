/** `chaperone credential add`. */
import { readSync } from 'node:fs';
import { addCredential } from '@chaperone/endpoint/credentials';
import { escapeForTerminal, jsonForTerminal } from '@chaperone/protocol';
import { CliError } from '../../errors.ts';

export type AddOptions = {
  readonly host: readonly string[];
  readonly header: string;
  readonly kind: string;
  readonly env?: string;
  readonly knownOnly?: boolean;
  readonly json?: boolean;
};

const maxBytes = 16 << 10;

/** Throws CliError and CredentialError. */
export async function addFromInput(
  stateDir: string,
  id: string,
  { host, header, kind, env, knownOnly, json }: AddOptions,
): Promise<void> {
  if (knownOnly === true && (host.length > 0 || env !== undefined))
    throw new CliError(2, '--known-only keeps no secret that --host or --env could be for; leave them out');
  if (knownOnly !== true && host.length === 0)
    throw new CliError(2, 'say to which host it belongs (--host api.example.com), or give --known-only');
  if (process.stdin.isTTY)
    throw new CliError(
      2,
      'the secret is read from standard input, and a terminal would show it; give a file or a pipe: chaperone credential add … < FILE',
    );
  const use = { hosts: host.map((one) => one.toLowerCase()), header: header.toLowerCase() };
  const entry = addCredential(
    stateDir,
    {
      id,
      kind,
      secret: secretFromInput(),
      ...(knownOnly === true ? {} : { use: { ...use, ...(env === undefined ? {} : { env }) } }),
    },
    new Date(),
  );
  if (json === true) process.stdout.write(`${jsonForTerminal(entry)}\n`);
  else if (entry.use) process.stdout.write(`${escapeForTerminal(entry.use.placeholder)}\n`);
}

function secretFromInput(): string {
  const bytes = Buffer.alloc(maxBytes);
  let filled = 0;
  while (filled < bytes.length) {
    const read = readInput(bytes, filled);
    if (read === 0) break;
    filled += read;
  }
  if (filled === bytes.length) throw new CliError(2, 'what was read from standard input is too long');
  return bytes.toString('utf8', 0, filled).replace(/\r?\n$/, '');
}

function readInput(into: Buffer, at: number): number {
  for (;;)
    try {
      return readSync(0, into, at, into.length - at, null);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EOF') return 0;
      // Somebody set the pipe to not block; what is to come takes its time.
      if (code !== 'EAGAIN') throw new CliError(2, `cannot read standard input (${String(code)})`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
}
