import { Button, FileButton, Group, Text, Textarea } from '@mantine/core';
import type { ExternalDocumentView, ExternalRegisterView } from '@kkt/web-contract';
import {
  Card,
  DataTable,
  EmptyState,
  fieldError,
  LocalTime,
  Money,
  SimpleForm,
  useFormName,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../parts/dialog';
import { texts } from '../../texts';
import { externalTexts } from './texts';
import { useExternalChanges } from './use-external';

const shownProblems = 8;

/** Documents as the owner told of them. */
export function ExternalDocuments(props: {
  register: ExternalRegisterView;
  documents: readonly ExternalDocumentView[];
  more: { load(): void; isLoading: boolean } | undefined;
}): ReactNode {
  const { register, documents, more } = props;
  const say = useTexts(externalTexts);
  const own = useTexts(texts);
  const formName = useFormName();
  const { removeDocument } = useExternalChanges(register.id);
  const [isImporting, setImporting] = useState(false);
  const add = register.mayChange && (
    <Button variant="default" size="compact-sm" onClick={() => setImporting(true)}>
      {say('addDocuments')}
    </Button>
  );
  return (
    <Card title={say('documents')} side={documents.length > 0 && add} flush>
      <DataTable
        caption={say('documents')}
        rows={documents}
        rowKey={(row) => `${row.fnNumber}/${row.fdNumber}`}
        more={more}
        empty={
          <EmptyState title={say('documentsNone')} action={add}>
            {say('documentsHint')}
          </EmptyState>
        }
        columns={[
          { key: 'fd', title: own('doc.fd'), render: (row) => row.fdNumber },
          {
            key: 'form',
            title: own('doc.form'),
            render: (row) =>
              row.sign === null
                ? formName(row.form)
                : `${formName(row.form)}, ${own.maybe(`sign.${row.sign}`, '').toLowerCase()}`,
          },
          { key: 'at', title: own('doc.at'), render: (row) => <LocalTime at={row.at} /> },
          {
            key: 'total',
            title: own('doc.total'),
            align: 'right',
            render: (row) => (row.totalKop === null ? '—' : <Money kop={row.totalKop} />),
          },
          {
            key: 'fp',
            title: own('doc.fp'),
            render: (row) => <span className="kit-num">{row.fiscalSign}</span>,
          },
          { key: 'by', title: say('col.by'), render: (row) => row.addedBy },
          ...(register.mayChange
            ? [
                {
                  key: 'remove',
                  title: '',
                  render: ({ fnNumber: fn, fdNumber: fd }: ExternalDocumentView) => (
                    <Button
                      variant="subtle"
                      size="compact-xs"
                      aria-label={say('removeDocument', { fd })}
                      onClick={() => removeDocument.mutate({ fn, fd })}
                    >
                      ✕
                    </Button>
                  ),
                },
              ]
            : []),
        ]}
      />
      {isImporting && <Import register={register} onClose={() => setImporting(false)} />}
    </Card>
  );
}

function Import({ register, onClose }: { register: ExternalRegisterView; onClose(): void }): ReactNode {
  const say = useTexts(externalTexts);
  const { addDocuments } = useExternalChanges(register.id);
  const [text, setText] = useState('');
  const { data } = addDocuments;
  return (
    <Dialog title={say('importTitle', { name: register.name })} onClose={onClose}>
      <SimpleForm
        onSubmit={() => addDocuments.mutate(text)}
        error={addDocuments.error}
        isPending={addDocuments.isPending}
        isReady={text.trim() !== ''}
        submit={say('importDo')}
      >
        <Textarea
          label={say('importText')}
          description={say('importNote')}
          autosize
          minRows={5}
          maxRows={12}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={fieldError(addDocuments.error, 'text')}
          data-autofocus
        />
        <Group>
          <FileButton
            accept=".csv,.txt,text/csv,text/plain"
            onChange={(file) => void readFile(file, setText)}
          >
            {(own) => (
              <Button variant="default" size="compact-sm" {...own}>
                {say('importFile')}
              </Button>
            )}
          </FileButton>
        </Group>
        {data && (
          <div role="status">
            <Text>{say('importDone', { added: data.added, changed: data.changed })}</Text>
            {data.problems.slice(0, shownProblems).map(({ line, text: why }) => (
              <Text key={line} size="sm" c="var(--kit-bad)">
                {say('importLine', { line, text: why })}
              </Text>
            ))}
            {data.problems.length > shownProblems && (
              <Text size="sm">{say('importMore', { n: data.problems.length - shownProblems })}</Text>
            )}
          </div>
        )}
      </SimpleForm>
    </Dialog>
  );
}

/** Programs of Russian accountants still write windows-1251: what is no UTF-8 is read so. */
async function readFile(file: File | null, take: (text: string) => void): Promise<void> {
  if (!file) return;
  const bytes = await file.arrayBuffer();
  try {
    take(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    take(new TextDecoder('windows-1251').decode(bytes));
  }
}
