import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  ConnectionCheckView,
  ConnectionView,
  IntegrationView,
  PaymentEventRow,
  PaymentsView,
  ShopPaymentView,
} from '@kkt/web-contract';
import {
  api,
  AppLink,
  Card,
  CardGrid,
  CodeBlock,
  DataTable,
  DateTime,
  EmptyState,
  Facts,
  fieldError,
  Money,
  QueryView,
  SimpleForm,
  StateBadge,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../../app';
import { links } from '../../links';
import { Dialog } from '../../parts/dialog';
import { ConnectDialog } from './connect-dialog';
import { integrationTexts } from './texts';

const key = ['payments'];

/** Names of providers as their customers know them. */
export const providerTitles: Readonly<Record<string, string>> = {
  paypal: 'PayPal',
  'paypal-ipn': 'PayPal IPN',
  yookassa: 'ЮKassa',
  tbank: 'Т-Банк',
  cloudpayments: 'CloudPayments',
  sber: 'Сбер',
  robokassa: 'Robokassa',
  stripe: 'Stripe',
};

function useMayWrite(): boolean {
  return useMember().person.rights.includes('integration:write');
}

/** Payment providers: connections, what they told, what waits. */
export function Payments({ view }: { view: IntegrationView }): ReactNode {
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<PaymentsView>('payments', signal),
    refetchInterval: 10_000,
  });
  return (
    <QueryView query={query}>
      {(payments) => (
        <>
          <Connections payments={payments} view={view} />
          <Parked rows={payments.parked} />
          <CardGrid min={24}>
            <Orders payments={payments} />
            <Latest rows={payments.latest} />
          </CardGrid>
          <Events />
        </>
      )}
    </QueryView>
  );
}

function Connections({ payments, view }: { payments: PaymentsView; view: IntegrationView }): ReactNode {
  const say = useTexts(integrationTexts);
  const mayWrite = useMayWrite();
  const [isOpen, setOpen] = useState(false);
  const button = mayWrite && view.groups.length > 0 && (
    <Button size="xs" onClick={() => setOpen(true)}>
      {say('connect')}
    </Button>
  );
  return (
    <>
      {payments.connections.length === 0 ? (
        <Card title={say('connections')}>
          <EmptyState title={say('connectionsNone')} action={button}>
            {say('connectionsNoneHint')}
          </EmptyState>
        </Card>
      ) : (
        <Card title={say('connections')} side={button}>
          <CardGrid min={22}>
            {payments.connections.map((one) => (
              <Connection key={one.id} row={one} />
            ))}
          </CardGrid>
        </Card>
      )}
      {isOpen && (
        <ConnectDialog
          providers={payments.providers}
          groups={view.groups.map(({ code }) => code)}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

const connectionLooks = {
  active: { tone: 'good', shape: 'circle' },
  suspended: { tone: 'warn', shape: 'triangle' },
  disabled: { tone: 'mute', shape: 'ring' },
} as const;

function Connection({ row }: { row: ConnectionView }): ReactNode {
  const say = useTexts(integrationTexts);
  const mayWrite = useMayWrite();
  const queries = useQueryClient();
  const check = useMutation({
    mutationFn: () => api.post<ConnectionCheckView>(`payments/connections/${row.id}/check`, {}),
  });
  const turn = useMutation({
    mutationFn: () =>
      api.put(`payments/connections/${row.id}`, { state: row.state === 'active' ? 'disabled' : 'active' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  });
  return (
    <section className="cabinet-preview">
      <h3 style={{ margin: '0 0 0.5rem' }}>
        {row.name}{' '}
        <StateBadge {...connectionLooks[row.state]}>
          {say(`conn.${row.state}`)}
          {row.stateReason && `: ${row.stateReason}`}
        </StateBadge>
      </h3>
      <Facts
        rows={[
          [say('provider'), `${providerTitles[row.provider] ?? row.provider}, ${say(`mode.${row.mode}`)}`],
          [say('keyGroup'), row.groupCode],
          [say('partial'), say(`partial.${row.partialRefund}`)],
          [
            say('mapping'),
            row.itemWithoutOrder && `${row.itemWithoutOrder.name} (${row.itemWithoutOrder.vat})`,
          ],
        ]}
      />
      <Text size="sm" mt="xs">
        {say('callbackUrl')}. <span className="kit-soft">{say('callbackUrlHint')}</span>
      </Text>
      <CodeBlock text={row.callbackUrl} label={say('callbackUrl')} />
      {mayWrite && (
        <Group gap="xs" mt="xs">
          <Button size="xs" variant="default" loading={check.isPending} onClick={() => check.mutate()}>
            {say('check')}
          </Button>
          <Button size="xs" variant="default" loading={turn.isPending} onClick={() => turn.mutate()}>
            {say(row.state === 'active' ? 'switchOff' : 'switchOn')}
          </Button>
        </Group>
      )}
      {check.data && (
        <Text size="sm" mt="xs" role="status" c={check.data.ok ? undefined : 'var(--kit-bad)'}>
          {check.data.ok
            ? check.data.payments === null
              ? say('check.ok')
              : say('check.payments', { n: check.data.payments })
            : say(`check.${check.data.reason}`)}
        </Text>
      )}
    </section>
  );
}

function Parked({ rows }: { rows: readonly ShopPaymentView[] }): ReactNode {
  const say = useTexts(integrationTexts);
  const mayWrite = useMayWrite();
  const queries = useQueryClient();
  const [dismissed, setDismissed] = useState<string>();
  const retry = useMutation({
    mutationFn: (id: string) => api.post(`payments/${id}/retry`, {}),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  });
  if (rows.length === 0) return null;
  return (
    <Card title={say('parked')} flush>
      <DataTable
        caption={say('parked')}
        rows={rows}
        rowKey={(row) => row.id}
        empty={<EmptyState title={say('parkedNone')}>{say('parkedNoneHint')}</EmptyState>}
        columns={[
          {
            key: 'at',
            title: say('state'),
            render: (row) => <DateTime at={row.parkedAt ?? row.createdAt} short />,
          },
          { key: 'order', title: say('order'), render: (row) => row.orderNo ?? row.providerPaymentId },
          { key: 'sum', title: say('sum'), align: 'right', render: (row) => <Money kop={row.paidMinor} /> },
          { key: 'why', title: say('reason'), render: (row) => row.parkText ?? row.parkReason },
          {
            key: 'do',
            title: '',
            align: 'right',
            render: (row) =>
              mayWrite && (
                <Group gap="xs" justify="flex-end" wrap="nowrap">
                  <Button size="xs" variant="default" onClick={() => retry.mutate(row.id)}>
                    {say('retry')}
                  </Button>
                  <Button size="xs" variant="default" onClick={() => setDismissed(row.id)}>
                    {say('dismiss')}
                  </Button>
                </Group>
              ),
          },
        ]}
      />
      {dismissed !== undefined && <Dismiss id={dismissed} onClose={() => setDismissed(undefined)} />}
    </Card>
  );
}

function Dismiss({ id, onClose }: { id: string; onClose(): void }): ReactNode {
  const say = useTexts(integrationTexts);
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const dismiss = useMutation({
    mutationFn: () => api.post(`payments/${id}/dismiss`, { reason: reason.trim() }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: key });
      onClose();
    },
  });
  return (
    <Dialog title={say('dismissTitle')} onClose={onClose}>
      <SimpleForm
        onSubmit={() => dismiss.mutate()}
        error={dismiss.error}
        isPending={dismiss.isPending}
        isReady={reason.trim().length >= 3}
        submit={say('dismiss')}
      >
        <TextInput
          label={say('reason')}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={fieldError(dismiss.error, 'reason')}
        />
      </SimpleForm>
    </Dialog>
  );
}

function Orders({ payments }: { payments: PaymentsView }): ReactNode {
  const say = useTexts(integrationTexts);
  return (
    <Card title={say('orders')} flush>
      <DataTable
        caption={say('orders')}
        rows={payments.orders}
        rowKey={(row) => `${row.groupCode}/${row.orderNo}`}
        empty={<EmptyState title={say('ordersNone')}>{say('ordersNoneHint')}</EmptyState>}
        columns={[
          { key: 'at', title: say('state'), render: (row) => <DateTime at={row.createdAt} short /> },
          { key: 'order', title: say('order'), render: (row) => row.orderNo },
          { key: 'group', title: say('keyGroup'), render: (row) => row.groupCode },
          { key: 'sum', title: say('sum'), align: 'right', render: (row) => <Money kop={row.totalKop} /> },
        ]}
      />
    </Card>
  );
}

function Latest({ rows }: { rows: readonly ShopPaymentView[] }): ReactNode {
  const say = useTexts(integrationTexts);
  return (
    <Card title={say('latest')} flush>
      <DataTable
        caption={say('latest')}
        rows={rows}
        rowKey={(row) => row.id}
        empty={<EmptyState title={say('latestNone')}>{say('latestNoneHint')}</EmptyState>}
        columns={[
          { key: 'at', title: say('state'), render: (row) => <DateTime at={row.createdAt} short /> },
          {
            key: 'order',
            title: say('order'),
            render: (row) => (
              <span>
                {row.orderNo ?? row.providerPaymentId}{' '}
                <span className="kit-soft">{providerTitles[row.provider] ?? row.provider}</span>
              </span>
            ),
          },
          { key: 'sum', title: say('sum'), align: 'right', render: (row) => <Money kop={row.paidMinor} /> },
          {
            key: 'receipts',
            title: say('receipts'),
            render: (row) => (
              <Stack gap={0}>
                {row.receipts.map((one) => (
                  <AppLink key={one.receiptId} href={links.receipt(one.receiptId)}>
                    {say(one.effect)}
                  </AppLink>
                ))}
                {row.receipts.length === 0 && (row.parkText ?? '—')}
              </Stack>
            ),
          },
        ]}
      />
    </Card>
  );
}

function Events(): ReactNode {
  const say = useTexts(integrationTexts);
  const query = useQuery({
    queryKey: ['payment-events'],
    queryFn: ({ signal }) => api.get<PaymentEventRow[]>('payments/events', signal),
    refetchInterval: 10_000,
  });
  return (
    <Card title={say('events')} flush>
      <QueryView query={query}>
        {(rows) => (
          <DataTable
            caption={say('events')}
            rows={rows}
            rowKey={(row) => row.id}
            empty={<EmptyState title={say('eventsNone')}>{say('eventsNoneHint')}</EmptyState>}
            columns={[
              { key: 'at', title: say('state'), render: (row) => <DateTime at={row.seenAt} short /> },
              {
                key: 'kind',
                title: say('event'),
                render: (row) => (
                  <span className="kit-mono">
                    {row.kind}
                    {row.times > 1 && ` ×${row.times}`}
                  </span>
                ),
              },
              {
                key: 'verdict',
                title: say('verdict'),
                render: (row) => say.maybe(`verdict.${row.verdict}`, row.verdict),
              },
              {
                key: 'result',
                title: say('result'),
                render: (row) => (
                  <StateBadge
                    tone={row.state === 'applied' ? 'good' : row.state === 'rejected' ? 'bad' : 'mute'}
                    shape={row.state === 'applied' ? 'circle' : row.state === 'rejected' ? 'cross' : 'ring'}
                  >
                    {say.maybe(`event.${row.state}`, row.state)}
                    {row.note && `: ${row.note}`}
                  </StateBadge>
                ),
              },
              { key: 'from', title: say('url'), render: (row) => row.address },
            ]}
          />
        )}
      </QueryView>
    </Card>
  );
}
