import type { Host } from '@chaperone/rego';
import { nodeHost } from '@chaperone/rego/node';

/**
 * What policies may use at their author's desk: everything, so that tests can put something else in the place of `http.send`. No
 * request is permitted, and an evaluation that waits for one ends with an error.
 */
export function authorHost(): Host {
  return nodeHost({ http: { hosts: [] }, lookup: true });
}
