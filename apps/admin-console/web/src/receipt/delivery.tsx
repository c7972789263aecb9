import { Button, Text, Textarea } from '@mantine/core';
import type { CallbackAttemptView, ReceiptInspection } from '@kkt/web-contract';
import {
  api,
  Card,
  CardGrid,
  DataTable,
  DateTime,
  EmptyState,
  Facts,
  StateBadge,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { FormDialog } from '../parts/form-dialog';
import { texts } from '../texts';
import { receiptTexts } from './texts';

/** Where the document went: operator, tax service, shop. */
export function Delivery({ view }: { view: ReceiptInspection }): ReactNode {
  return (
    <>
      <CardGrid min={24}>
        <Operator view={view} />
        <Shop view={view} />
      </CardGrid>
      {view.callback && <Tries attempts={view.callbackAttempts} />}
    </>
  );
}

function Operator({ view }: { view: ReceiptInspection }): ReactNode {
  const say = useTexts(texts);
  const own = useTexts(receiptTexts);
  const { message, tax, receipt } = view;
  return (
    <Card title={say('delivery.ofd')}>
      {message ? (
        <Facts
          rows={[
            [say('delivery.state'), say(`ofd.${message.state}`)],
            [say('doc.bytes'), say('doc.bytesValue', { n: message.containerBytes })],
            [say('delivery.attempts'), String(message.attempts)],
            [say('delivery.cause'), message.causeText ?? message.cause],
            [say('timeline.sent'), <DateTime key="c" at={message.createdAt} />],
            [say('timeline.confirmed'), message.confirmedAt && <DateTime key="k" at={message.confirmedAt} />],
            [
              own('tax.title'),
              <span key="t">
                {receipt.confirmedAt === null
                  ? own('tax.unconfirmed')
                  : own(`tax.${tax?.stage ?? 'unknown'}`)}{' '}
                {tax?.at && <DateTime at={tax.at} short />}
              </span>,
            ],
          ]}
        />
      ) : (
        <EmptyState title={say('delivery.noOfd')} />
      )}
    </Card>
  );
}

function Shop({ view }: { view: ReceiptInspection }): ReactNode {
  const say = useTexts(texts);
  const own = useTexts(receiptTexts);
  const { staff } = useMember();
  const { callback, receipt } = view;
  const [isAsked, setAsked] = useState(false);
  return (
    <Card
      title={say('delivery.callback')}
      side={
        callback && staff.role !== 'viewer' ? (
          <Button size="compact-md" onClick={() => setAsked(true)}>
            {own('callback.again')}
          </Button>
        ) : undefined
      }
    >
      {callback ? (
        <Facts
          rows={[
            [say('delivery.state'), say(`callback.${callback.state}`)],
            [say('delivery.url'), callback.url],
            [say('delivery.tries'), String(callback.attempts)],
            [
              say('delivery.status'),
              callback.lastStatus === null ? callback.lastError : `HTTP ${callback.lastStatus}`,
            ],
            [
              say('delivery.next'),
              callback.state === 'pending' ? <DateTime key="n" at={callback.nextAt} /> : null,
            ],
          ]}
        />
      ) : (
        <EmptyState title={say('delivery.noCallback')}>{receipt.callbackNote}</EmptyState>
      )}
      {isAsked && <AgainDialog receiptId={receipt.id} onClose={() => setAsked(false)} />}
    </Card>
  );
}

const looks = {
  delivered: { tone: 'good', shape: 'circle' },
  failed: { tone: 'warn', shape: 'triangle' },
  gave_up: { tone: 'bad', shape: 'cross' },
} as const;

function Tries({ attempts }: { attempts: readonly CallbackAttemptView[] }): ReactNode {
  const own = useTexts(receiptTexts);
  const formats = useFormats();
  return (
    <Card flush title={own('callback.tries')}>
      <DataTable
        caption={own('callback.tries')}
        rows={attempts}
        rowKey={(row) => `${row.at}-${row.outcome}`}
        empty={<EmptyState title={own('callback.none')} />}
        columns={[
          { key: 'at', title: own('try.at'), render: (row) => <DateTime at={row.at} /> },
          {
            key: 'outcome',
            title: own('try.outcome'),
            render: (row) => <StateBadge {...looks[row.outcome]}>{own(`try.${row.outcome}`)}</StateBadge>,
          },
          {
            key: 'answer',
            title: own('try.answer'),
            render: (row) =>
              [row.status === null ? '' : `HTTP ${row.status}`, row.error ?? '']
                .filter((part) => part !== '')
                .join(', ') || '—',
          },
          {
            key: 'took',
            title: own('try.took'),
            align: 'right',
            render: (row) => (row.tookMs === null ? '—' : formats.duration(row.tookMs)),
          },
        ]}
      />
    </Card>
  );
}

function AgainDialog({ receiptId, onClose }: { receiptId: string; onClose(): void }): ReactNode {
  const own = useTexts(receiptTexts);
  const [reason, setReason] = useState('');
  return (
    <FormDialog
      title={own('callback.againTitle')}
      action={own('callback.again')}
      isReady={reason.trim().length >= 3}
      onClose={onClose}
      onConfirm={() => api.post(`receipts/${receiptId}/callback`, { reason: reason.trim() })}
    >
      <Text>{own('callback.againText')}</Text>
      <Textarea
        label={own('reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={500}
        data-autofocus
      />
    </FormDialog>
  );
}
