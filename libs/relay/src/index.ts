/** Carries messages of FNs to operators and brings their answers back. */
export * from './causes';
export * from './relay';
export * from './unsent-watch';
export { type LaneSettings } from './operator-lane';
export { type Dial, dialTcp, type Wire, type WireEvents } from './wire';
export { askMarkingSystem, type MarkingLineOptions, type MarkingMessage } from './marking-line';
