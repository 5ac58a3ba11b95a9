/** `chaperone quarantine release` and `discard`. */
import { type ByHand, listTickets, pathOf, settleByHand } from '@chaperone/endpoint/quarantine';
import { escapeForTerminal, jsonForTerminal } from '@chaperone/protocol';
import { CliError, type ExitCode } from '../../errors.ts';
import { openStore, print } from './store.ts';

type Options = {
  readonly all?: boolean;
  readonly session?: string;
  readonly force?: boolean;
  readonly json?: boolean;
};

/** Throws CliError and QuarantineError before anything is done. @returns 1 when one of them could not be released */
export async function actOnHeld(
  what: 'release' | 'discard',
  ids: readonly string[],
  { all, session, force, json }: Options,
  byHand: ByHand,
): Promise<ExitCode> {
  if (all && ids.length > 0) throw new CliError(2, 'name tickets, or give --all, not both');
  if (!all && ids.length === 0)
    throw new CliError(2, `which? Name tickets (chaperone quarantine list), or give --all`);
  if (session !== undefined && !all) throw new CliError(2, '--session goes with --all');
  const places = await openStore(byHand.stateDir);
  if (!places) throw new CliError(2, 'nothing is held');
  const chosen = all
    ? listTickets(places)
        .tickets.filter((one) => session === undefined || one.session === session)
        .map(({ id }) => id)
    : ids;
  if (chosen.length === 0) {
    if (!json) print('Nothing is held.');
    return 0;
  }
  let failed = false;
  const done = what === 'release' ? 'released' : 'discarded';
  for (const { id, ticket, problem } of settleByHand(places, chosen, what, byHand, force)) {
    const where = ticket && pathOf(ticket);
    if (json)
      print(jsonForTerminal({ id, ...where, result: problem === undefined ? done : 'held', problem }));
    else if (problem === undefined) print(`${done} ${id} ${escapeForTerminal(where?.path ?? '')}`.trimEnd());
    if (problem === undefined) continue;
    failed = true;
    process.stderr.write(`chaperone: ${escapeForTerminal(problem)}\n`);
  }
  return failed ? 1 : 0;
}
