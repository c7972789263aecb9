import type { Paper } from '../paper';
import { toPdf } from '../render/pdf';
import { toPng } from '../render/png';

/** What the press draws: the kinds that take tens of milliseconds of a processor and more. */
export type PrintKind = 'pdf' | 'png';

/** One order, as it goes to the thread that draws. */
export interface PrintJob {
  id: number;
  kind: PrintKind;
  paper: Paper;
}

export type PrintResult = { id: number; bytes: Uint8Array } | { id: number; error: string };

export const draw = async (kind: PrintKind, paper: Paper): Promise<Uint8Array> =>
  kind === 'pdf' ? toPdf(paper) : toPng(paper);
