import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button } from '@mantine/core';
import type { DocumentView } from '@kkt/web-contract';
import { api, Card, DocumentTlvViewer, PageHead, QueryView, useFormName, useTexts } from '@kkt/web-kit';
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
          { title: say('nav.registers'), href: links.registers() },
          { title: document.serial, href: links.register(document.registerId) },
        ]}
        actions={
          document.tlvBytes > 0 && (
            <Button
              component="a"
              variant="default"
              href={`/api/documents/${document.fnNumber}/${document.fdNumber}/document.pdf`}
              download
            >
              PDF
            </Button>
          )
        }
      />
      <Card flush>
        <DocumentTlvViewer tags={document.tags} />
      </Card>
    </>
  );
}
