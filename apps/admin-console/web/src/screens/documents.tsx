import type { DocumentBrief } from '@kkt/web-contract';
import {
  Card,
  EmptyState,
  FilterBar,
  PageHead,
  useFormName,
  useTexts,
  useUrlState,
  Paged,
  usePages,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { DocumentTable } from '../parts/document-table';
import { texts } from '../texts';

const forms = [3, 31, 2, 5, 1, 11, 21, 6];

/** Our copy of the FNs' archives by any of its numbers. */
export function DocumentsScreen(): ReactNode {
  const say = useTexts(texts);
  const formName = useFormName();
  const [{ fn, fd, fp, form, from, to, register, shift }] = useUrlState();
  const pages = usePages<DocumentBrief>('documents', { fn, fd, fp, form, from, to, register, shift });
  return (
    <>
      <PageHead title={say('documents.title')} />
      <FilterBar
        fields={[
          { name: 'fn', label: say('doc.fn'), kind: 'text', width: '12rem', placeholder: '9999078900001234' },
          { name: 'fd', label: say('doc.fd'), kind: 'text', width: '7rem' },
          { name: 'shift', label: say('doc.shiftNumber'), kind: 'text', width: '6rem' },
          { name: 'fp', label: say('doc.fp'), kind: 'text', width: '9rem' },
          {
            name: 'form',
            label: say('filter.form'),
            kind: 'choice',
            choices: [
              { value: '', label: say('filter.any') },
              ...forms.map((code) => ({ value: String(code), label: formName(code) })),
            ],
          },
          { name: 'from', label: say('filter.from'), kind: 'date' },
          { name: 'to', label: say('filter.to'), kind: 'date' },
        ]}
      />
      <Card flush>
        <Paged pages={pages}>
          <DocumentTable
            caption={say('documents.title')}
            rows={pages.rows}
            more={pages.more}
            withRegister
            empty={<EmptyState title={say('documents.empty')}>{say('documents.emptyHint')}</EmptyState>}
          />
        </Paged>
      </Card>
    </>
  );
}
