import type { SectoralProps } from '@kkt/contracts';
import type { Refusals } from '../refusal';
import { fiscalText } from '../texts';

/** Industry requisites with texts as the document can hold them (tags 1264, 1265). `path` is the list's. */
export const cleanSectoral = (
  list: readonly SectoralProps[],
  path: string,
  refusals: Refusals,
): SectoralProps[] =>
  list.map((props, index) => {
    const number = fiscalText(props.number, 32);
    const value = fiscalText(props.value, 256);
    if (number === '') refusals.addUnprintable(`${path}[${index}].number`, 1264);
    if (value === '') refusals.addUnprintable(`${path}[${index}].value`, 1265);
    return { ...props, number, value };
  });
