/**
 * What makes the programs of a session trust its authority, so that connections which are opened for inspection still work. All of it
 * lies in a folder of the session; on the machine nothing is changed, and outside of the session nobody trusts that authority.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { certificatesIn, machineRoots, rootFiles } from '@chaperone/egress/roots';
import type { Isolation } from './floor.ts';
import { browserMounts } from './trust/browsers.ts';
import { javaOptions, javaStores, javaTrustStore } from './trust/java.ts';
import { type Mount, realFile } from './trust/mount.ts';
import { variablesFor } from './trust/variables.ts';

export type TrustOptions = {
  /** PEM of the session's root. */
  readonly authority: string;
  /** Exists, is nobody else's, and cannot be written in the session. */
  readonly folder: string;
  readonly isolation: Isolation;
  /** That the agent would have. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
};

export type Trust = {
  /** Set these, whatever the environment has. */
  readonly environment: Readonly<Record<string, string>>;
  /** Read-only binds over what exists, in this order and after all other mounts; none without mounts of the session's own. */
  readonly mounts: readonly Mount[];
  /** Must be readable in the session, under the same path. */
  readonly readable: readonly string[];
  /** What a person should know, one line each. */
  readonly notes: readonly string[];
};

/** Writes the files. Throws what the file system throws. */
export function trustFor({ authority, folder, isolation, environment, home }: TrustOptions): Trust {
  const write = (name: string, content: string | Uint8Array): string => {
    const file = path.join(folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };
  const bundle = write('roots.pem', pem([...machineRoots(), authority]));
  const alone = write('authority.pem', pem([authority]));
  /** The user's own file stands for itself: where they trust fewer, the session adds its root and no others. */
  const withOwn = (file: string, name: string): string | undefined => {
    const own = certificatesIn(file);
    return own.length === 0 ? undefined : write(name, pem([...own, authority]));
  };
  const { variables, notes } = variablesFor({ bundle, alone, environment, home, withOwn });
  if (isolation === 'process') {
    const store = write('cacerts', javaTrustStore(undefined, [...machineRoots(), authority]));
    const options = javaOptions(environment['JAVA_TOOL_OPTIONS'], store);
    return {
      environment: { ...variables, JAVA_TOOL_OPTIONS: options },
      mounts: [],
      readable: [folder],
      notes,
    };
  }
  const bundles = [...new Set(rootFiles.flatMap(realFile))].map((target) => ({ source: bundle, target }));
  const stores = javaStores(environment).map((target, index): Mount => {
    const source = write(`cacerts-${index}`, javaTrustStore(target, [authority], machineRoots));
    return { source, target };
  });
  return {
    environment: variables,
    mounts: [...bundles, ...stores, ...browserMounts(folder, authority)],
    readable: [folder],
    notes,
  };
}

function pem(certificates: readonly string[]): string {
  return certificates.map((one) => `${one.trim()}\n`).join('');
}
