/** Does something again whenever a file of a policy changes. */
import { type FSWatcher, watch } from 'node:fs';
import path from 'node:path';
import { escapeForTerminal } from '@chaperone/protocol';
import { CliError } from '../../errors.ts';

/** Editors write a file in several steps. */
const quietMs = 100;

/**
 * Runs `act` at once and after each change below the paths, until the process is interrupted. What is wrong with the policy meanwhile is
 * printed, not thrown. Rejects with CliError when a path cannot be watched.
 */
export async function rerunOnChange(paths: readonly string[], act: () => Promise<void>): Promise<never> {
  const again = async (): Promise<void> => {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      const lines = error.message.split('\n').map((line) => escapeForTerminal(line));
      process.stderr.write(`chaperone: ${lines.join('\n')}\n`);
    }
    process.stdout.write('waiting for a change (Ctrl-C ends)\n');
  };
  let change = Promise.withResolvers<void>();
  const watchers = paths.map((one) => watched(one, () => change.resolve()));
  try {
    for (;;) {
      await again();
      await change.promise;
      await new Promise((resolve) => setTimeout(resolve, quietMs));
      change = Promise.withResolvers<void>();
    }
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}

function watched(location: string, changed: () => void): FSWatcher {
  try {
    return watch(location, { recursive: true }, (_event, name) => {
      // A test report that lies beside the policy is no change of it.
      if (name === null || /\.(?:rego|json|ya?ml|gz)$/.test(path.basename(name))) changed();
    });
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    throw new CliError(2, `cannot watch ${location} (${why})`, { cause: error });
  }
}
