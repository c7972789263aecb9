import { getRouteApi } from '@tanstack/react-router';
import { Button, Tabs } from '@mantine/core';
import type { ClientReceipt } from '@kkt/web-contract';
import {
  AppLink,
  Card,
  CardGrid,
  DateTime,
  DocumentTlvViewer,
  EmptyState,
  Facts,
  Icon,
  IdChip,
  JsonBlock,
  Money,
  PageHead,
  QueryView,
  ReceiptBadge,
  ReceiptTimeline,
  StateBadge,
  TabStrip,
  useFormats,
  useLiveQuery,
  useTexts,
  useUrlState,
  useWords,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../links';
import { ReceiptPaper } from '../parts/receipt-paper';
import { texts } from '../texts';
import { ReceiptActions } from './receipts-parts/receipt-actions';
import { receiptTexts } from './receipts-parts/texts';

const route = getRouteApi('/receipts/$id');

/** C4: one receipt: as the buyer sees it, and everything that happened to it. */
export function ReceiptScreen(): ReactNode {
  const { id } = route.useParams();
  const query = useLiveQuery<ClientReceipt>(`receipt:${id}`, `receipts/${id}`);
  return <QueryView query={query}>{(view) => <Receipt view={view} />}</QueryView>;
}

function Receipt({ view }: { view: ClientReceipt }): ReactNode {
  const say = useTexts(texts);
  const [state, setState] = useUrlState();
  const { receipt, paper, tags } = view;
  return (
    <>
      <PageHead
        title={say('receipt.title', { id: receipt.externalId })}
        crumbs={[{ title: say('nav.receipts'), href: links.receipts() }]}
        badge={<ReceiptBadge state={receipt.state} />}
        actions={
          <>
            <ReceiptActions view={view} />
            {paper && (
              <Button
                variant="default"
                leftSection={<Icon name="print" size={16} />}
                onClick={() => window.print()}
              >
                {say('receipt.print')}
              </Button>
            )}
          </>
        }
        live
      />
      <Steps view={view} />
      <CardGrid min={22}>
        <div>
          <Tabs
            value={state.tab ?? 'paper'}
            onChange={(tab) => setState({ tab: tab === 'paper' ? undefined : (tab ?? undefined) })}
            keepMounted={false}
          >
            <TabStrip chosen={state.tab ?? 'paper'} className="cabinet-noprint">
              <Tabs.Tab value="paper">{say('tab.paper')}</Tabs.Tab>
              <Tabs.Tab value="request">{say('tab.request')}</Tabs.Tab>
              <Tabs.Tab value="answer">{say('tab.answer')}</Tabs.Tab>
              {tags && <Tabs.Tab value="tags">{say('tab.tags')}</Tabs.Tab>}
            </TabStrip>
            <Tabs.Panel value="paper">
              {paper ? (
                <ReceiptPaper paper={paper} qrUrl={`/api/receipts/${receipt.id}/qr.svg`} />
              ) : (
                <Card>
                  <EmptyState title={say(receipt.state === 'failed' ? 'receipt.refused' : 'receipt.noPaper')}>
                    {receipt.state === 'failed' ? receipt.errorText : say('receipt.noPaperHint')}
                  </EmptyState>
                </Card>
              )}
            </Tabs.Panel>
            <Tabs.Panel value="request">
              <Card>
                <p className="kit-soft">{say('request.note')}</p>
                <JsonBlock value={view.content} label={say('tab.request')} />
              </Card>
            </Tabs.Panel>
            <Tabs.Panel value="answer">
              <Card>
                <p className="kit-soft">{say('answer.note')}</p>
                <JsonBlock value={view.answer} label={say('tab.answer')} />
              </Card>
            </Tabs.Panel>
            {tags && (
              <Tabs.Panel value="tags">
                <Card flush>
                  <DocumentTlvViewer tags={tags} />
                </Card>
              </Tabs.Panel>
            )}
          </Tabs>
        </div>
        <div className="cabinet-noprint">
          <FactsCard view={view} />
          <Linked view={view} />
          <Card title={say('receipt.timeline')}>
            <ReceiptTimeline events={view.timeline} />
          </Card>
        </div>
      </CardGrid>
    </>
  );
}

/** The three states that matter to a client, each with its time. */
function Steps({ view }: { view: ClientReceipt }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  const { receipt, callback } = view;
  if (receipt.state === 'failed') return null;
  const step = (name: string, at: string | null): ReactNode =>
    at === null ? (
      <StateBadge key={name} tone="mute" shape="ring">
        {name}: {say('step.waits')}
      </StateBadge>
    ) : (
      <StateBadge key={name} tone="good" shape="circle">
        {name} {formats.time(at)}
      </StateBadge>
    );
  return (
    <p className="cabinet-steps cabinet-noprint">
      {step(say('step.registered'), receipt.state === 'done' ? receipt.finishedAt : null)}
      {step(say('step.ofd'), receipt.confirmedAt)}
      <Tax tax={view.tax} isConfirmed={receipt.confirmedAt !== null} />
      {receipt.callbackUrl !== null &&
        step(say('step.callback'), callback?.state === 'delivered' ? callback.finishedAt : null)}
    </p>
  );
}

/** How far the operator has carried the document to the tax service. */
function Tax({ tax, isConfirmed }: { tax: ClientReceipt['tax']; isConfirmed: boolean }): ReactNode {
  const say = useTexts(receiptTexts);
  const formats = useFormats();
  if (!tax)
    return isConfirmed ? (
      <StateBadge tone="mute" shape="question">
        {say('taxUnknown')}
      </StateBadge>
    ) : null;
  return tax.stage === 'accepted' ? (
    <StateBadge tone="good" shape="circle">
      {say('tax.accepted')} {tax.at !== null && formats.time(tax.at)}
    </StateBadge>
  ) : (
    <StateBadge
      tone={tax.stage === 'sent' ? 'info' : 'mute'}
      shape={tax.stage === 'sent' ? 'diamond' : 'ring'}
    >
      {say(`tax.${tax.stage}`)}
    </StateBadge>
  );
}

/** The receipt it was made from, and those made from it. */
function Linked({ view }: { view: ClientReceipt }): ReactNode {
  const say = useTexts(receiptTexts);
  const formats = useFormats();
  if (view.linked.length === 0) return null;
  return (
    <Card title={say('linked')}>
      <ul className="cabinet-exports">
        {view.linked.map((one) => (
          <li key={one.id}>
            <span>
              <AppLink href={links.receipt(one.id)}>{say(`link.${one.link}`)}</AppLink>{' '}
              {formats.money(one.totalKop)}
            </span>
            <ReceiptBadge state={one.state} />
          </li>
        ))}
      </ul>
      {view.returnedKop > 0 && (
        <p className="kit-soft" style={{ marginBottom: 0 }}>
          {say('returned')}: {formats.money(view.returnedKop)}
        </p>
      )}
    </Card>
  );
}

function FactsCard({ view }: { view: ClientReceipt }): ReactNode {
  const say = useTexts(texts);
  const words = useWords();
  const { receipt, callback, operatorPage, paper } = view;
  const isWaiting = receipt.state !== 'done' && receipt.state !== 'failed';
  return (
    <Card title={say('receipt.facts')}>
      <Facts
        rows={[
          ['uuid', <IdChip key="u" id={receipt.id} />],
          [say('receipt.operation'), words.operation(receipt.operation)],
          [say('receipt.total'), <Money key="t" kop={receipt.totalKop} />],
          [say('receipt.accepted'), <DateTime key="a" at={receipt.acceptedAt} />],
          [say('receipt.wait'), isWaiting ? words.problem(receipt.waitReason) : null],
          [say('receipt.error'), receipt.errorText && `${receipt.errorText} (${receipt.errorCode})`],
          ['', receipt.state === 'failed' ? say('receipt.errorHint') : null],
          [say('receipt.group'), receipt.groupCode],
          [
            say('receipt.register'),
            receipt.registerId && (
              <AppLink key="r" href={links.register(receipt.registerId)}>
                {receipt.serial}
              </AppLink>
            ),
          ],
          [say('receipt.fn'), receipt.fnNumber && <IdChip key="f" id={receipt.fnNumber} />],
          [say('receipt.fd'), receipt.fdNumber && <IdChip key="d" id={String(receipt.fdNumber)} />],
          [say('receipt.fp'), paper && <IdChip key="p" id={String(paper.fiscalSign)} />],
          [
            say('receipt.operator'),
            operatorPage && (
              <a key="o" href={operatorPage.url} target="_blank" rel="noreferrer">
                {operatorPage.name} <Icon name="external" size={14} />
              </a>
            ),
          ],
          [
            say('receipt.callback'),
            receipt.callbackUrl === null
              ? (receipt.callbackNote ?? say('callback.none'))
              : `${say(`callback.${callback?.state ?? 'pending'}`)}${callback?.lastError ? `: ${callback.lastError}` : ''}`,
          ],
        ]}
      />
    </Card>
  );
}
