import type { SectoralProps } from '@kkt/contracts';
import { fiscalText } from '../texts';

/** Industry requisites with texts as the document can hold them (tags 1264, 1265). */
export const cleanSectoral = (list: readonly SectoralProps[]): SectoralProps[] =>
  list.map((props) => ({
    ...props,
    number: fiscalText(props.number, 32),
    value: fiscalText(props.value, 256),
  }));
