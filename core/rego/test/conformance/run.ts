/**
 * `npm run conformance -- [FILE]`: judges every case of a file in the shape of OPA's conformance suite (one JSON object a line) and
 * prints how many pass and why the others do not. Exit codes: 0 it ran, 2 there is no readable file.
 */
import { readFileSync } from 'node:fs';
import { escapeForTerminal } from '@chaperone/protocol';
import { DEFAULT_FILE, parseCases } from './cases.ts';
import type { Case } from './cases.ts';
import { testHost } from './host.ts';
import { judge } from './judge.ts';

const LINE = 600;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const [file = DEFAULT_FILE, ...rest] = args;
  if (rest.length > 0 || file.startsWith('-')) {
    console.error('usage: npm run conformance -- [FILE]');
    return 2;
  }
  let cases: readonly Case[];
  try {
    cases = parseCases(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.error(escapeForTerminal(`cannot read cases from ${file}: ${why}`));
    return 2;
  }
  const failed: string[] = [];
  for (const found of cases) {
    const why = await judge(found, testHost);
    if (why !== null) failed.push(`${found.note}: ${why.split('\n').join('; ')}`);
  }
  for (const line of failed) console.log(escapeForTerminal(`failed  ${line}`, LINE));
  console.log(`passed ${cases.length - failed.length} of ${cases.length}`);
  return 0;
}
