export { carryHttp2 } from './carry.ts';
export { defaultLimits, type Http2Limits } from './limits.ts';
