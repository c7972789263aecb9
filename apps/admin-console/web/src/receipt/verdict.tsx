import { Button, Group, Text, Textarea } from '@mantine/core';
import type { ReceiptInspection, VerdictView } from '@kkt/web-contract';
import { api, Card, ConfirmDanger, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { FormDialog } from '../parts/form-dialog';
import { receiptTexts } from './texts';

/** What may be decided by hand about a receipt in doubt: to ask the FN again, or that the FN is gone for good. */
export function Verdict({ view }: { view: ReceiptInspection }): ReactNode {
  const say = useTexts(receiptTexts);
  const { staff } = useMember();
  const { verdict } = view;
  const [dialog, setDialog] = useState<'ask' | 'lost'>();
  const [told, setTold] = useState<'asked' | 'refused'>();
  const intent = view.intents.find(({ id }) => id === verdict?.intentId);
  const mayAct = staff.role === 'engineer' || staff.role === 'lead';
  if (!verdict || !intent || !mayAct) return null;
  return (
    <Card title={say('verdict.title')}>
      <Text mb="xs">{say('verdict.text')}</Text>
      <Notes verdict={verdict} isLead={staff.role === 'lead'} />
      {told && (
        <Text role="status" mb="xs">
          {say(`verdict.${told}`)}
        </Text>
      )}
      <Group>
        <Button disabled={!verdict.mayAsk} onClick={() => setDialog('ask')}>
          {say('verdict.ask')}
        </Button>
        {staff.role === 'lead' && (
          <Button
            color="red"
            variant="light"
            disabled={verdict.lostRefusal !== null}
            onClick={() => setDialog('lost')}
          >
            {say('verdict.lost')}
          </Button>
        )}
      </Group>
      {dialog === 'ask' && (
        <AskDialog registerId={intent.registerId} onClose={() => setDialog(undefined)} onTold={setTold} />
      )}
      {dialog === 'lost' && (
        <ConfirmDanger
          title={say('verdict.lostTitle')}
          word={intent.fnNumber}
          wordLabel={say('verdict.fn')}
          action={say('verdict.lost')}
          onConfirm={({ word, reason }) =>
            api.post(`doubt/${verdict.intentId}/fn-lost`, { fnNumber: word, reason })
          }
          onClose={() => setDialog(undefined)}
        >
          {say('verdict.lostText')}
        </ConfirmDanger>
      )}
    </Card>
  );
}

function Notes({ verdict, isLead }: { verdict: VerdictView; isLead: boolean }): ReactNode {
  const say = useTexts(receiptTexts);
  return (
    <>
      {!verdict.mayAsk && (
        <Text className="kit-soft" mb="xs">
          {say('verdict.offline')}
        </Text>
      )}
      <Text className="kit-soft" mb="xs">
        {verdict.lostRefusal ? say(`verdict.${verdict.lostRefusal}`) : isLead ? null : say('verdict.lead')}
      </Text>
    </>
  );
}

function AskDialog(props: {
  registerId: number;
  onClose(): void;
  onTold(what: 'asked' | 'refused'): void;
}): ReactNode {
  const { registerId, onClose, onTold } = props;
  const say = useTexts(receiptTexts);
  const [reason, setReason] = useState('');
  return (
    <FormDialog
      title={say('verdict.ask')}
      action={say('verdict.ask')}
      isReady={reason.trim().length >= 3}
      onClose={onClose}
      onConfirm={async () => {
        const { refused } = await api.post<{ refused: object[] }>('doubt/reconcile', {
          registerIds: [registerId],
          reason: reason.trim(),
        });
        onTold(refused.length > 0 ? 'refused' : 'asked');
      }}
    >
      <Text>{say('verdict.askText')}</Text>
      <Textarea
        label={say('reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={500}
        data-autofocus
      />
    </FormDialog>
  );
}
