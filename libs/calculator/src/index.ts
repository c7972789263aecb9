/** How many registers and FNs a load needs, with the arithmetic; checked against a simulated queue. Pure. */
export * from './types';
export { calculate, calculatorDefaults, CalculatorError, calculatorFaults } from './calculate';
export { type PeakLoad, peakQuantileS } from './queue-model';
export { type ServiceTime } from './service-time';
export { simulatePeaks, type SimulatedPeaks } from './simulate';
export { loadShapes, type LoadShape, shapeCheck, type ShapeCheck } from './load-shapes';
