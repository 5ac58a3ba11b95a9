/** What decides on requests. */
export { BodyPool, type BodyPoolOptions } from './body-pool.ts';
export { type DeskOptions, openDesk } from './desk.ts';
export { Ledger } from './ledger.ts';
export type { RequestEnded, RequestQuestion } from './question.ts';
export { Regions } from './regions.ts';
