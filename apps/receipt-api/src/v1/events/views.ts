import { Flag, Moment, Part, Parts, Text, Whole } from '../dto/rules';
import { ReceiptBriefView } from '../dto/views';

export class EventQuery {
  @Text({ en: '`next` of the page before; left out: from the beginning', max: 200, optional: true })
  after?: string;
  @Whole({ en: 'Events on a page', min: 1, max: 200, fromText: true, optional: true }) limit?: string;
}

export class EventView {
  @Text({ en: 'Position of the event: also the id in the stream' }) id!: string;
  @Text({ en: 'What happened', values: ['receipt.done', 'receipt.failed'] }) type!: string;
  @Moment({ en: 'When' }) at!: string;
  @Part(() => ReceiptBriefView, { en: 'The receipt' }) receipt!: ReceiptBriefView;
}

export class EventPageView {
  @Parts(() => EventView, { en: 'Events, the earliest first' }) items!: EventView[];
  @Text({ en: 'Position to go on from; keep it', optional: true }) next!: string | null;
  @Flag({ en: 'More events are there already' }) more!: boolean;
}
