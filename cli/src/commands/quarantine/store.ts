/** The store as the commands open it: what crashed sessions left is put in order first. */
import { findPlaces, type Places, recoverQuarantine } from '@chaperone/endpoint/quarantine';
import { escapeForTerminal } from '@chaperone/protocol';

/** @returns undefined where nothing was ever held */
export async function openStore(stateDir: string): Promise<Places | undefined> {
  const places = findPlaces(stateDir);
  if (places)
    await recoverQuarantine(places, (text) =>
      process.stderr.write(`chaperone: ${escapeForTerminal(text)}\n`),
    );
  return places;
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
