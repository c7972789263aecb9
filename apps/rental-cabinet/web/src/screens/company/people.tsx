import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { CompanyPersonView, CompanyRoleWord } from '@kkt/web-contract';
import {
  api,
  Card,
  DataTable,
  DateTime,
  EmptyState,
  fieldError,
  SimpleForm,
  StateBadge,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../../app';
import { Dialog } from '../../parts/dialog';
import { useCompanyChanged } from './changed';
import { nodeChoices, type PlacedNode } from './nodes';
import { companyTexts } from './texts';

interface PeopleProps {
  people: readonly CompanyPersonView[];
  nodes: readonly PlacedNode[];
  /** Roles that the reader may give. */
  roles: readonly CompanyRoleWord[];
}

/** Who works in the company, with what rights where. */
export function People({ people, nodes, roles }: PeopleProps): ReactNode {
  const say = useTexts(companyTexts);
  const { person: own } = useMember();
  const [open, setOpen] = useState<{ action: 'limit' | 'shutOut'; person: CompanyPersonView }>();
  const close = () => setOpen(undefined);
  return (
    <Card title={say('people')} flush>
      <DataTable
        caption={say('people')}
        rows={people}
        rowKey={({ id }) => id}
        empty={<EmptyState title={say('peopleNone')} />}
        columns={[
          {
            key: 'person',
            title: say('person'),
            render: (row) => (
              <span className="cabinet-person">
                <span>
                  <strong>{row.name || row.login}</strong>
                  {row.login === own.login && <span className="kit-soft"> ({say('you')})</span>}
                </span>
                {row.name !== '' && row.name !== row.login && <span className="kit-soft">{row.login}</span>}
                {row.disabled && (
                  <StateBadge tone="mute" shape="cross">
                    {say('disabled')}
                  </StateBadge>
                )}
              </span>
            ),
          },
          { key: 'roles', title: say('roles'), render: (row) => <Rights person={row} nodes={nodes} /> },
          {
            key: 'last',
            title: say('lastLogin'),
            render: (row) =>
              row.lastLoginAt === null ? (
                <span className="kit-soft">{say('never')}</span>
              ) : (
                <DateTime at={row.lastLoginAt} short />
              ),
          },
          {
            key: 'actions',
            title: '',
            align: 'right',
            render: (row) => (
              <Group gap="xs" justify="flex-end">
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => setOpen({ action: 'limit', person: row })}
                >
                  {say('limit')}
                </Button>
                {row.login !== own.login && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => setOpen({ action: 'shutOut', person: row })}
                  >
                    {say('shutOut')}
                  </Button>
                )}
              </Group>
            ),
          },
        ]}
      />
      {open?.action === 'limit' && <Limit person={open.person} nodes={nodes} roles={roles} onClose={close} />}
      {open?.action === 'shutOut' && <ShutOut person={open.person} onClose={close} />}
    </Card>
  );
}

function Rights({ person, nodes }: { person: CompanyPersonView; nodes: readonly PlacedNode[] }): ReactNode {
  const say = useTexts(companyTexts);
  const { role, grants } = person;
  if (role === 'member' && grants.length === 0) return <span className="kit-soft">{say('noRights')}</span>;
  const nameOf = (nodeId: string) => nodes.find(({ id }) => id === nodeId)?.name ?? '—';
  return (
    <span className="cabinet-person">
      {role !== 'member' && (
        <span>
          {say(`role.${role}`)}, {say('whole')}
        </span>
      )}
      {grants.map((grant) => (
        <span key={grant.nodeId}>
          {say(`role.${grant.role}`)}, {nameOf(grant.nodeId)}
        </span>
      ))}
    </span>
  );
}

function Limit(props: {
  person: CompanyPersonView;
  nodes: readonly PlacedNode[];
  roles: readonly CompanyRoleWord[];
  onClose(): void;
}): ReactNode {
  const { person, nodes, roles, onClose } = props;
  const say = useTexts(companyTexts);
  const [role, setRole] = useState(person.role);
  const [grants, setGrants] = useState(person.grants);
  const changed = useCompanyChanged();
  const save = useMutation({
    mutationFn: () => api.put(`company/people/${person.id}`, { role, grants }),
    onSuccess: async () => {
      await changed();
      onClose();
    },
  });
  const parts = nodes.filter(({ kind }) => kind !== 'company');
  const free = parts.filter(({ id }) => grants.every(({ nodeId }) => nodeId !== id));
  const roleData = roles.map((value) => ({ value, label: say(`role.${value}`) }));
  const change = (index: number, part: Partial<(typeof grants)[number]>) =>
    setGrants((before) => before.map((grant, at) => (at === index ? { ...grant, ...part } : grant)));
  return (
    <Dialog title={say('limitTitle', { name: person.name || person.login })} onClose={onClose}>
      <SimpleForm
        onSubmit={() => save.mutate()}
        error={save.error}
        isPending={save.isPending}
        isReady
        submit={say('save')}
      >
        <Text className="kit-soft" size="sm">
          {say('limitNote')}
        </Text>
        <NativeSelect
          label={say('wholeRole')}
          description={role === 'member' ? undefined : say(`about.${role}`)}
          value={role}
          data={[{ value: 'member', label: say('onlyParts') }, ...roleData]}
          onChange={(event) => setRole(event.currentTarget.value as typeof role)}
          error={fieldError(save.error, 'role') ?? fieldError(save.error, 'personId')}
          data-autofocus
        />
        {grants.map((grant, index) => (
          <Group key={grant.nodeId} align="flex-end" gap="xs" wrap="nowrap">
            <NativeSelect
              label={say('part')}
              flex={1}
              miw={0}
              value={grant.nodeId}
              data={nodeChoices(parts.filter((one) => one.id === grant.nodeId || free.includes(one)))}
              onChange={(event) => change(index, { nodeId: event.currentTarget.value })}
            />
            <NativeSelect
              label={say('role')}
              value={grant.role}
              data={roleData.filter(({ value }) => value !== 'owner' || grant.role === 'owner')}
              onChange={(event) => change(index, { role: event.currentTarget.value as CompanyRoleWord })}
            />
            <Button
              variant="default"
              px="xs"
              aria-label={say('dropPart')}
              title={say('dropPart')}
              onClick={() => setGrants((before) => before.filter((_, at) => at !== index))}
            >
              ×
            </Button>
          </Group>
        ))}
        {free[0] && (
          <Button
            variant="default"
            onClick={() =>
              setGrants((before) => [
                ...before,
                { nodeId: free[0]?.id ?? '', role: roles.at(-1) ?? 'viewer' },
              ])
            }
          >
            {say('addPart')}
          </Button>
        )}
      </SimpleForm>
    </Dialog>
  );
}

function ShutOut({ person, onClose }: { person: CompanyPersonView; onClose(): void }): ReactNode {
  const say = useTexts(companyTexts);
  const changed = useCompanyChanged();
  const shutOut = useMutation({
    mutationFn: () => api.remove(`company/people/${person.id}`),
    onSuccess: async () => {
      await changed();
      onClose();
    },
  });
  const refusal = fieldError(shutOut.error, 'role');
  return (
    <Dialog title={say('shutOutTitle', { name: person.name || person.login })} onClose={onClose}>
      <SimpleForm
        onSubmit={() => shutOut.mutate()}
        error={shutOut.error}
        isPending={shutOut.isPending}
        isReady
        submit={say('shutOut')}
        isDanger
      >
        <Stack>
          <Text>{say('shutOutNote')}</Text>
          {refusal && (
            <Text c="var(--kit-bad)" role="alert">
              {refusal}
            </Text>
          )}
        </Stack>
      </SimpleForm>
    </Dialog>
  );
}
