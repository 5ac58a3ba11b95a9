import type { Host } from '@chaperone/rego';
import { nodeHost } from '@chaperone/rego/node';
import { InvalidArgumentError } from 'commander';

/** What a policy may ask the outside, at its author's desk. */
export type Permissions = {
  /** Hosts, each perhaps with a port, that `http.send` may reach. */
  readonly allowHost: readonly string[];
  readonly allowLookup?: boolean;
};

/**
 * What policies may use at their author's desk: everything, so that tests can put something else in the place of `http.send`. No
 * request is permitted, and an evaluation that waits for one ends with an error.
 */
export function authorHost(): Host {
  return nodeHost({ http: { hosts: [] }, lookup: true });
}

/**
 * The same where evaluations wait for answers: nothing leaves this machine but what is permitted.
 *
 * @param notice gets what was refused and how to permit it: the policy itself may see only that something is undefined
 */
export function askingHost({ allowHost, allowLookup }: Permissions, notice: (line: string) => void): Host {
  const host = nodeHost({ http: { hosts: allowHost }, lookup: true });
  const { http, lookup } = host;
  if (http === undefined || lookup === undefined) throw new Error('no http and no lookup');
  return {
    ...host,
    http: (request, deadline) =>
      http(request, deadline).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : '';
        if (why.startsWith('disallowed '))
          notice(`http.send: ${why}; permit it with --allow-host HOST[:PORT]`);
        throw error;
      }),
    lookup: (name, deadline) => {
      if (allowLookup === true) return lookup(name, deadline);
      notice(`net.lookup_ip_addr: names are not looked up; permit it with --allow-lookup`);
      return Promise.reject(new Error(`lookup ${name}: not permitted`));
    },
  };
}

/** One host of an allow-list. Throws InvalidArgumentError when it is none. */
export function hostAndPort(text: string): string {
  try {
    nodeHost({ http: { hosts: [text] } });
  } catch {
    throw new InvalidArgumentError('It must be HOST or HOST:PORT, with IPv6 addresses in brackets.');
  }
  return text;
}
