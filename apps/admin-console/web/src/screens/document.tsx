import { getRouteApi } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import type { DocumentView } from '@kkt/web-contract';
import {
  api,
  AppLink,
  Card,
  CardGrid,
  DateTime,
  DocumentTlvViewer,
  Facts,
  IdChip,
  LocalTime,
  Money,
  PageHead,
  QueryView,
  useFormName,
  useTexts,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../links';
import { texts } from '../texts';

const route = getRouteApi('/documents/$fn/$fd');

/** One fiscal document with every requisite. */
export function DocumentScreen(): ReactNode {
  const { fn, fd } = route.useParams();
  const query = useQuery({
    queryKey: ['document', fn, fd],
    queryFn: ({ signal }) => api.get<DocumentView>(`documents/${fn}/${fd}`, signal),
  });
  return <QueryView query={query}>{(document) => <Document document={document} />}</QueryView>;
}

function Document({ document }: { document: DocumentView }): ReactNode {
  const say = useTexts(texts);
  const formName = useFormName();
  return (
    <>
      <PageHead
        title={say('doc.title', { form: formName(document.form), fd: String(document.fdNumber) })}
        crumbs={[
          { title: say('nav.documents'), href: links.documents() },
          {
            title: `${say('doc.fn')} ${document.fnNumber}`,
            href: links.documents({ fn: document.fnNumber }),
          },
        ]}
      />
      <CardGrid min={26}>
        <Card>
          <Facts
            rows={[
              [
                say('doc.register'),
                <AppLink key="r" href={links.register(document.registerId)}>
                  {document.serial}
                </AppLink>,
              ],
              [say('doc.fn'), <IdChip key="f" id={document.fnNumber} />],
              [say('register.rnm'), document.rnm && <IdChip key="n" id={document.rnm} />],
              [say('doc.fp'), <IdChip key="p" id={String(document.fiscalSign)} />],
              [say('doc.at'), <LocalTime key="a" at={document.at} />],
              [
                say('doc.total'),
                document.totalKop === null ? null : <Money key="t" kop={document.totalKop} />,
              ],
              [
                say('doc.shift'),
                document.shiftNumber === null
                  ? null
                  : `${document.shiftNumber} / ${document.receiptNumber ?? '—'}`,
              ],
              [say('doc.recorded'), <DateTime key="d" at={document.recordedAt} />],
              [
                say('doc.ofd'),
                document.confirmedAt === null ? (
                  say('doc.unsent')
                ) : (
                  <DateTime key="c" at={document.confirmedAt} />
                ),
              ],
              [
                say('doc.receipt'),
                document.receiptId && (
                  <AppLink key="x" href={links.receipt(document.receiptId)}>
                    {document.receiptId}
                  </AppLink>
                ),
              ],
              [say('doc.bytes'), say('doc.bytesValue', { n: document.tlvBytes })],
            ]}
          />
        </Card>
      </CardGrid>
      <Card flush>
        <DocumentTlvViewer tags={document.tags} />
      </Card>
    </>
  );
}
