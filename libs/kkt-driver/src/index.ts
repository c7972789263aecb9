/** Fiscal registers as the farm uses them: one contract, ATOL devices behind it by bytes and by JSON tasks, and the wires. */
export * from './device';
export { DeviceTrace, type TraceLine } from './trace/device-trace';
export { disturbances } from './link/counters';
export { BAUD_RATES, DEFAULT_TCP_PORT, type Wire } from './transports/wire';
export { formatWireAddress, parseWireAddress, type WireAddress } from './transports/address';
export { wireTo } from './transports/open-wire';
export { MemoryWire, type Tamper, type WirePeer } from './transports/memory.wire';
export { AtolDevice, type AtolDeviceOptions } from './vendors/atol/atol.device';
export { ATOL_42FS, ATOL_42FS_V2, type AtolProfile } from './vendors/atol/atol.profile';
export { AtolJsonDevice, type AtolJsonDeviceOptions } from './vendors/atol-json/atol-json.device';
export {
  AxiosHttpClient,
  HttpFailure,
  type JsonHttpAnswer,
  type JsonHttpClient,
  type JsonHttpRequest,
} from './vendors/atol-json/http-client';
export { DEFAULT_TIMINGS, type JsonTimings } from './vendors/atol-json/request-desk';
export { DEFAULT_WEB_SERVER_PORT } from './vendors/atol-json/web-server';
export { ModelList, readModelList, type KnownModel } from './model-list';
export { discover, type Discovered, type DiscoveryOptions, type NotFound } from './discovery';
