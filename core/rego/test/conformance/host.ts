import { nodeHost } from '../../src/node/index.ts';

/** What the cases may use of the world: everything but requests to other machines. */
export const testHost = nodeHost({ lookup: true, http: { hosts: [] } });
