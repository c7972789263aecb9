/** Fiscal registers as the farm uses them: one contract, the ATOL device behind it, and the wires. */
export * from './device';
export { BAUD_RATES, DEFAULT_TCP_PORT, type Wire } from './transports/wire';
export { formatWireAddress, parseWireAddress, type WireAddress } from './transports/address';
export { wireTo } from './transports/open-wire';
export { MemoryWire, type Tamper, type WirePeer } from './transports/memory.wire';
export { AtolDevice, type AtolDeviceOptions } from './vendors/atol/atol.device';
export { ATOL_42FS, ATOL_42FS_V2, type AtolProfile } from './vendors/atol/atol.profile';
export { discover, type Discovered, type DiscoveryOptions, type NotFound } from './discovery';
