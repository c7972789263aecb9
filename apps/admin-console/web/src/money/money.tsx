import { Button, FileButton, Group, Modal, NativeSelect, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FarmMoneyView, ParkedPaymentView, StatementImportView } from '@kkt/web-contract';
import {
  api,
  ApiError,
  Card,
  DataTable,
  EmptyState,
  Money,
  PageHead,
  QueryView,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { Contracts } from './contracts';
import { decodeStatement } from './decode-statement';
import { moneyTexts } from './texts';

/** Bank statements in, payments nobody is known for, balances of clients. */
export function MoneyScreen(): ReactNode {
  const say = useTexts(moneyTexts);
  const { staff } = useMember();
  const isLead = staff.role === 'lead';
  const query = useQuery({
    queryKey: ['money'],
    queryFn: ({ signal }) => api.get<FarmMoneyView>('money', signal),
    enabled: isLead,
  });
  return (
    <>
      <PageHead title={say('title')} />
      {isLead ? (
        <QueryView query={query}>{(view) => <Content view={view} />}</QueryView>
      ) : (
        <Card>
          <EmptyState title={say('leadOnly')} />
        </Card>
      )}
    </>
  );
}

function Content({ view }: { view: FarmMoneyView }): ReactNode {
  const say = useTexts(moneyTexts);
  const formats = useFormats();
  const sum = formats.money(view.sumOfEverythingKop);
  return (
    <>
      {view.sumOfEverythingKop !== 0 && (
        <div className="kit-banner" data-tone="bad" role="alert">
          <strong>{say('ledgerBad', { sum })}</strong>
        </div>
      )}
      <Upload />
      <Parked view={view} />
      <Contracts />
      <Card title={say('balances')} side={say('ledger', { sum })} flush>
        <DataTable
          caption={say('balances')}
          rows={view.clients}
          rowKey={({ id }) => id}
          columns={[
            { key: 'client', title: say('col.client'), render: ({ name }) => name },
            {
              key: 'inn',
              title: say('col.inn'),
              render: ({ inn }) => <span className="kit-num">{inn}</span>,
            },
            {
              key: 'balance',
              title: say('col.balance'),
              align: 'right',
              render: ({ balanceKop }) => <Money kop={balanceKop} />,
            },
          ]}
        />
      </Card>
    </>
  );
}

function Upload(): ReactNode {
  const say = useTexts(moneyTexts);
  const queries = useQueryClient();
  const load = useMutation({
    mutationFn: async (file: File) =>
      api.post<StatementImportView>('money/statements', { text: decodeStatement(await file.arrayBuffer()) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['money'] }),
  });
  const { data } = load;
  return (
    <Card title={say('upload')}>
      <Stack gap="sm" align="flex-start">
        <Text className="kit-soft">{say('uploadHint')}</Text>
        <FileButton
          accept=".txt,text/plain"
          onChange={(file) => {
            if (file) load.mutate(file);
          }}
        >
          {(props) => (
            <Button {...props} loading={load.isPending}>
              {say('choose')}
            </Button>
          )}
        </FileButton>
        {load.isPending && <Text role="status">{say('reading')}</Text>}
        {load.error && (
          <Text c="var(--kit-bad)" role="alert">
            {say('error.CLIENT-STATEMENT', {
              text: load.error instanceof ApiError ? load.error.message : '',
            })}
          </Text>
        )}
        {data && (
          <Text role="status">
            {say('result', {
              booked: data.booked.length,
              repeated: data.repeated,
              parked: data.parked,
              outgoing: data.outgoing,
            })}
          </Text>
        )}
      </Stack>
      {data && (
        <DataTable
          caption={say('upload')}
          rows={data.booked}
          rowKey={({ reference }) => reference}
          empty={<EmptyState title={say('booked.none')} />}
          columns={[
            { key: 'client', title: say('col.client'), render: ({ clientName }) => clientName },
            { key: 'invoice', title: say('col.invoice'), render: ({ invoice }) => invoice ?? '—' },
            { key: 'reference', title: say('col.reference'), render: ({ reference }) => reference },
            {
              key: 'amount',
              title: say('col.amount'),
              align: 'right',
              render: ({ amountKop }) => <Money kop={amountKop} />,
            },
          ]}
        />
      )}
    </Card>
  );
}

function Parked({ view }: { view: FarmMoneyView }): ReactNode {
  const say = useTexts(moneyTexts);
  const formats = useFormats();
  const [chosen, setChosen] = useState<ParkedPaymentView>();
  return (
    <Card title={say('parked')} flush>
      <DataTable
        caption={say('parked')}
        rows={view.parked}
        rowKey={({ reference }) => reference}
        empty={<EmptyState title={say('parkedNone')}>{say('parkedHint')}</EmptyState>}
        columns={[
          { key: 'day', title: say('col.day'), render: ({ day }) => formats.date(day) },
          {
            key: 'payer',
            title: say('col.payer'),
            render: ({ payerName, payerInn }) => `${payerName} ${payerInn}`,
          },
          { key: 'purpose', title: say('col.purpose'), render: ({ purpose }) => purpose },
          {
            key: 'amount',
            title: say('col.amount'),
            align: 'right',
            render: ({ amountKop }) => <Money kop={amountKop} />,
          },
          { key: 'reason', title: say('col.reason'), render: ({ reason }) => say(`reason.${reason}`) },
          {
            key: 'action',
            title: say('col.action'),
            render: (row) =>
              row.settledFor === null ? (
                <Button size="compact-sm" variant="default" onClick={() => setChosen(row)}>
                  {say('settle')}
                </Button>
              ) : (
                say('settledFor', { name: row.settledFor })
              ),
          },
        ]}
      />
      {chosen && <Settle payment={chosen} clients={view.clients} onClose={() => setChosen(undefined)} />}
    </Card>
  );
}

function Settle(props: {
  payment: ParkedPaymentView;
  clients: FarmMoneyView['clients'];
  onClose(): void;
}): ReactNode {
  const { payment, clients, onClose } = props;
  const say = useTexts(moneyTexts);
  const formats = useFormats();
  const queries = useQueryClient();
  const [clientId, setClientId] = useState(clients[0]?.id ?? '');
  const settle = useMutation({
    mutationFn: () => api.post('money/parked', { reference: payment.reference, clientId }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['money'] });
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={say('settleTitle', { sum: formats.money(payment.amountKop) })}
      centered
      closeButtonProps={{ 'aria-label': say('cancel') }}
    >
      <Stack>
        <Text className="kit-soft">{payment.purpose}</Text>
        <NativeSelect
          label={say('client')}
          value={clientId}
          data={clients.map(({ id, name, inn }) => ({ value: id, label: `${name}, ${inn}` }))}
          onChange={(event) => setClientId(event.currentTarget.value)}
        />
        {settle.error && (
          <Text c="var(--kit-bad)" role="alert">
            {settle.error.message}
          </Text>
        )}
        <Group>
          <Button loading={settle.isPending} disabled={clientId === ''} onClick={() => settle.mutate()}>
            {say('settle')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {say('cancel')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
