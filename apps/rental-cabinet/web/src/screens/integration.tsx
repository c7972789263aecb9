import { useQuery } from '@tanstack/react-query';
import { SegmentedControl, Tabs } from '@mantine/core';
import type { IntegrationView } from '@kkt/web-contract';
import {
  api,
  AppLink,
  Card,
  CardGrid,
  CodeBlock,
  DataTable,
  DateTime,
  EmptyState,
  Facts,
  IdChip,
  PageHead,
  QueryView,
  StateBadge,
  TabStrip,
  useFormats,
  useTexts,
  useUrlState,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../links';
import { exampleCommands, taxSystemNames } from '../parts/example';
import { texts } from '../texts';
import { Callbacks } from './integration-parts/callbacks';
import { Keys } from './integration-parts/keys';
import { Payments } from './integration-parts/payments';
import { Requests } from './integration-parts/requests';
import { integrationTexts } from './integration-parts/texts';

/** C10: how to point a shop here, and what goes wrong with it. */
export function IntegrationScreen(): ReactNode {
  const say = useTexts(texts);
  const query = useQuery({
    queryKey: ['integration'],
    queryFn: ({ signal }) => api.get<IntegrationView>('integration', signal),
    refetchInterval: 15_000,
  });
  return (
    <>
      <PageHead title={say('int.title')} />
      <QueryView query={query}>{(view) => <Content view={view} />}</QueryView>
    </>
  );
}

const tabs = ['connect', 'keys', 'callbacks', 'payments', 'requests'] as const;

function Content({ view }: { view: IntegrationView }): ReactNode {
  const say = useTexts(integrationTexts);
  const [state, setState] = useUrlState();
  return (
    <Tabs
      value={state.tab ?? 'connect'}
      onChange={(tab) => setState({ tab: tab === 'connect' ? undefined : (tab ?? undefined) })}
      keepMounted={false}
    >
      <TabStrip chosen={state.tab ?? 'connect'}>
        {tabs.map((tab) => (
          <Tabs.Tab key={tab} value={tab}>
            {say(`tab.${tab}`)}
          </Tabs.Tab>
        ))}
      </TabStrip>
      <Tabs.Panel value="connect">
        <CardGrid min={24}>
          <Steps view={view} />
          <Logins view={view} />
        </CardGrid>
        <Example view={view} />
        <Failures view={view} />
        <CallbackHosts view={view} />
      </Tabs.Panel>
      <Tabs.Panel value="keys">
        <Keys view={view} />
      </Tabs.Panel>
      <Tabs.Panel value="callbacks">
        <Callbacks view={view} />
      </Tabs.Panel>
      <Tabs.Panel value="payments">
        <Payments view={view} />
      </Tabs.Panel>
      <Tabs.Panel value="requests">
        <Requests view={view} />
      </Tabs.Panel>
    </Tabs>
  );
}

function Steps({ view }: { view: IntegrationView }): ReactNode {
  const say = useTexts(texts);
  return (
    <Card title={say('int.steps')}>
      <p>
        {say('int.api')}: <IdChip id={view.apiUrl} />
      </p>
      <ol style={{ margin: 0, paddingLeft: '1.25rem' }}>
        <li>{say('int.step1')}</li>
        <li>{say('int.step2')}</li>
        <li>{say('int.step3')}</li>
      </ol>
    </Card>
  );
}

function Logins({ view }: { view: IntegrationView }): ReactNode {
  const say = useTexts(texts);
  return (
    <Card title={say('int.logins')} flush>
      <DataTable
        caption={say('int.logins')}
        rows={view.logins}
        rowKey={(row) => row.login}
        empty={<EmptyState title={say('int.never')} />}
        columns={[
          { key: 'login', title: say('int.login'), render: (row) => <IdChip id={row.login} /> },
          {
            key: 'state',
            title: say('filter.state'),
            render: (row) =>
              row.blocked ? (
                <StateBadge tone="bad" shape="cross">
                  {say('int.blocked')}
                </StateBadge>
              ) : (
                <StateBadge tone="good" shape="circle">
                  {say('int.active')}
                </StateBadge>
              ),
          },
          { key: 'tokens', title: say('int.tokens'), align: 'right', render: (row) => row.tokensLive },
          {
            key: 'last',
            title: say('int.lastToken'),
            render: (row) =>
              row.lastTokenAt === null ? say('int.never') : <DateTime at={row.lastTokenAt} short />,
          },
        ]}
      />
    </Card>
  );
}

function Example({ view }: { view: IntegrationView }): ReactNode {
  const say = useTexts(texts);
  const [state, setState] = useUrlState();
  const group = view.groups.find(({ code }) => code === state.group) ?? view.groups[0];
  if (!group) {
    return (
      <Card title={say('int.steps')}>
        <EmptyState title={say('int.noGroups')}>{say('int.noGroupsHint')}</EmptyState>
      </Card>
    );
  }
  const login = view.logins.find(({ blocked }) => !blocked)?.login ?? 'login';
  return (
    <Card
      title={say('int.example', { group: group.code })}
      side={
        view.groups.length > 1 && (
          <SegmentedControl
            size="xs"
            value={group.code}
            data={view.groups.map(({ code }) => code)}
            onChange={(code) => setState({ group: code })}
            aria-label={say('int.group')}
          />
        )
      }
    >
      <CardGrid min={22}>
        <Facts
          rows={[
            [say('int.group'), <IdChip key="g" id={group.code} />],
            [
              say('int.protocol'),
              `v${group.protocol}, ${say('register.ffd')} ${group.ffd === 4 ? '1.2' : group.ffd === 3 ? '1.1' : '1.05'}`,
            ],
            [say('int.inn'), <IdChip key="i" id={group.inn} />],
            [say('int.place'), <IdChip key="p" id={group.paymentAddress} />],
            [say('int.tax'), taxSystemNames(group.taxSystems).join(', ')],
            [say('register.ofd'), group.ofdName],
          ]}
        />
        <div>
          <p className="kit-soft" style={{ marginTop: 0 }}>
            {say('int.exampleNote')}
          </p>
          <CodeBlock
            text={exampleCommands(view.apiUrl, group, login, say('int.yourPassword'))}
            label={say('shell.bash')}
          />
        </div>
      </CardGrid>
    </Card>
  );
}

function Failures({ view }: { view: IntegrationView }): ReactNode {
  const say = useTexts(texts);
  return (
    <Card
      title={say('int.failures')}
      flush
      side={<AppLink href={links.receipts({ state: 'failed' })}>{say('nav.receipts')}</AppLink>}
    >
      <DataTable
        caption={say('int.failures')}
        rows={view.failures}
        rowKey={(row) => row.id}
        empty={<EmptyState title={say('int.noFailures')}>{say('int.noFailuresHint')}</EmptyState>}
        columns={[
          { key: 'at', title: say('int.when'), render: (row) => <DateTime at={row.at} short /> },
          {
            key: 'order',
            title: say('receipt.order'),
            render: (row) => <AppLink href={links.receipt(row.id)}>{row.externalId}</AppLink>,
          },
          { key: 'group', title: say('receipt.group'), render: (row) => row.groupCode },
          { key: 'code', title: say('int.code'), align: 'right', render: (row) => row.code },
          { key: 'text', title: say('int.reason'), render: (row) => row.text },
        ]}
      />
    </Card>
  );
}

function CallbackHosts({ view }: { view: IntegrationView }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  return (
    <Card title={say('int.callbacks')} flush>
      <DataTable
        caption={say('int.callbacks')}
        rows={view.callbacks}
        rowKey={(row) => row.host}
        empty={<EmptyState title={say('int.noCallbacks')}>{say('int.noCallbacksHint')}</EmptyState>}
        columns={[
          { key: 'host', title: say('int.host'), render: (row) => row.host },
          {
            key: 'delivered',
            title: say('int.delivered'),
            align: 'right',
            render: (row) => formats.number(row.delivered),
          },
          {
            key: 'pending',
            title: say('int.pending'),
            align: 'right',
            render: (row) => formats.number(row.pending),
          },
          {
            key: 'gaveUp',
            title: say('int.gaveUp'),
            align: 'right',
            render: (row) => formats.number(row.gaveUp),
          },
          { key: 'error', title: say('int.lastError'), render: (row) => row.lastError ?? '—' },
        ]}
      />
    </Card>
  );
}
