import type { LinkCounters } from '../device';

/** Fresh counters; one object lives as long as the device object, across reconnects. */
export const newLinkCounters = (): LinkCounters => ({
  framesSent: 0,
  framesReceived: 0,
  crcErrors: 0,
  repeatsAsked: 0,
  repeatsServed: 0,
  resends: 0,
  staleFrames: 0,
  noiseBytes: 0,
  reconnects: 0,
  bytesSent: 0,
  bytesReceived: 0,
});

/**
 * How often the line has shown any disturbance. Unchanged between two looks = every packet sent in between was read by the
 * device in the order it was sent, and every reply came back at the first try.
 */
export const disturbances = (counters: LinkCounters): number =>
  counters.crcErrors +
  counters.repeatsAsked +
  counters.repeatsServed +
  counters.resends +
  counters.staleFrames +
  counters.noiseBytes;
