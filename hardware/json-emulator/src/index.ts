/** A second door to the emulator's modules: the vendor's web server with the driver's JSON tasks. */
export { FISCAL_TASKS } from './tasks';
export type { DoorFault, DoorFaultSpec } from './faults';
export { WebDoor, type WebDoorOptions } from './web-door';
