import { Button, Group, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { PaperBrief } from '@kkt/web-contract';
import {
  api,
  Card,
  DataTable,
  EmptyState,
  fieldError,
  Money,
  QueryView,
  SimpleForm,
  StateBadge,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../parts/dialog';
import { moneyTexts } from './texts';
import { dayBefore, downloadPaper, moscowToday, paperHref, useMoneyChanged, usePapers } from './use-money';

/** Invoices, acts and reconciliation acts, each as PDF. */
export function Papers(): ReactNode {
  const say = useTexts(moneyTexts);
  const query = usePapers();
  const [open, setOpen] = useState<'act' | 'reconciliation'>();
  return (
    <Card
      title={say('papers')}
      side={
        <Group gap="xs" component="span">
          <Button size="compact-sm" variant="default" onClick={() => setOpen('act')}>
            {say('makeAct')}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setOpen('reconciliation')}>
            {say('makeReconciliation')}
          </Button>
        </Group>
      }
      flush
    >
      <QueryView query={query}>{({ papers }) => <Table papers={papers} />}</QueryView>
      {open === 'act' && <MakeAct onClose={() => setOpen(undefined)} />}
      {open === 'reconciliation' && <MakeReconciliation onClose={() => setOpen(undefined)} />}
    </Card>
  );
}

function Table({ papers }: { papers: readonly PaperBrief[] }): ReactNode {
  const say = useTexts(moneyTexts);
  const formats = useFormats();
  return (
    <DataTable
      caption={say('papers')}
      rows={papers}
      rowKey={({ number }) => number}
      empty={<EmptyState title={say('papersNone')}>{say('papersHint')}</EmptyState>}
      columns={[
        {
          key: 'number',
          title: say('col.number'),
          render: ({ series, number }) => (
            <span>
              {say(`series.${series}`)} <span className="kit-num">{number}</span>
            </span>
          ),
        },
        { key: 'day', title: say('col.day'), render: ({ day }) => formats.date(day) },
        {
          key: 'period',
          title: say('col.period'),
          render: ({ from, to }) => (from === to ? '—' : `${formats.date(from)} — ${formats.date(to)}`),
        },
        {
          key: 'total',
          title: say('col.total'),
          align: 'right',
          render: ({ totalKop }) => <Money kop={totalKop} />,
        },
        { key: 'state', title: say('col.state'), render: (paper) => <PaperState paper={paper} /> },
        {
          key: 'file',
          title: say('download'),
          render: ({ number }) => (
            <a href={paperHref(number)} download aria-label={`${say('download')} ${number}`}>
              {say('download')}
            </a>
          ),
        },
      ]}
    />
  );
}

function PaperState({ paper }: { paper: PaperBrief }): ReactNode {
  const say = useTexts(moneyTexts);
  const formats = useFormats();
  const { series, paidKop, totalKop } = paper;
  if (series !== 'invoice')
    return (
      <StateBadge tone="good" shape="circle">
        {say('issued')}
      </StateBadge>
    );
  if (paidKop >= totalKop)
    return (
      <StateBadge tone="good" shape="circle">
        {say('paid')}
      </StateBadge>
    );
  return (
    <StateBadge tone="warn" shape="ring">
      {paidKop > 0 ? say('partly', { sum: formats.money(paidKop) }) : say('unpaid')}
    </StateBadge>
  );
}

/** Makes a paper and downloads it. */
function useMake(path: string, onClose: () => void) {
  const changed = useMoneyChanged();
  return useMutation({
    mutationFn: (body: object) => api.post<{ number: string }>(path, body),
    onSuccess: async ({ number }) => {
      downloadPaper(number);
      await changed();
      onClose();
    },
  });
}

function MakeAct({ onClose }: { onClose(): void }): ReactNode {
  const say = useTexts(moneyTexts);
  const make = useMake('money/acts', onClose);
  const [month, setMonth] = useState(() => dayBefore(`${moscowToday().slice(0, 7)}-01`, 1).slice(0, 7));
  return (
    <Dialog title={say('makeAct')} onClose={onClose}>
      <SimpleForm
        onSubmit={() => make.mutate({ month })}
        error={make.error}
        isPending={make.isPending}
        isReady={/^\d{4}-\d{2}$/.test(month)}
        submit={say('make')}
      >
        <TextInput
          label={say('month')}
          type="month"
          value={month}
          onChange={(event) => setMonth(event.currentTarget.value)}
          error={fieldError(make.error, 'month')}
        />
      </SimpleForm>
    </Dialog>
  );
}

function MakeReconciliation({ onClose }: { onClose(): void }): ReactNode {
  const say = useTexts(moneyTexts);
  const make = useMake('money/reconciliations', onClose);
  const [from, setFrom] = useState(() => `${moscowToday().slice(0, 4)}-01-01`);
  const [to, setTo] = useState(moscowToday);
  return (
    <Dialog title={say('makeReconciliation')} onClose={onClose}>
      <SimpleForm
        onSubmit={() => make.mutate({ from, to })}
        error={make.error}
        isPending={make.isPending}
        isReady={from !== '' && to !== ''}
        submit={say('make')}
      >
        <TextInput
          label={say('from')}
          type="date"
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
          error={fieldError(make.error, 'from')}
        />
        <TextInput
          label={say('to')}
          type="date"
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
          error={fieldError(make.error, 'to')}
        />
      </SimpleForm>
    </Dialog>
  );
}
