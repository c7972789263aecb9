/** The emulator as a library for tests: modules in memory, worlds of modules, faults as objects. */
export { loadCatalog, MODELS_DIR, type HardwareCatalog } from './catalog/catalog';
export type { FnModel } from './catalog/fn-model';
export type { KktModel } from './catalog/kkt-model';
export type { ActiveFault } from './faults/fault-box';
export type { Fault, FaultName, FaultSpec } from './faults/fault-spec';
export { FiscalDrive, type ArchivedDocument, type MadeDocument } from './fn/fiscal-drive';
export { FileFnMemory } from './fn/file-memory';
export { RamFnMemory, type FnMemory } from './fn/memory';
export { FnRefusal } from './fn/refusal';
export type { HostLink, HostSession } from './module/host-link';
export { fileKktMemory, ramKktMemory, type KktMemory } from './module/kkt-memory';
export { handlerByCode } from './module/commands';
export { DeviceRefusal, deviceRefusalOf } from './module/refusal';
export type { KktDevice } from './module/kkt-device';
export { KktModule, type ModuleEvent, type ModuleOptions } from './module/kkt-module';
export { instantPace, realisticPace, type Pace } from './module/pace';
export { memoryPort, type MemoryPort } from './ports/memory-port';
export { PtyPort } from './ports/pty-port';
export { TcpPort } from './ports/tcp-port';
export { ControlServer } from './control/control-server';
export { EmulatedPlant } from './plant/emulated-plant';
export { planModules, readRack, type Carrier, type PlannedModule } from './rack/plan';
export type { Place } from './rack/place';
export { fnNumberOf, serialOf } from './rack/series';
export {
  World,
  type WorldFile,
  type WorldModule,
  type WorldOptions,
  type WorldTransport,
} from './rack/world';
export { wallFromText, wallText, type WallMs } from './wall-time';
export { makeMarkCode } from './fn/mark-keys';
export { acquirerAccount, EmulatedAcquirer, savedCardLimitKop } from './acquirer/emulated-acquirer';
export { serveAcquirer } from './acquirer/acquirer-routes';
