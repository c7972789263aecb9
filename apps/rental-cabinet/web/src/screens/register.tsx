import { getRouteApi } from '@tanstack/react-router';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ClientRegisterPage, DocumentBrief } from '@kkt/web-contract';
import {
  api,
  AppLink,
  Card,
  CardGrid,
  ConditionBadge,
  DataTable,
  EmptyState,
  ErrorState,
  Facts,
  FnGauge,
  IdChip,
  LocalTime,
  Money,
  PageHead,
  queryOf,
  StateBadge,
  Tile,
  useFormats,
  useFormName,
  useTexts,
  useWords,
} from '@kkt/web-kit';
import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { links } from '../links';
import { OperatorPaid, operatorPaidTexts } from '../parts/operator-paid';
import { useShiftText, useUnsentText } from '../parts/register-shift';
import { texts } from '../texts';
import { RegisterActions } from './register/actions';
import { useRentFacts } from './register/rent-facts';
import { registerTexts } from './register/texts';

const route = getRouteApi('/registers/$id');
const ffdNames: Readonly<Record<number, string>> = { 2: '1.05', 3: '1.1', 4: '1.2' };

/** A register of the client: its registration, its FN, every document. */
export function RegisterScreen(): ReactNode {
  const { id } = route.useParams();
  const query = useInfiniteQuery({
    queryKey: ['register', id],
    queryFn: ({ pageParam, signal }) =>
      api.get<ClientRegisterPage>(`registers/${id}${queryOf({ before: pageParam })}`, signal),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last: ClientRegisterPage) => last.next ?? undefined,
    refetchInterval: 10_000,
  });
  const first = query.data?.pages[0];
  if (!query.data || !first)
    return query.isError ? (
      <ErrorState error={query.error} retry={() => void query.refetch()} />
    ) : (
      <Skeleton height={320} />
    );
  return (
    <Page
      page={first}
      documents={query.data.pages.flatMap(({ documents }) => documents)}
      more={
        query.hasNextPage
          ? { load: () => void query.fetchNextPage(), isLoading: query.isFetchingNextPage }
          : undefined
      }
    />
  );
}

interface PageProps {
  page: ClientRegisterPage;
  documents: readonly DocumentBrief[];
  more: { load(): void; isLoading: boolean } | undefined;
}

function Page({ page, documents, more }: PageProps): ReactNode {
  const say = useTexts(texts);
  const words = useWords();
  const formats = useFormats();
  const shift = useShiftText();
  const unsent = useUnsentText();
  const rentFacts = useRentFacts();
  const own = useTexts(registerTexts);
  const paidSay = useTexts(operatorPaidTexts);
  const { register, totals } = page;
  return (
    <>
      <PageHead
        title={say('register.title', { serial: register.serial })}
        crumbs={[
          { title: say('nav.registers'), href: links.registers() },
          { title: register.groupCode, href: links.registers({ group: register.groupCode }) },
        ]}
        badge={<ConditionBadge condition={register.condition} />}
      />
      {register.problem !== null && (
        <div className="kit-banner" data-tone="warn">
          <strong>{words.problem(register.problem)}</strong>
        </div>
      )}
      {register.operatorCause !== null && (
        <div className="kit-banner" data-tone="bad">
          <strong>{words.cause(register.operatorCause)}</strong>
          <div>{words.causeTodo(register.operatorCause)}</div>
        </div>
      )}
      <CardGrid min={24}>
        <Card title={say('register.fn')}>
          {register.fn && (
            <>
              <div style={{ marginBottom: '0.75rem' }}>
                <FnGauge fn={register.fn} />
              </div>
              <Facts
                rows={[
                  [say('receipt.fn'), <IdChip key="f" id={register.fn.fnNumber} />],
                  [say('register.fnModel'), register.fn.model],
                  [
                    say('register.registrations'),
                    register.fn.registrationsLeft === null
                      ? null
                      : say('register.registrationsValue', { n: register.fn.registrationsLeft }),
                  ],
                  [say('register.lastFd'), register.lastFd === null ? null : String(register.lastFd)],
                  [say('register.shift'), shift(register)],
                  [say('register.unsent'), unsent(register)],
                  ...rentFacts(register),
                ]}
              />
            </>
          )}
        </Card>
        <Card title={say('register.passport')}>
          <Facts
            rows={[
              [say('register.rnm'), register.rnm && <IdChip key="r" id={register.rnm} />],
              [say('register.model'), register.model],
              [say('register.ffd'), register.ffd === null ? null : ffdNames[register.ffd]],
              [say('register.ofd'), register.ofdName],
              [paidSay('name'), <OperatorPaid key="paid" paid={register.operatorPaid} />],
              [say('register.site'), register.site],
              [say('register.address'), register.address],
              [
                own('reregistrations'),
                typeof register.fn?.registrationsLeft === 'number'
                  ? own('reregistrationsValue', { used: Math.max(0, 11 - register.fn.registrationsLeft) })
                  : null,
              ],
              [own('internet'), own('yes')],
            ]}
          />
        </Card>
      </CardGrid>
      <RegisterActions register={register} />
      {totals.length > 0 && (
        <CardGrid min={11}>
          {totals.map(({ sign, documents: n, totalKop }) => (
            <Tile
              key={sign}
              name={say.maybe(`sign.${sign}`, String(sign))}
              value={formats.money(totalKop)}
              note={say('sign.documents', { n })}
              tone="info"
            />
          ))}
        </CardGrid>
      )}
      <Card title={say('register.documents')} flush>
        <Documents rows={documents} more={more} />
      </Card>
    </>
  );
}

function Documents({ rows, more }: { rows: readonly DocumentBrief[]; more: PageProps['more'] }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  const formName = useFormName();
  return (
    <DataTable
      caption={say('register.documents')}
      rows={rows}
      rowKey={(row) => `${row.fnNumber}/${row.fdNumber}`}
      more={more}
      empty={<EmptyState title={say('register.noDocuments')} />}
      columns={[
        {
          key: 'fd',
          title: say('doc.fd'),
          render: (row) => (
            <AppLink href={links.document(row.fnNumber, row.fdNumber)}>{row.fdNumber}</AppLink>
          ),
        },
        { key: 'form', title: say('doc.form'), render: (row) => formName(row.form) },
        { key: 'at', title: say('doc.at'), render: (row) => <LocalTime at={row.at} /> },
        {
          key: 'total',
          title: say('doc.total'),
          align: 'right',
          render: (row) => (row.totalKop === null ? '—' : <Money kop={row.totalKop} />),
        },
        {
          key: 'fp',
          title: say('doc.fp'),
          render: (row) => <span className="kit-num">{row.fiscalSign}</span>,
        },
        {
          key: 'ofd',
          title: say('doc.ofd'),
          render: (row) =>
            row.confirmedAt === null ? (
              <StateBadge tone="info" shape="diamond">
                {say('doc.unsent')}
              </StateBadge>
            ) : (
              <StateBadge tone="good" shape="circle">
                {say('doc.sent', { time: formats.time(row.confirmedAt) })}
              </StateBadge>
            ),
        },
        {
          key: 'receipt',
          title: say('doc.receipt'),
          render: (row) =>
            row.receiptId === null ? (
              '—'
            ) : (
              <AppLink href={links.receipt(row.receiptId)}>{say('doc.receipt')}</AppLink>
            ),
        },
      ]}
    />
  );
}
