/** Highest id of an ordinary packet and of a task; the next one is 0. */
export const LAST_PACKET_ID = 0xdf;

/** Id of a packet the device sends on its own initiative. */
export const ASYNC_PACKET_ID = 0xf0;

/** Ids 00..DF and F0; E0..EF and F1..FF are reserved and their frames are dropped. */
export const isPacketId = (id: number): boolean =>
  (id >= 0 && id <= LAST_PACKET_ID) || id === ASYNC_PACKET_ID;

/** The id after `id`: +1, DF is followed by 00. The same succession serves task ids. */
export const nextPacketId = (id: number): number => (id >= LAST_PACKET_ID ? 0 : id + 1);
