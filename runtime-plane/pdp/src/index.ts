/** The policy decision point as a server that speaks the REST API of the Open Policy Agent. */
export { PdpError } from './errors.ts';
export type { PdpErrorCode } from './errors.ts';
export { isLoopback, parseAddress } from './http/address.ts';
export type { Place } from './http/listen.ts';
export { defaultLimits, startPdp } from './pdp.ts';
export type { Pdp, PdpOptions } from './pdp.ts';
