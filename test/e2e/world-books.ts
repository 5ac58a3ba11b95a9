/** A world whose policy allows, denies by a rule, and denies because no rule covers it; and its journal as lines. */
import { chaperone as ask } from './programs/records.ts';
import { type Ended, type situations, World } from './world.ts';

export const rules = `import rego.v1

default decision := {"allow": false, "reason": "default_deny", "message": "nothing covers this"}

decision := {"allow": true, "rules": ["system"]} if {
	not touches_books
	not covered_by_nothing
	not scripted
}

decision := {"allow": false, "reason": "books", "message": "the books are closed", "rules": ["books"]} if touches_books

decision := {"allow": false, "reason": "script", "message": "not by a script", "rules": ["script"]} if scripted

scripted if endswith(input.command.script, "/open/script")

touches_books if startswith(input.path, concat("", [data.world, "/books/"]))

covered_by_nothing if startswith(input.path, concat("", [data.world, "/other/"]))
`;

export function bookWorld(where: (typeof situations)[number]): World {
  const world = new World(where);
  for (const name of ['books', 'other', 'open']) world.folder(name);
  world.file('books/q4', 'secret');
  for (const name of ['a', 'b', 'c']) world.file(`other/${name}`, name);
  world.file('open/data', 'public');
  world.policy(rules);
  return world;
}

export const chaperone = (world: World, ...args: string[]): Promise<Ended> => ask(world, args);

export type Line = Record<string, unknown> & { input?: { action: string }; decision?: { effect: string } };

export async function records(world: World): Promise<Line[]> {
  const { stdout } = await chaperone(world, 'journal', 'show', world.journal, '--json');
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}
