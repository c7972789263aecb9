import { Button } from '@mantine/core';
import type { RegisterRowView } from '@kkt/web-contract';
import {
  AppLink,
  Card,
  conditionLook,
  DataTable,
  EmptyState,
  FilterBar,
  kitTexts,
  PageHead,
  Paged,
  queryOf,
  StateBadge,
  useFormats,
  usePages,
  useTexts,
  useUrlState,
  useWords,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../links';
import { texts } from '../texts';

const conditions = [
  'works',
  'attention',
  'offline',
  'stopped',
  'paused',
  'swap',
  'registering',
  'stock',
  'closed',
] as const;

/** The registers of the farm by place, state, client, model and operator; the same rows as a file. */
export function RegistersScreen(): ReactNode {
  const say = useTexts(texts);
  const kit = useTexts(kitTexts);
  const [{ number, condition, client, dc, rack, group, model, operator, unsent }] = useUrlState();
  const filter = { number, condition, client, dc, rack, group, model, operator, unsent };
  const pages = usePages<RegisterRowView>('registers', filter);
  return (
    <>
      <PageHead
        title={say('registers.title')}
        actions={
          <Button
            component="a"
            variant="default"
            href={`/api/registers/export.csv${queryOf(filter)}`}
            download
          >
            {say('registers.export')}
          </Button>
        }
      />
      <FilterBar
        fields={[
          { name: 'number', label: say('registers.number'), kind: 'text', width: '12rem' },
          {
            name: 'condition',
            label: say('filter.state'),
            kind: 'choice',
            choices: [
              { value: '', label: say('filter.anyState') },
              ...conditions.map((value) => ({ value, label: kit(`condition.${value}`) })),
            ],
          },
          { name: 'client', label: say('registers.client'), kind: 'text', width: '13rem' },
          {
            name: 'unsent',
            label: say('register.ofd'),
            kind: 'choice',
            choices: [
              { value: '', label: say('filter.any') },
              { value: '1', label: say('registers.unsentOnly') },
            ],
          },
          { name: 'dc', label: say('registers.dc'), kind: 'text', width: '7rem', extra: true },
          { name: 'rack', label: say('registers.rack'), kind: 'text', width: '7rem', extra: true },
          { name: 'group', label: say('filter.group'), kind: 'text', width: '11rem', extra: true },
          { name: 'model', label: say('registers.model'), kind: 'text', width: '11rem', extra: true },
          {
            name: 'operator',
            label: say('registers.operator'),
            kind: 'text',
            width: '13rem',
            placeholder: 'ofd.example:7790',
            extra: true,
          },
        ]}
      />
      <Card flush>
        <Paged pages={pages}>
          <Rows rows={pages.rows} more={pages.more} />
        </Paged>
      </Card>
    </>
  );
}

function Rows({
  rows,
  more,
}: {
  rows: readonly RegisterRowView[];
  more: ReturnType<typeof usePages<RegisterRowView>>['more'];
}): ReactNode {
  const say = useTexts(texts);
  const kit = useTexts(kitTexts);
  const formats = useFormats();
  const words = useWords();
  return (
    <DataTable
      caption={say('registers.title')}
      rows={rows}
      more={more}
      rowKey={(row) => row.id}
      empty={<EmptyState title={say('registers.empty')}>{say('registers.emptyHint')}</EmptyState>}
      columns={[
        {
          key: 'serial',
          title: say('doc.register'),
          render: (row) => (
            <span>
              <AppLink href={links.register(row.id)}>{row.serial}</AppLink>
              <span className="kit-soft" style={{ display: 'block' }}>
                {row.model}
              </span>
            </span>
          ),
        },
        {
          key: 'condition',
          title: say('filter.state'),
          render: (row) => (
            <span>
              <StateBadge {...conditionLook[row.condition]}>{kit(`condition.${row.condition}`)}</StateBadge>
              {(row.problem ?? row.stateReason) !== null && (
                <span className="kit-soft" style={{ display: 'block' }}>
                  {row.problem === null ? row.stateReason : words.problem(row.problem)}
                </span>
              )}
            </span>
          ),
        },
        {
          key: 'place',
          title: say('register.place'),
          render: (row) =>
            row.place.rack === '' ? (
              '—'
            ) : (
              <AppLink href={links.rack(row.place.dc, row.place.rack)}>
                {say('place.text', { ...row.place })}
              </AppLink>
            ),
        },
        {
          key: 'client',
          title: say('register.client'),
          render: (row) => (
            <span>
              {row.clientName ?? '—'}
              {row.groupCode !== null && (
                <span className="kit-soft" style={{ display: 'block' }}>
                  {row.groupCode}
                </span>
              )}
            </span>
          ),
        },
        {
          key: 'fn',
          title: say('doc.fn'),
          render: (row) => <span className="kit-num">{row.fnNumber ?? '—'}</span>,
        },
        {
          key: 'left',
          title: say('stock.left'),
          align: 'right',
          render: (row) => (row.documentsLeft === null ? '—' : formats.number(row.documentsLeft)),
        },
        {
          key: 'until',
          title: say('stock.until'),
          align: 'right',
          render: (row) => (row.validUntil === null ? '—' : formats.date(row.validUntil)),
        },
        { key: 'operator', title: say('registers.operator'), render: (row) => row.operatorName ?? '—' },
        {
          key: 'unsent',
          title: say('register.ofd'),
          align: 'right',
          render: (row) => (row.unsent === null ? '—' : formats.number(row.unsent)),
        },
      ]}
    />
  );
}
