/** The providers whose wire forms the simulator writes. */
export const simulatedProviders = ['cryptomate', 'cryptofuse', '4pay', 'calypso'] as const;

export type SimulatedProvider = (typeof simulatedProviders)[number];
