/** The policy decision point as a server that speaks the REST API of the Open Policy Agent. */
export { PdpError } from './errors.ts';
export type { PdpErrorCode } from './errors.ts';
export { isLoopback, parseAddress } from './http/address.ts';
export type { DecisionOptions } from './decisions/options.ts';
export type { Place } from './http/listen.ts';
export { defaultLimits, startPdp } from './pdp.ts';
export { bundleReader } from './plugins/bundles/loaded.ts';
export { parseConfig, verificationOf } from './plugins/config/config.ts';
export type { PluginConfig } from './plugins/config/config.ts';
export { readConfig } from './plugins/config/read.ts';
export type { Pdp, PdpOptions } from './pdp.ts';
