import type { Figure } from '../row';
import { claim } from './claim';
import { framing, tlv } from './codecs';
import { device, memory } from './device';
import { flood } from './flood';
import { forecast } from './forecast';
import { intake } from './intake';
import { latency } from './latency';
import { modules, monitoring } from './modules';
import { paced } from './paced';
import { relay } from './relay';
import { receiptSearch } from './receipt-search';
import { storage } from './storage';

/** What the bench measures, in the order of the table. */
export const figures: readonly Figure[] = [
  intake,
  paced,
  modules,
  device,
  latency,
  flood,
  tlv,
  framing,
  relay,
  memory,
  claim,
  storage,
  receiptSearch,
  monitoring,
  forecast,
];
