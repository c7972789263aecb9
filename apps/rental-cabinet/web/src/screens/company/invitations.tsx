import { Button, NativeSelect, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { CompanyRoleWord, InvitationView } from '@kkt/web-contract';
import {
  api,
  Card,
  DataTable,
  DateTime,
  EmptyState,
  fieldError,
  FormError,
  type ShapeName,
  SimpleForm,
  StateBadge,
  type Tone,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../parts/dialog';
import { useCompanyChanged } from './changed';
import { nodeChoices, type PlacedNode } from './nodes';
import { companyTexts } from './texts';

const looks: Record<InvitationView['state'], { tone: Tone; shape: ShapeName }> = {
  open: { tone: 'info', shape: 'ring' },
  accepted: { tone: 'good', shape: 'circle' },
  revoked: { tone: 'mute', shape: 'cross' },
  expired: { tone: 'mute', shape: 'ring' },
};

/** What was sent to whom, and what became of it. */
export function Invitations(props: {
  invitations: readonly InvitationView[];
  nodes: readonly PlacedNode[];
}): ReactNode {
  const { invitations, nodes } = props;
  const say = useTexts(companyTexts);
  const formats = useFormats();
  const changed = useCompanyChanged();
  const revoke = useMutation({
    mutationFn: (id: string) => api.remove(`company/invitations/${id}`),
    onSettled: changed,
  });
  const stateText = ({ state, expiresAt }: InvitationView): string =>
    state === 'open' ? say('until', { time: formats.date(expiresAt) }) : say(state);
  return (
    <Card title={say('invitations')} flush>
      <DataTable
        caption={say('invitations')}
        rows={invitations}
        rowKey={({ id }) => id}
        empty={<EmptyState title={say('invitationsNone')}>{say('invitationsHint')}</EmptyState>}
        columns={[
          { key: 'email', title: say('email'), render: (row) => row.email },
          { key: 'role', title: say('role'), render: (row) => say(`role.${row.role}`) },
          {
            key: 'where',
            title: say('where'),
            render: (row) => nodes.find(({ id }) => id === row.nodeId)?.name ?? '—',
          },
          { key: 'sent', title: say('sent'), render: (row) => <DateTime at={row.createdAt} short /> },
          {
            key: 'state',
            title: say('state'),
            render: (row) => <StateBadge {...looks[row.state]}>{stateText(row)}</StateBadge>,
          },
          {
            key: 'revoke',
            title: '',
            align: 'right',
            render: (row) =>
              row.state === 'open' && (
                <Button
                  size="compact-sm"
                  variant="default"
                  loading={revoke.isPending && revoke.variables === row.id}
                  onClick={() => revoke.mutate(row.id)}
                >
                  {say('revoke')}
                </Button>
              ),
          },
        ]}
      />
      <FormError error={revoke.error} />
    </Card>
  );
}

/** Asks whom to invite, as what and where. */
export function Invite(props: {
  nodes: readonly PlacedNode[];
  roles: readonly CompanyRoleWord[];
  onClose(): void;
}): ReactNode {
  const { nodes, roles, onClose } = props;
  const say = useTexts(companyTexts);
  const changed = useCompanyChanged();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<CompanyRoleWord>(roles.find((one) => one !== 'owner') ?? 'viewer');
  const [nodeId, setNodeId] = useState(nodes[0]?.id ?? '');
  const send = useMutation({
    mutationFn: () => api.post('company/invitations', { email: email.trim(), role, nodeId }),
    onSuccess: async () => {
      await changed();
      onClose();
    },
  });
  return (
    <Dialog title={say('inviteTitle')} onClose={onClose}>
      <SimpleForm
        onSubmit={() => send.mutate()}
        error={send.error}
        isPending={send.isPending}
        isReady={email.trim().length >= 5 && nodeId !== ''}
        submit={say('send')}
      >
        <Text className="kit-soft" size="sm">
          {say('inviteNote')}
        </Text>
        <TextInput
          label={say('email')}
          type="email"
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={fieldError(send.error, 'email')}
          data-autofocus
        />
        <NativeSelect
          label={say('role')}
          description={say(`about.${role}`)}
          value={role}
          data={roles.map((value) => ({ value, label: say(`role.${value}`) }))}
          onChange={(event) => setRole(event.currentTarget.value as CompanyRoleWord)}
          error={fieldError(send.error, 'role')}
        />
        <NativeSelect
          label={say('where')}
          value={nodeId}
          data={nodeChoices(nodes)}
          onChange={(event) => setNodeId(event.currentTarget.value)}
          error={fieldError(send.error, 'nodeId')}
        />
      </SimpleForm>
    </Dialog>
  );
}
