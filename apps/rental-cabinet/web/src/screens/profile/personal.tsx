import { Button, Checkbox, Group, PasswordInput, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { NotificationChoicesView } from '@kkt/web-contract';
import { api, Card, DataTable, fieldError, FormError, QueryView, SimpleForm, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../parts/dialog';
import { supportTexts } from '../support/texts';

type Choice = NotificationChoicesView['choices'][number];
const events = ['trouble', 'fn', 'money', 'answers'] as const;
const channels = ['email', 'sms', 'telegram'] as const;
const key = ['notification-choices'];

/** What the person hears of, by channel; each box is kept at once. */
export function NotificationMatrix(): ReactNode {
  const say = useTexts(supportTexts);
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<NotificationChoicesView>('profile/notifications', signal),
  });
  return (
    <Card title={say('matrix')} flush side={<span className="kit-soft">{say('matrixNote')}</span>}>
      <QueryView query={query}>{({ choices }) => <Boxes choices={choices} />}</QueryView>
    </Card>
  );
}

function Boxes({ choices }: { choices: readonly Choice[] }): ReactNode {
  const say = useTexts(supportTexts);
  const queries = useQueryClient();
  const choose = useMutation({
    mutationFn: (choice: Choice) =>
      // All of them, so that what was only usual is chosen from now on.
      api.put('profile/notifications', {
        choices: choices.map((one) =>
          one.event === choice.event && one.channel === choice.channel ? choice : one,
        ),
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  });
  const isOn = (event: Choice['event'], channel: Choice['channel']): boolean =>
    choices.some((one) => one.event === event && one.channel === channel && one.enabled);
  return (
    <>
      <DataTable
        caption={say('matrix')}
        rows={events}
        rowKey={(event) => event}
        columns={[
          { key: 'event', title: say('event'), render: (event) => say(`event.${event}`) },
          ...channels.map((channel) => ({
            key: channel,
            title: say(`channel.${channel}`),
            render: (event: Choice['event']) => (
              <Checkbox
                aria-label={`${say(`event.${event}`)}: ${say(`channel.${channel}`)}`}
                checked={isOn(event, channel)}
                onChange={(change) =>
                  choose.mutate({ event, channel, enabled: change.currentTarget.checked })
                }
              />
            ),
          })),
        ]}
      />
      <FormError error={choose.error} />
    </>
  );
}

/** All that is held about the person, and the end of it (152-FZ). */
export function PersonalData(): ReactNode {
  const say = useTexts(supportTexts);
  const [isErasing, setErasing] = useState(false);
  return (
    <Card title={say('data')}>
      <Text size="sm" mb="md">
        {say('dataNote')}
      </Text>
      <Group>
        <Button component="a" variant="default" href="/api/profile/data.json" download>
          {say('download')}
        </Button>
        <Button color="red.9" variant="outline" onClick={() => setErasing(true)}>
          {say('erase')}
        </Button>
      </Group>
      {isErasing && <Erase onClose={() => setErasing(false)} />}
    </Card>
  );
}

function Erase({ onClose }: { onClose(): void }): ReactNode {
  const say = useTexts(supportTexts);
  const [password, setPassword] = useState('');
  const erase = useMutation({
    mutationFn: () => api.post('profile/erase', { password }),
    onSuccess: () => location.assign('/'),
  });
  return (
    <Dialog title={say('eraseTitle')} onClose={onClose}>
      <SimpleForm
        onSubmit={() => erase.mutate()}
        error={erase.error}
        isPending={erase.isPending}
        isReady={password !== ''}
        submit={say('erase')}
        isDanger
      >
        <Text>{say('eraseNote')}</Text>
        <PasswordInput
          label={say('password')}
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={fieldError(erase.error, 'password')}
        />
      </SimpleForm>
    </Dialog>
  );
}
