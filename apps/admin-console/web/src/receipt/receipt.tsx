import { getRouteApi } from '@tanstack/react-router';
import type { ReceiptInspection } from '@kkt/web-contract';
import {
  AppLink,
  Card,
  CardGrid,
  DateTime,
  Facts,
  IdChip,
  JsonBlock,
  Money,
  PageHead,
  QueryView,
  ReceiptBadge,
  ReceiptTimeline,
  Shape,
  useFormats,
  useLiveQuery,
  useTexts,
  useWords,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../links';
import { AuditTable } from '../parts/audit-table';
import { texts } from '../texts';
import { Attempts } from './attempts';
import { Delivery } from './delivery';
import { FnDocument, Proof } from './proof';
import { receiptTexts } from './texts';
import { Verdict } from './verdict';

const route = getRouteApi('/receipts/$id');

/** E6: everything about one receipt. There is no "retry": only the FN's proof may allow one, and the driver asks for it itself. */
export function ReceiptScreen(): ReactNode {
  const { id } = route.useParams();
  const query = useLiveQuery<ReceiptInspection>(`receipt:${id}`, `receipts/${id}`);
  return <QueryView query={query}>{(view) => <Inspector view={view} />}</QueryView>;
}

function Inspector({ view }: { view: ReceiptInspection }): ReactNode {
  const say = useTexts(texts);
  const own = useTexts(receiptTexts);
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
      <Verdict view={view} />
      <CardGrid min={36}>
        <FactsCard view={view} />
        <Card title={say('receipt.timeline')}>
          <ReceiptTimeline events={view.timeline} />
        </Card>
        <Queue view={view} />
        <Proof view={view} />
      </CardGrid>
      <Card flush title={say('tab.attempts')}>
        <Attempts intents={view.intents} />
      </Card>
      <Delivery view={view} />
      <FnDocument view={view} />
      <CardGrid min={26}>
        <Card title={own('part.request')} side={say('receipt.masked')}>
          <JsonBlock value={view.content} label={own('part.request')} />
        </Card>
        <Card title={say('tab.answer')}>
          <JsonBlock value={view.answer} label={say('tab.answer')} />
        </Card>
      </CardGrid>
      {view.changes.length > 0 && (
        <Card flush title={own('part.changes')}>
          <AuditTable rows={view.changes} withObject={false} />
        </Card>
      )}
    </>
  );
}

function FactsCard({ view }: { view: ReceiptInspection }): ReactNode {
  const say = useTexts(texts);
  const words = useWords();
  const formats = useFormats();
  const { receipt } = view;
  return (
    <Card>
      <Facts
        rows={[
          ['uuid', <IdChip key="i" id={receipt.id} />],
          [say('receipt.externalId'), <IdChip key="e" id={receipt.externalId} />],
          [say('receipt.operation'), words.operation(receipt.operation)],
          [say('receipt.total'), <Money key="t" kop={receipt.totalKop} />],
          [
            say('receipt.client'),
            <AppLink key="c" href={links.receipts({ group: receipt.groupCode })}>
              {receipt.clientName}
            </AppLink>,
          ],
          ['API', receipt.api],
          [
            say('receipt.took'),
            receipt.finishedAt &&
              formats.duration(Date.parse(receipt.finishedAt) - Date.parse(receipt.acceptedAt)),
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
        ]}
      />
    </Card>
  );
}

/** What was checked at the door, and how long a register was waited for. */
function Queue({ view }: { view: ReceiptInspection }): ReactNode {
  const say = useTexts(texts);
  const own = useTexts(receiptTexts);
  const words = useWords();
  const formats = useFormats();
  const { receipt, intents } = view;
  const isWaiting = receipt.state === 'queued' || receipt.state === 'working' || receipt.state === 'in_doubt';
  const isRefusedAtOnce = receipt.state === 'failed' && receipt.startedAt === null && intents.length === 0;
  return (
    <Card title={own('part.queue')}>
      <Facts
        rows={[
          [
            own('check.title'),
            isRefusedAtOnce ? own('check.refused', { text: receipt.errorText ?? '' }) : own('check.passed'),
          ],
          [say('receipt.accepted'), <DateTime key="a" at={receipt.acceptedAt} />],
          [
            own('queue.waited'),
            receipt.startedAt &&
              formats.duration(Date.parse(receipt.startedAt) - Date.parse(receipt.acceptedAt)),
          ],
          [own('queue.order'), receipt.startedAt && <DateTime key="s" at={receipt.startedAt} />],
          [own('queue.priority'), String(receipt.priority)],
          [say('receipt.wait'), isWaiting ? words.problem(receipt.waitReason) : null],
          [
            say('receipt.deadline'),
            receipt.state === 'queued' ? <DateTime key="d" at={receipt.deadlineAt} /> : null,
          ],
          [say('receipt.attempts'), String(receipt.attempts)],
          [say('receipt.hash'), <IdChip key="h" id={receipt.bodyHash} />],
        ]}
      />
    </Card>
  );
}
