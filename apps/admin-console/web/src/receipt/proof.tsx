import { Tabs } from '@mantine/core';
import type { ReceiptInspection } from '@kkt/web-contract';
import {
  AppLink,
  Card,
  CodeBlock,
  DateTime,
  DocumentTlvViewer,
  EmptyState,
  Facts,
  IdChip,
  useFormName,
  useTexts,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../links';
import { texts } from '../texts';
import { receiptTexts } from './texts';

/** How the farm knows the document, and where it stands: FN, number, sign, shift. */
export function Proof({ view }: { view: ReceiptInspection }): ReactNode {
  const say = useTexts(texts);
  const own = useTexts(receiptTexts);
  const { document, proof } = view;
  if (!document || !proof)
    return (
      <Card title={own('proof.title')}>
        <EmptyState title={own('proof.none')}>{own('proof.noneHint')}</EmptyState>
      </Card>
    );
  const { fnNumber, fdNumber, shiftNumber, receiptNumber } = document;
  return (
    <Card title={own('proof.title')}>
      <Facts
        rows={[
          [own('proof.kind'), own(`proof.${proof.kind}`)],
          [say('receipt.fn'), <IdChip key="fn" id={fnNumber} />],
          [
            say('receipt.fd'),
            <AppLink key="fd" href={links.document(fnNumber, fdNumber)}>
              {fdNumber}
            </AppLink>,
          ],
          [say('doc.fp'), <IdChip key="fp" id={String(document.fiscalSign)} />],
          [
            own('proof.shift'),
            shiftNumber === null ? null : (
              <AppLink key="s" href={links.documents({ fn: fnNumber, shift: String(shiftNumber) })}>
                {own('proof.shiftLink', { shift: String(shiftNumber), number: String(receiptNumber ?? '—') })}
              </AppLink>
            ),
          ],
          [say('register.rnm'), document.rnm && <IdChip key="rnm" id={document.rnm} />],
          [own('proof.recorded'), <DateTime key="rec" at={proof.recordedAt} />],
          [own('proof.textAt'), proof.textAt && <DateTime key="text" at={proof.textAt} />],
          [own('tax.qr'), proof.qr && <IdChip key="qr" id={proof.qr} />],
        ]}
      />
    </Card>
  );
}

/** Sixteen bytes to a line, each line with its place. */
function dump(hex: string): string {
  const lines = hex.match(/.{1,32}/g) ?? [];
  return lines
    .map(
      (line, index) => `${(index * 16).toString(16).padStart(4, '0')}  ${line.replace(/../g, '$& ').trim()}`,
    )
    .join('\n');
}

/** The document as the FN keeps it: its requisites in words, and its bytes. */
export function FnDocument({ view }: { view: ReceiptInspection }): ReactNode {
  const say = useTexts(texts);
  const own = useTexts(receiptTexts);
  const formName = useFormName();
  const { document, proof } = view;
  if (!document || !proof)
    return (
      <Card title={say('tab.document')}>
        <EmptyState title={say('receipt.noDocument')}>{say('receipt.noDocumentHint')}</EmptyState>
      </Card>
    );
  const title = say('doc.title', { form: formName(document.form), fd: String(document.fdNumber) });
  if (proof.rawHex === '')
    return (
      <Card title={title}>
        <EmptyState title={own('doc.owed')}>{own('doc.owedHint')}</EmptyState>
      </Card>
    );
  return (
    <Card title={title} flush side={say('receipt.masked')}>
      <Tabs defaultValue="decoded" keepMounted={false}>
        <Tabs.List px="md">
          <Tabs.Tab value="decoded">{own('doc.decoded')}</Tabs.Tab>
          <Tabs.Tab value="raw">{own('doc.raw')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="decoded">
          <DocumentTlvViewer tags={document.tags} />
        </Tabs.Panel>
        <Tabs.Panel value="raw" p="md">
          <p className="kit-soft">{own('doc.rawHint')}</p>
          <CodeBlock text={dump(proof.rawHex)} label={own('doc.raw')} />
        </Tabs.Panel>
      </Tabs>
    </Card>
  );
}
