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
  const [isAsked, setAsked] = useState(false);
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
        <Button size="compact-md" disabled={!verdict.mayAsk} onClick={() => setAsked(true)}>
          {say('verdict.ask')}
        </Button>
        <LostFn
          intentId={verdict.intentId}
          fnNumber={intent.fnNumber}
          isPossible={verdict.lostRefusal === null}
        />
      </Group>
      {isAsked && (
        <AskDialog registerId={intent.registerId} onClose={() => setAsked(false)} onTold={setTold} />
      )}
    </Card>
  );
}

/** A senior engineer's word that the FN of an undecided attempt is gone for good. The server says no while it may be asked. */
export function LostFn(props: { intentId: string; fnNumber: string; isPossible: boolean }): ReactNode {
  const { intentId, fnNumber, isPossible } = props;
  const say = useTexts(receiptTexts);
  const { staff } = useMember();
  const [isAsked, setAsked] = useState(false);
  if (staff.role !== 'lead') return null;
  return (
    <>
      <Button
        size="compact-md"
        color="red"
        variant="light"
        disabled={!isPossible}
        onClick={() => setAsked(true)}
      >
        {say('verdict.lost')}
      </Button>
      {isAsked && (
        <ConfirmDanger
          title={say('verdict.lostTitle')}
          word={fnNumber}
          wordLabel={say('verdict.fn')}
          action={say('verdict.lost')}
          onConfirm={({ word, reason }) => api.post(`doubt/${intentId}/fn-lost`, { fnNumber: word, reason })}
          onClose={() => setAsked(false)}
        >
          {say('verdict.lostText')}
        </ConfirmDanger>
      )}
    </>
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
