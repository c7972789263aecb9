import { Button, NativeSelect, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FirstStepsView, SandboxCredentials } from '@kkt/web-contract';
import {
  api,
  ApiError,
  AppLink,
  Card,
  CodeBlock,
  Facts,
  FormError,
  IdChip,
  QueryView,
  StateBadge,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../../app';
import { links } from '../../links';
import { exampleCommands } from '../../parts/example';
import { firstStepsTexts } from './texts';

const trialDays = 7;
const lookAgainMs = 2_000;

/** Whether the first steps are over: the first receipt was made. */
export const useFirstSteps = (isOn: boolean) =>
  useQuery({
    queryKey: ['sandbox'],
    queryFn: ({ signal }) => api.get<FirstStepsView>('sandbox', signal),
    enabled: isOn,
    refetchInterval: ({ state }) => {
      const sandbox = state.data?.sandbox;
      return sandbox && !sandbox.firstReceipt ? lookAgainMs : false;
    },
  });

/** C1: from an empty company to its first receipt; each step is read from the server, so that one may come back. */
export function FirstSteps(): ReactNode {
  return <QueryView query={useFirstSteps(true)}>{(view) => <Steps view={view} />}</QueryView>;
}

function Steps({ view }: { view: FirstStepsView }): ReactNode {
  const say = useTexts(firstStepsTexts);
  const { person } = useMember();
  const queries = useQueryClient();
  const [fresh, setFresh] = useState<SandboxCredentials>();
  const keep = (made: SandboxCredentials) => {
    setFresh(made);
    return queries.invalidateQueries({ queryKey: ['sandbox'] });
  };
  const { sandbox } = view;
  const receipt = sandbox?.firstReceipt ?? null;
  const states = [
    true,
    sandbox !== null,
    sandbox?.hasToken || receipt !== null || fresh !== undefined,
    receipt !== null,
  ];
  const doneCount = states.filter(Boolean).length;
  const stateOf = (index: number): StepState =>
    states[index] ? 'done' : states.indexOf(false) === index ? 'now' : 'later';
  return (
    <Card title={say('title')} side={say('progress', { n: doneCount, total: states.length })}>
      <ol className="cabinet-first">
        <Step state="done" title={say('company')}>
          <Text className="kit-soft">
            {say('companyNote', { name: person.client.name, inn: person.client.inn })}
          </Text>
        </Step>
        <Step state={stateOf(1)} title={say('sandbox')}>
          {sandbox ? <Made sandbox={sandbox} /> : <Make mayMake={view.mayMake} onMade={keep} />}
        </Step>
        <Step state={stateOf(2)} title={say('key')}>
          {sandbox?.login && !receipt && <Credentials login={sandbox.login} fresh={fresh} onMade={keep} />}
        </Step>
        <Step
          state={receipt ? 'done' : sandbox ? 'now' : 'later'}
          title={say(receipt ? 'finished' : 'receipt')}
        >
          {receipt ? (
            <Finished id={receipt.id} />
          ) : (
            sandbox?.login && (
              <Stack gap="xs">
                <Text className="kit-soft">{say('receiptNote')}</Text>
                <CodeBlock
                  text={exampleCommands(
                    view.apiUrl,
                    { ...sandbox, code: sandbox.groupCode },
                    sandbox.login,
                    fresh?.password ?? say('yourPassword'),
                  )}
                  label={say('commands')}
                />
                <Text role="status">{say('waiting')}</Text>
              </Stack>
            )
          )}
        </Step>
      </ol>
      {!receipt && (
        <Text className="kit-soft" size="sm" mt="md">
          {say('note')}
        </Text>
      )}
    </Card>
  );
}

type StepState = 'done' | 'now' | 'later';

function Step(props: { state: StepState; title: string; children: ReactNode }): ReactNode {
  const { state, title, children } = props;
  const say = useTexts(firstStepsTexts);
  return (
    <li data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
      <h3>
        {title}{' '}
        <StateBadge
          tone={state === 'done' ? 'good' : state === 'now' ? 'info' : 'mute'}
          shape={state === 'done' ? 'circle' : state === 'now' ? 'diamond' : 'ring'}
        >
          {say(state)}
        </StateBadge>
      </h3>
      {children}
    </li>
  );
}

function Make(props: { mayMake: boolean; onMade(made: SandboxCredentials): Promise<void> }): ReactNode {
  const { mayMake, onMade } = props;
  const say = useTexts(firstStepsTexts);
  const [protocol, setProtocol] = useState<'4' | '5'>('5');
  const make = useMutation({
    mutationFn: () => api.post<SandboxCredentials>('sandbox', { protocol: Number(protocol) }),
    onSuccess: onMade,
  });
  if (!mayMake) return <Text>{say('mayNot')}</Text>;
  const isEmpty = make.error instanceof ApiError && make.error.code === 'CLIENT-NO-STOCK';
  return (
    <Stack gap="xs" align="flex-start">
      <Text className="kit-soft">{say('sandboxNote', { days: trialDays })}</Text>
      <NativeSelect
        label={say('protocol')}
        value={protocol}
        data={[
          { value: '5', label: say('v5') },
          { value: '4', label: say('v4') },
        ]}
        onChange={(event) => setProtocol(event.currentTarget.value as '4' | '5')}
      />
      {isEmpty ? (
        <Text c="var(--kit-bad)" role="alert">
          {say('noStock')}
        </Text>
      ) : (
        <FormError error={make.error} />
      )}
      <Button loading={make.isPending} onClick={() => make.mutate()}>
        {say('make')}
      </Button>
    </Stack>
  );
}

function Made({ sandbox }: { sandbox: NonNullable<FirstStepsView['sandbox']> }): ReactNode {
  const say = useTexts(firstStepsTexts);
  const formats = useFormats();
  return (
    <>
      <Facts
        rows={[
          [say('group'), <IdChip key="group" id={sandbox.groupCode} />],
          [
            say('register'),
            <>
              <AppLink href={links.register(sandbox.registerId)}>{sandbox.registerSerial}</AppLink>,{' '}
              {say(sandbox.isReady ? 'ready' : 'registering')}
            </>,
          ],
          [say('trialTo'), sandbox.trialTo && formats.date(sandbox.trialTo)],
        ]}
      />
      {!sandbox.isAnnounced && <Text c="var(--kit-warn)">{say('operator')}</Text>}
    </>
  );
}

function Credentials(props: {
  login: string;
  fresh: SandboxCredentials | undefined;
  onMade(made: SandboxCredentials): Promise<void>;
}): ReactNode {
  const { login, fresh, onMade } = props;
  const say = useTexts(firstStepsTexts);
  const renew = useMutation({
    mutationFn: () => api.post<SandboxCredentials>('sandbox/password', {}),
    onSuccess: onMade,
  });
  return (
    <Stack gap="xs" align="flex-start">
      <Text className="kit-soft">{say(fresh ? 'keyNote' : 'passwordGone')}</Text>
      <Facts
        rows={[
          [say('login'), <IdChip key="login" id={login} />],
          [say('password'), fresh && <IdChip key="password" id={fresh.password} label={say('password')} />],
        ]}
      />
      <FormError error={renew.error} />
      {!fresh && (
        <Button variant="default" loading={renew.isPending} onClick={() => renew.mutate()}>
          {say('newPassword')}
        </Button>
      )}
    </Stack>
  );
}

function Finished({ id }: { id: string }): ReactNode {
  const say = useTexts(firstStepsTexts);
  return (
    <Stack gap="xs">
      <Text>{say('finishedNote')}</Text>
      <div className="cabinet-steps">
        <AppLink href={links.receipt(id)}>{say('open')}</AppLink>
        <AppLink href="/integration">{say('integration')}</AppLink>
        <AppLink href="/company">{say('people')}</AppLink>
      </div>
    </Stack>
  );
}
