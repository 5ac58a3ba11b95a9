/**
 * An agent's tool that reads a file only when the policy allows it, and blacks out what the policy wants blacked out.
 *
 *     CHAPERONE_PDP=http://127.0.0.1:8181 node guard.ts /financials/Q4.csv
 *
 * Exit code 0: read; 1: not.
 */
import { readFile } from 'node:fs/promises';
import { createPep, escapeForTerminal } from '@chaperone/pep';

const { CHAPERONE_PDP: place = 'http://127.0.0.1:8181' } = process.env;
const pep = createPep({
  ...(place.startsWith('unix:') ? { unix: place.slice('unix:'.length) } : { url: place }),
  deadlineMs: 1000,
  // Silence is a deny. While a policy is only being tried out, reads may go on without an answer:
  // failMode: { allowInAudit: ['read_file'] },
  obligations: {
    notify: ({ message = 'A policy applies to this file.' }) => {
      process.stderr.write(`${escapeForTerminal(message)}\n`);
    },
  },
  onNotice: (line) => process.stderr.write(`pep: ${line}\n`),
});

async function readGuarded(path: string): Promise<string | undefined> {
  let isRedacted = false;
  const guarded = await pep.guard(
    { action: 'read_file', path, process: { pid: process.pid }, mode: 'enforce' },
    async ({ reportBytes }) => {
      const text = await readFile(path, 'utf8');
      reportBytes(Buffer.byteLength(text));
      return isRedacted ? text.replaceAll(/\b[A-Z]{2}\d{2}(?: ?\d{4}){4,}/g, '[IBAN]') : text;
    },
    // What this tool can do with this one file; other obligations make the decision a deny.
    { obligations: { redact: () => void (isRedacted = true) } },
  );
  switch (guarded.result) {
    case 'done':
      return guarded.value;
    case 'failed':
      process.stderr.write(`not read: ${escapeForTerminal(String(guarded.error))}\n`);
      return undefined;
    case 'denied':
    case 'withheld':
      process.stderr.write(
        `denied: ${guarded.decision.reason}: ${escapeForTerminal(guarded.decision.message)}\n`,
      );
      return undefined;
    default:
      return guarded satisfies never;
  }
}

const text = await readGuarded(process.argv[2] ?? '');
if (text !== undefined) process.stdout.write(text);
process.exitCode = text === undefined ? 1 : 0;
await pep.close();
