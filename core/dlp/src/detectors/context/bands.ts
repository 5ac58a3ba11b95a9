/** The three bands for detectors whose own name is all the context there is. */
export const high = { alone: 85, supported: 85 } as const;
export const medium = { alone: 75, supported: 75 } as const;
export const low = { alone: 65, supported: 65 } as const;
