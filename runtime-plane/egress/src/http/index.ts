export type { Refusal, RequestDesk } from './desk.ts';
export { carryHttp1 } from './carry.ts';
export type { Http1Limits } from './limits.ts';
