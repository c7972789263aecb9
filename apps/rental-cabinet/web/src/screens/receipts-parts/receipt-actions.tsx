import { Button, CopyButton, Menu, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ClientReceipt } from '@kkt/web-contract';
import { api, fieldError, FormError, Icon, SimpleForm, useRouting, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../../app';
import { links } from '../../links';
import { Dialog } from '../../parts/dialog';
import { CorrectionDialog } from './correction-dialog';
import { RefundDialog } from './refund-dialog';
import { receiptTexts } from './texts';

/** Everything a person does with one receipt; what he may not do is not shown. */
export function ReceiptActions({ view }: { view: ClientReceipt }): ReactNode {
  const say = useTexts(receiptTexts);
  const { person } = useMember();
  const { go } = useRouting();
  const [open, setOpen] = useState<'refund' | 'correct' | 'resend'>();
  const { receipt, shareUrl, callback } = view;
  const mayMake = person.rights.includes('receipts:make');
  const replay = useMutation({ mutationFn: () => api.post(`receipts/${receipt.id}/callback/replay`, {}) });
  const isDone = receipt.state === 'done';
  const isRefundable =
    isDone &&
    (receipt.operation === 'sell' || receipt.operation === 'buy') &&
    view.returnedKop < receipt.totalKop;
  const close = (): void => setOpen(undefined);
  return (
    <>
      {mayMake && isRefundable && <Button onClick={() => setOpen('refund')}>{say('refund')}</Button>}
      {isDone && view.paper && (
        <Button component="a" variant="default" href={`/api/receipts/${receipt.id}/receipt.pdf`} download>
          {say('pdf')}
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<Icon name="chevron" size={14} />}>
            {say('moreActions')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {mayMake && isDone && <Menu.Item onClick={() => setOpen('correct')}>{say('correct')}</Menu.Item>}
          {mayMake && isDone && <Menu.Item onClick={() => setOpen('resend')}>{say('resend')}</Menu.Item>}
          {person.rights.includes('integration:read') && callback && (
            <Menu.Item onClick={() => replay.mutate()}>{say('replay')}</Menu.Item>
          )}
          {shareUrl !== null && (
            <CopyButton value={shareUrl}>
              {({ copy }) => <Menu.Item onClick={copy}>{say('share')}</Menu.Item>}
            </CopyButton>
          )}
          <Menu.Item
            onClick={() => go(links.support({ kind: 'receipt', id: receipt.id, name: receipt.externalId }))}
          >
            {say('support')}
          </Menu.Item>
          <Menu.Item component="a" href={`/api/receipts/${receipt.id}/receipt.json`} download>
            {say('json')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {replay.isSuccess && <Text role="status">{say('replayed')}</Text>}
      <FormError error={replay.error} />
      {open === 'refund' && <RefundDialog view={view} onClose={close} />}
      {open === 'correct' && <CorrectionDialog view={view} onClose={close} />}
      {open === 'resend' && <Resend id={receipt.id} onClose={close} />}
    </>
  );
}

function Resend({ id, onClose }: { id: string; onClose(): void }): ReactNode {
  const say = useTexts(receiptTexts);
  const [contact, setContact] = useState('');
  const send = useMutation({
    mutationFn: () =>
      api.post(`receipts/${id}/resend`, contact.trim() === '' ? {} : { contact: contact.trim() }),
  });
  return (
    <Dialog title={say('resendTitle')} onClose={onClose}>
      {send.isSuccess ? (
        <Text role="status">{say('sent')}</Text>
      ) : (
        <SimpleForm
          onSubmit={() => send.mutate()}
          error={send.error}
          isPending={send.isPending}
          isReady
          submit={say('send')}
        >
          <Text size="sm">{say('resendNote')}</Text>
          <TextInput
            label={say('resendTo')}
            description={say('resendHint')}
            value={contact}
            onChange={(event) => setContact(event.currentTarget.value)}
            error={fieldError(send.error, 'contact')}
          />
        </SimpleForm>
      )}
    </Dialog>
  );
}
