/** A world with a quarantined folder `place`, and what a person does about what is held of it. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { chaperone } from './programs/records.ts';
import { type Ended, type Identity, identities, isolations, World } from './world.ts';

/** A layer needs namespaces; without them its session is refused, which is tested apart. */
export const people: readonly Identity[] = isolations.includes('namespace') ? identities : [];
if (people.length === 0)
  console.log('skipped: every case with a quarantine layer, because bubblewrap does not work here');

/** Rules of package chaperone.access beside the floor. */
export class QuarantineWorld extends World {
  constructor(identity: Identity, rules = 'default decision := {"allow": true}') {
    super({ identity, isolation: 'namespace' });
    this.folder('place');
    this.rules(rules);
  }

  rules(rules: string): void {
    this.policy(
      `${rules}\nfloor := {"quarantine": [sprintf("%s/place", [data.world])], "isolation": "namespace"}`,
    );
  }

  /** On the file system of the folder, as it mostly is. */
  override get environment(): NodeJS.ProcessEnv {
    return { ...super.environment, XDG_STATE_HOME: this.at('state') };
  }

  shell(script: string): Promise<Ended> {
    return this.run(['/bin/sh', '-c', `cd place && ${script}`]);
  }

  quarantine(...args: string[]): Promise<Ended> {
    const journal = args[0] === 'release' || args[0] === 'discard' ? ['-j', this.journal] : [];
    return chaperone(this, ['quarantine', ...args, ...journal]);
  }

  async held(): Promise<Held[]> {
    const { stdout } = await this.quarantine('list', '--json');
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Held);
  }

  get store(): string {
    return path.join(this.environment['XDG_STATE_HOME'] ?? '', 'chaperone/quarantine');
  }

  /** What is left of layers and unfinished releases: nothing, once a session is over. */
  leftovers(): string[] {
    return ['layers', 'releasing', 'staging'].flatMap((name) => {
      const folder = path.join(this.store, name);
      return existsSync(folder) ? readdirSync(folder) : [];
    });
  }
}

export type Held = {
  readonly id: string;
  readonly path: string;
  readonly kind: string;
  readonly reason: string;
  readonly session: string;
  readonly content: { readonly classification: readonly string[]; readonly labels: readonly string[] };
};

/** Holds outputs with IBANs, throws programs away, lets the rest out. */
export const reviewing = `
default decision := {"allow": true}
iban if { input.operation == "release"; "pii.iban" in input.resource.classification }
program if { input.operation == "release"; endswith(input.path, ".exe") }
decision := {"allow": true, "obligations": [{"kind": "quarantine"}], "message": "account numbers need a look"} if { iban; not program }
decision := {"allow": false, "message": "no programs"} if program`;

/** Lets out what could not be read, too: objects of git, compiled data, archives of zeros. By default they are held. */
export const unread = `
default decision := {"allow": true, "message": "as it is"}
decision := {"allow": true} if { input.operation == "release"; some class in input.resource.classification; startswith(class, "unread.") }`;
