/** Client of the own API (`/v1`): types and operations are generated from its OpenAPI document. */
export { FarmApi } from './farm-api';
export { ApiProblem, type StreamEvent, type TransportOptions } from './transport';
export type * from './types';
