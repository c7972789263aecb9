import { FarmError } from '@kkt/contracts';
import { buildLinkCheck, type OfdMessage, wrapContainer } from '@kkt/ofd-protocol';
import type { MarkingSystem } from './marking-system';

/**
 * The operator's side of the exchange with the marking system: it passes an FN's containers on and brings the answers
 * back in the frame of the request, understanding neither.
 */
export async function passToMarkingSystem(
  { header, container }: OfdMessage,
  system: MarkingSystem,
): Promise<{ answer: Buffer }> {
  const session = {
    ffd: header.ffd,
    ffdOnWire: header.ffdOnWire,
    fnNumber: header.fnNumber,
    crcMode: header.crcMode,
    channel: 'marking' as const,
    answerWanted: false,
  };
  if (!container) return { answer: buildLinkCheck(session) };
  if (header.fnNumber !== container.fnNumber)
    throw new FarmError('OFD-DOCUMENT', 'Header and container name different FNs', {
      headerFn: header.fnNumber,
      fnNumber: container.fnNumber,
    });
  return { answer: wrapContainer(await system.handle(container), session) };
}
