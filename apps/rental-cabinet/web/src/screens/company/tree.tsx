import { ActionIcon, Button, Menu, NativeSelect, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api, Card, fieldError, Icon, SimpleForm, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../parts/dialog';
import { useCompanyChanged } from './changed';
import { addable, type AddableKind, fitsBelow, nodeChoices, type PlacedNode, withBelow } from './nodes';
import { companyTexts } from './texts';

type Action = 'add' | 'rename' | 'move' | 'remove';

/** The company's tree; what can be done with a node is in its menu. */
export function Tree({ nodes, mayChange }: { nodes: readonly PlacedNode[]; mayChange: boolean }): ReactNode {
  const say = useTexts(companyTexts);
  const [open, setOpen] = useState<{ action: Action; node: PlacedNode }>();
  const root = nodes[0];
  const close = () => setOpen(undefined);
  return (
    <Card title={say('tree')} side={say('treeNote')}>
      <ul className="cabinet-tree">
        {nodes.map((node) => (
          <li
            key={node.id}
            style={{ paddingInlineStart: `min(${node.depth * 1.5}rem, ${node.depth * 5}vw)` }}
          >
            <span className="cabinet-tree-name">
              <strong>{node.name}</strong> <span className="kit-soft">{say(`kind.${node.kind}`)}</span>
              {(node.site ?? node.address) && (
                <span className="kit-soft cabinet-tree-note">
                  {[node.site, node.address].filter(Boolean).join(' · ')}
                </span>
              )}
            </span>
            {mayChange && <NodeMenu node={node} onPick={(action) => setOpen({ action, node })} />}
          </li>
        ))}
      </ul>
      {mayChange &&
        root?.kind === 'company' &&
        nodes.every(({ kind }) => kind === 'company' || kind === 'group') && (
          <div className="kit-empty">
            <div>{say('addFirst')}</div>
            <Button variant="default" onClick={() => setOpen({ action: 'add', node: root })}>
              {say('add')}
            </Button>
          </div>
        )}
      {open?.action === 'add' && <Add parent={open.node} onClose={close} />}
      {open?.action === 'rename' && <Rename node={open.node} onClose={close} />}
      {open?.action === 'move' && <Move node={open.node} nodes={nodes} onClose={close} />}
      {open?.action === 'remove' && <Remove node={open.node} onClose={close} />}
    </Card>
  );
}

/** What the server would allow with a node of this kind. */
function actionsOf({ kind, children }: PlacedNode): Action[] {
  const can: Action[] = [];
  if (addable.some((one) => fitsBelow(one, kind))) can.push('add');
  can.push('rename');
  if (kind !== 'company') can.push('move');
  if (kind !== 'company' && kind !== 'group' && children === 0) can.push('remove');
  return can;
}

function NodeMenu({ node, onPick }: { node: PlacedNode; onPick(action: Action): void }): ReactNode {
  const say = useTexts(companyTexts);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={say('actions', { name: node.name })}>
          <Icon name="menu" size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actionsOf(node).map((action) => (
          <Menu.Item
            key={action}
            color={action === 'remove' ? 'red' : undefined}
            onClick={() => onPick(action)}
          >
            {say(action)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface NodeFields {
  name: string;
  site: string;
  address: string;
}

const useNodeChange = <T,>(change: (input: T) => Promise<unknown>, onClose: () => void) => {
  const changed = useCompanyChanged();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await changed();
      onClose();
    },
  });
};

function NodeInputs(props: {
  fields: NodeFields;
  onChange(fields: NodeFields): void;
  hasPlace: boolean;
  error: unknown;
}): ReactNode {
  const { fields, onChange, hasPlace, error } = props;
  const say = useTexts(companyTexts);
  const bind = (key: keyof NodeFields) => ({
    label: say(key),
    value: fields[key],
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ ...fields, [key]: event.currentTarget.value }),
    error: fieldError(error, key),
  });
  return (
    <>
      <TextInput {...bind('name')} maxLength={200} data-autofocus />
      {hasPlace && (
        <>
          <TextInput {...bind('site')} description={say('optional')} inputMode="url" maxLength={256} />
          <TextInput {...bind('address')} description={say('optional')} maxLength={256} />
        </>
      )}
    </>
  );
}

/** The site and the address of a node, as the server takes them. */
const placeOf = ({ site, address }: NodeFields): { site?: string; address?: string } => ({
  ...(site.trim() && { site: site.trim() }),
  ...(address.trim() && { address: address.trim() }),
});

function Add({ parent, onClose }: { parent: PlacedNode; onClose(): void }): ReactNode {
  const say = useTexts(companyTexts);
  const kinds = addable.filter((kind) => fitsBelow(kind, parent.kind));
  const [kind, setKind] = useState<AddableKind>('shop');
  const [fields, setFields] = useState<NodeFields>({ name: '', site: '', address: '' });
  const add = useNodeChange(
    () =>
      api.post('company/nodes', { parentId: parent.id, kind, name: fields.name.trim(), ...placeOf(fields) }),
    onClose,
  );
  return (
    <Dialog title={say('addTo', { name: parent.name })} onClose={onClose}>
      <SimpleForm
        onSubmit={() => add.mutate(undefined)}
        error={add.error}
        isPending={add.isPending}
        isReady={fields.name.trim() !== ''}
        submit={say('add')}
      >
        <NativeSelect
          label={say('kind')}
          value={kind}
          data={kinds.map((value) => ({ value, label: say(`kind.${value}`) }))}
          onChange={(event) => setKind(event.currentTarget.value as AddableKind)}
          error={fieldError(add.error, 'parentId')}
        />
        <NodeInputs fields={fields} onChange={setFields} hasPlace={kind === 'shop'} error={add.error} />
      </SimpleForm>
    </Dialog>
  );
}

function Rename({ node, onClose }: { node: PlacedNode; onClose(): void }): ReactNode {
  const say = useTexts(companyTexts);
  const [fields, setFields] = useState<NodeFields>({
    name: node.name,
    site: node.site ?? '',
    address: node.address ?? '',
  });
  const change = useNodeChange(
    () => api.put(`company/nodes/${node.id}`, { name: fields.name.trim(), ...placeOf(fields) }),
    onClose,
  );
  return (
    <Dialog title={say('renameTitle', { name: node.name })} onClose={onClose}>
      <SimpleForm
        onSubmit={() => change.mutate(undefined)}
        error={change.error}
        isPending={change.isPending}
        isReady={fields.name.trim() !== ''}
        submit={say('save')}
      >
        <NodeInputs
          fields={fields}
          onChange={setFields}
          hasPlace={node.kind === 'shop'}
          error={change.error}
        />
      </SimpleForm>
    </Dialog>
  );
}

function Move(props: { node: PlacedNode; nodes: readonly PlacedNode[]; onClose(): void }): ReactNode {
  const { node, nodes, onClose } = props;
  const say = useTexts(companyTexts);
  const own = withBelow(nodes, node.id);
  const places = nodes.filter(({ id, kind }) => !own.has(id) && fitsBelow(node.kind, kind));
  const [parentId, setParentId] = useState(node.parentId ?? places[0]?.id ?? '');
  const move = useNodeChange(() => api.put(`company/nodes/${node.id}/parent`, { parentId }), onClose);
  return (
    <Dialog title={say('moveTitle', { name: node.name })} onClose={onClose}>
      <SimpleForm
        onSubmit={() => move.mutate(undefined)}
        error={move.error}
        isPending={move.isPending}
        isReady={parentId !== '' && parentId !== node.parentId}
        submit={say('move')}
      >
        <NativeSelect
          label={say('moveTo')}
          value={parentId}
          data={nodeChoices(places)}
          onChange={(event) => setParentId(event.currentTarget.value)}
          error={fieldError(move.error, 'parentId') ?? fieldError(move.error, 'name')}
          data-autofocus
        />
      </SimpleForm>
    </Dialog>
  );
}

function Remove({ node, onClose }: { node: PlacedNode; onClose(): void }): ReactNode {
  const say = useTexts(companyTexts);
  const remove = useNodeChange(() => api.remove(`company/nodes/${node.id}`), onClose);
  return (
    <Dialog title={say('removeTitle', { name: node.name })} onClose={onClose}>
      <SimpleForm
        onSubmit={() => remove.mutate(undefined)}
        error={remove.error}
        isPending={remove.isPending}
        isReady
        submit={say('remove')}
        isDanger
      >
        <Text>{say('removeNote')}</Text>
        {fieldError(remove.error, 'id') && (
          <Text c="var(--kit-bad)" role="alert">
            {fieldError(remove.error, 'id')}
          </Text>
        )}
      </SimpleForm>
    </Dialog>
  );
}
