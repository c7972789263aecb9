import { getRouteApi } from '@tanstack/react-router';
import { Tabs } from '@mantine/core';
import type { IntentView, ReceiptInspection } from '@kkt/web-contract';
import {
  AppLink,
  Card,
  CardGrid,
  DataTable,
  DateTime,
  DocumentTlvViewer,
  EmptyState,
  Facts,
  IdChip,
  JsonBlock,
  Money,
  PageHead,
  QueryView,
  ReceiptBadge,
  ReceiptTimeline,
  Shape,
  StateBadge,
  useFormats,
  useFormName,
  useLiveQuery,
  useTexts,
  useUrlState,
  useWords,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../links';
import { texts } from '../texts';

const route = getRouteApi('/receipts/$id');

/** E6: everything about one receipt. There is no "retry": only the FN's proof may allow one, and the driver asks for it itself. */
export function ReceiptScreen(): ReactNode {
  const { id } = route.useParams();
  const query = useLiveQuery<ReceiptInspection>(`receipt:${id}`, `receipts/${id}`);
  return <QueryView query={query}>{(view) => <Inspector view={view} />}</QueryView>;
}

function Inspector({ view }: { view: ReceiptInspection }): ReactNode {
  const say = useTexts(texts);
  const { receipt } = view;
  return (
    <>
      <PageHead
        title={say('receipt.title', { id: receipt.externalId })}
        crumbs={[
          { title: say('nav.receipts'), href: links.receipts() },
          { title: receipt.groupCode, href: links.receipts({ group: receipt.groupCode }) },
        ]}
        badge={<ReceiptBadge state={receipt.state} />}
        live
      />
      {receipt.state === 'in_doubt' && (
        <div className="kit-banner" data-tone="warn">
          <strong>
            <Shape shape="question" />
            {say('receipt.doubtTitle')}
          </strong>
          <span>{say('receipt.doubtText')}</span>
        </div>
      )}
      <CardGrid min={26}>
        <FactsCard view={view} />
        <Card title={say('receipt.timeline')}>
          <ReceiptTimeline events={view.timeline} />
        </Card>
      </CardGrid>
      <Details view={view} />
    </>
  );
}

function FactsCard({ view }: { view: ReceiptInspection }): ReactNode {
  const say = useTexts(texts);
  const words = useWords();
  const formats = useFormats();
  const { receipt } = view;
  const isWaiting = receipt.state === 'queued' || receipt.state === 'working' || receipt.state === 'in_doubt';
  return (
    <Card>
      <Facts
        rows={[
          ['uuid', <IdChip key="i" id={receipt.id} />],
          [say('receipt.externalId'), <IdChip key="e" id={receipt.externalId} />],
          [say('receipt.operation'), words.operation(receipt.operation)],
          [say('receipt.total'), <Money key="t" kop={receipt.totalKop} />],
          [say('receipt.client'), receipt.clientName],
          [say('receipt.accepted'), <DateTime key="a" at={receipt.acceptedAt} />],
          [
            say('receipt.took'),
            receipt.finishedAt &&
              formats.duration(Date.parse(receipt.finishedAt) - Date.parse(receipt.acceptedAt)),
          ],
          [say('receipt.wait'), isWaiting ? words.problem(receipt.waitReason) : null],
          [
            say('receipt.deadline'),
            receipt.state === 'queued' ? <DateTime key="d" at={receipt.deadlineAt} /> : null,
          ],
          [
            say('receipt.error'),
            receipt.errorText && `${receipt.errorText} (${receipt.errorType} ${receipt.errorCode})`,
          ],
          [
            say('receipt.register'),
            receipt.registerId && (
              <AppLink key="r" href={links.register(receipt.registerId)}>
                {receipt.serial}
              </AppLink>
            ),
          ],
          [say('register.place'), receipt.place && say('place.text', { ...receipt.place })],
          [say('receipt.fn'), receipt.fnNumber && <IdChip key="fn" id={receipt.fnNumber} />],
          [
            say('receipt.fd'),
            receipt.fnNumber && receipt.fdNumber && (
              <AppLink key="fd" href={links.document(receipt.fnNumber, receipt.fdNumber)}>
                {receipt.fdNumber}
              </AppLink>
            ),
          ],
          [say('doc.fp'), view.document && <IdChip key="fp" id={String(view.document.fiscalSign)} />],
          [say('receipt.attempts'), String(receipt.attempts)],
        ]}
      />
    </Card>
  );
}

function Details({ view }: { view: ReceiptInspection }): ReactNode {
  const say = useTexts(texts);
  const formName = useFormName();
  const [state, setState] = useUrlState();
  const { document } = view;
  return (
    <Tabs
      value={state.tab ?? 'document'}
      onChange={(tab) => setState({ tab: tab === 'document' ? undefined : (tab ?? undefined) })}
      keepMounted={false}
    >
      <Tabs.List mb="md" style={{ flexWrap: 'nowrap', overflowX: 'auto' }}>
        {(['document', 'attempts', 'delivery', 'content', 'answer'] as const).map((tab) => (
          <Tabs.Tab key={tab} value={tab}>
            {say(`tab.${tab}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="document">
        {document ? (
          <Card
            title={say('doc.title', { form: formName(document.form), fd: String(document.fdNumber) })}
            flush
            side={say('receipt.masked')}
          >
            <DocumentTlvViewer tags={document.tags} />
          </Card>
        ) : (
          <Card>
            <EmptyState title={say('receipt.noDocument')}>{say('receipt.noDocumentHint')}</EmptyState>
          </Card>
        )}
      </Tabs.Panel>
      <Tabs.Panel value="attempts">
        <Card flush title={say('tab.attempts')}>
          <Attempts intents={view.intents} />
        </Card>
      </Tabs.Panel>
      <Tabs.Panel value="delivery">
        <Delivery view={view} />
      </Tabs.Panel>
      <Tabs.Panel value="content">
        <Card title={say('tab.content')} side={say('receipt.masked')}>
          <JsonBlock value={view.content} label={say('tab.content')} />
        </Card>
      </Tabs.Panel>
      <Tabs.Panel value="answer">
        <Card title={say('tab.answer')}>
          <JsonBlock value={view.answer} label={say('tab.answer')} />
        </Card>
      </Tabs.Panel>
    </Tabs>
  );
}

const intentLook = {
  open: { tone: 'info', shape: 'diamond' },
  stuck: { tone: 'bad', shape: 'question' },
  done: { tone: 'good', shape: 'circle' },
  void: { tone: 'warn', shape: 'cross' },
} as const;

function Attempts({ intents }: { intents: readonly IntentView[] }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  return (
    <DataTable
      caption={say('tab.attempts')}
      rows={intents}
      rowKey={(row) => row.id}
      empty={<EmptyState title={say('attempt.none')} />}
      columns={[
        { key: 'n', title: say('attempt.number'), render: (row) => intents.indexOf(row) + 1 },
        {
          key: 'state',
          title: say('attempt.state'),
          render: (row) => <StateBadge {...intentLook[row.state]}>{say(`attempt.${row.state}`)}</StateBadge>,
        },
        {
          key: 'register',
          title: say('receipt.register'),
          render: (row) => <AppLink href={links.register(row.registerId)}>{row.serial}</AppLink>,
        },
        {
          key: 'fn',
          title: say('receipt.fn'),
          render: (row) => <span className="kit-num">{row.fnNumber}</span>,
        },
        {
          key: 'fd',
          title: say('receipt.fd'),
          render: (row) => (
            <span className="kit-num">
              {row.fdBefore} → {row.fdNumber ?? '…'}
            </span>
          ),
        },
        { key: 'at', title: say('attempt.began'), render: (row) => <DateTime at={row.createdAt} short /> },
        {
          key: 'took',
          title: say('attempt.took'),
          align: 'right',
          render: (row) =>
            row.resolvedAt === null
              ? '—'
              : formats.duration(Date.parse(row.resolvedAt) - Date.parse(row.createdAt)),
        },
        { key: 'fence', title: say('attempt.fence'), align: 'right', render: (row) => row.fence },
        { key: 'note', title: say('attempt.note'), render: (row) => row.note ?? '—' },
      ]}
    />
  );
}

function Delivery({ view }: { view: ReceiptInspection }): ReactNode {
  const say = useTexts(texts);
  const { message, callback, receipt } = view;
  return (
    <CardGrid min={24}>
      <Card title={say('delivery.ofd')}>
        {message ? (
          <Facts
            rows={[
              [say('delivery.state'), say(`ofd.${message.state}`)],
              [say('doc.bytes'), say('doc.bytesValue', { n: message.containerBytes })],
              [say('delivery.attempts'), String(message.attempts)],
              [say('delivery.cause'), message.causeText ?? message.cause],
              [say('timeline.sent'), <DateTime key="c" at={message.createdAt} />],
              [
                say('timeline.confirmed'),
                message.confirmedAt && <DateTime key="k" at={message.confirmedAt} />,
              ],
            ]}
          />
        ) : (
          <EmptyState title={say('delivery.noOfd')} />
        )}
      </Card>
      <Card title={say('delivery.callback')}>
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
      </Card>
    </CardGrid>
  );
}
