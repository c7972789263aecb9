import type { ReceiptBrief } from '@kkt/web-contract';
import {
  Card,
  EmptyState,
  FilterBar,
  kitTexts,
  PageHead,
  useTexts,
  useUrlState,
  Paged,
  usePages,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { ReceiptTable } from '../parts/receipt-table';
import { texts } from '../texts';

const states = ['queued', 'working', 'in_doubt', 'done', 'failed'] as const;

/** Receipts of all clients by state and group. */
export function ReceiptsScreen(): ReactNode {
  const say = useTexts(texts);
  const kit = useTexts(kitTexts);
  const [{ state, group, externalId }] = useUrlState();
  const pages = usePages<ReceiptBrief>('receipts', { state, group, externalId });
  return (
    <>
      <PageHead title={say('receipts.title')} />
      <FilterBar
        fields={[
          {
            name: 'state',
            label: say('filter.state'),
            kind: 'choice',
            choices: [
              { value: '', label: say('filter.anyState') },
              ...states.map((value) => ({ value, label: kit(`receipt.${value}`) })),
            ],
          },
          { name: 'group', label: say('filter.group'), kind: 'text', width: '12rem' },
          { name: 'externalId', label: say('filter.externalId'), kind: 'text', width: '16rem' },
        ]}
      />
      <Card flush>
        <Paged pages={pages}>
          <ReceiptTable
            caption={say('receipts.title')}
            rows={pages.rows}
            more={pages.more}
            empty={<EmptyState title={say('receipts.empty')}>{say('receipts.emptyHint')}</EmptyState>}
          />
        </Paged>
      </Card>
    </>
  );
}
