import { Button } from '@mantine/core';
import type { ClientGroup, ClientRegister, ClientRegisters, Condition } from '@kkt/web-contract';
import {
  AppLink,
  Card,
  ConditionBadge,
  EmptyState,
  Facts,
  FilterBar,
  FnGauge,
  fnTone,
  kitTexts,
  PageHead,
  QueryView,
  StateBadge,
  useFormats,
  useLiveQuery,
  useTexts,
  useUrlState,
  useWords,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { links } from '../links';
import { OperatorPaid, operatorPaidTexts } from '../parts/operator-paid';
import { useShiftText, useUnsentText } from '../parts/register-shift';
import { texts } from '../texts';
import { Externals } from './external/externals';
import { useRentFacts } from './register/rent-facts';
import { registerTexts } from './register/texts';

const conditions: readonly Condition[] = [
  'works',
  'attention',
  'offline',
  'stopped',
  'paused',
  'registering',
  'swap',
];
const ffdNames: Readonly<Record<number, string>> = { 2: '1.05', 3: '1.1', 4: '1.2' };
const shownAtOnce = 24;
const unsentOldMs = 3_600_000;

/** C5: registers of the client by group. */
export function RegistersScreen(): ReactNode {
  const say = useTexts(texts);
  const query = useLiveQuery<ClientRegisters>('registers', 'registers');
  return (
    <>
      <PageHead
        title={say('registers.title')}
        live
        actions={
          <>
            <Button component={AppLink} variant="default" href={links.fn()}>
              {say('registers.fn')}
            </Button>
            <Button component={AppLink} href={links.orders()}>
              {say('registers.order')}
            </Button>
          </>
        }
      />
      <QueryView query={query}>{(view) => <Registers view={view} />}</QueryView>
      <Externals />
    </>
  );
}

/** Something about it is not as it should be, or soon will not be. */
function needsAttention(register: ClientRegister, now: number): boolean {
  if (register.condition === 'stock') return false;
  if (register.condition !== 'works') return true;
  const { fn, firstUnsentAt } = register;
  const fill =
    fn?.capacityDocuments && fn.documentsLeft !== null ? 1 - fn.documentsLeft / fn.capacityDocuments : null;
  const isOld = firstUnsentAt !== null && now - Date.parse(firstUnsentAt) > unsentOldMs;
  return isOld || fnTone(fill, fn?.validUntil ?? null, now) !== 'good';
}

function Registers({ view }: { view: ClientRegisters }): ReactNode {
  const say = useTexts(texts);
  const kit = useTexts(kitTexts);
  const [{ q = '', condition = '', group = '' }] = useUrlState();
  const now = Date.now();
  const wanted = q.trim().toLowerCase();
  const fits = (register: ClientRegister): boolean =>
    (group === '' || register.groupCode === group) &&
    (condition === '' ||
      (condition === 'needs' ? needsAttention(register, now) : register.condition === condition)) &&
    (wanted === '' ||
      `${register.serial} ${register.rnm ?? ''} ${register.fn?.fnNumber ?? ''}`
        .toLowerCase()
        .includes(wanted));
  const found = view.registers.filter(fits);
  if (view.registers.length === 0) {
    return (
      <Card>
        <EmptyState
          title={say('registers.none')}
          action={
            <Button component={AppLink} href={links.orders()}>
              {say('registers.order')}
            </Button>
          }
        >
          {say('registers.noneHint')}
        </EmptyState>
      </Card>
    );
  }
  return (
    <>
      <FilterBar
        fields={[
          { name: 'q', label: say('registers.filter'), kind: 'text', width: '16rem' },
          {
            name: 'condition',
            label: say('registers.condition'),
            kind: 'choice',
            choices: [
              { value: '', label: say('filter.any') },
              { value: 'needs', label: say('registers.needs') },
              ...conditions.map((value) => ({ value, label: kit(`condition.${value}`) })),
            ],
          },
          {
            name: 'group',
            label: say('filter.group'),
            kind: 'choice',
            choices: [
              { value: '', label: say('filter.any') },
              ...view.groups.map(({ code }) => ({ value: code, label: code })),
            ],
          },
        ]}
      />
      {found.length === 0 && (
        <Card>
          <EmptyState title={say('registers.noMatch')} />
        </Card>
      )}
      {view.groups.map((one) => {
        const own = found.filter((register) => register.groupCode === one.code);
        return own.length === 0 ? null : <Group key={one.code} group={one} registers={own} />;
      })}
    </>
  );
}

function Group({
  group,
  registers,
}: {
  group: ClientGroup;
  registers: readonly ClientRegister[];
}): ReactNode {
  const say = useTexts(texts);
  const kit = useTexts(kitTexts);
  const own = useTexts(registerTexts);
  const [isAll, setAll] = useState(false);
  const shown = isAll ? registers : registers.slice(0, shownAtOnce);
  return (
    <Card
      title={
        <>
          {group.code}{' '}
          {group.paused && (
            <StateBadge tone="info" shape="bars">
              {say('group.paused')}
            </StateBadge>
          )}
        </>
      }
      side={[
        say('group.line', { n: group.registers, working: group.working }),
        say('group.ffd', { ffd: ffdNames[group.ffd] ?? String(group.ffd) }),
        say('group.rate', { n: group.finished5m }),
        ...(group.waiting > 0 ? [say('group.waiting', { n: group.waiting })] : []),
        ...(group.advice ? [own('advice', group.advice)] : []),
      ].join(' · ')}
    >
      <div className="cabinet-registers">
        {shown.map((register) => (
          <RegisterCard key={register.id} register={register} />
        ))}
      </div>
      {shown.length < registers.length && (
        <div style={{ textAlign: 'center', marginTop: '1rem' }}>
          <Button variant="default" onClick={() => setAll(true)}>
            {kit('table.more')}
          </Button>
        </div>
      )}
    </Card>
  );
}

function RegisterCard({ register }: { register: ClientRegister }): ReactNode {
  const say = useTexts(texts);
  const words = useWords();
  const formats = useFormats();
  const shift = useShiftText();
  const unsent = useUnsentText();
  const paidSay = useTexts(operatorPaidTexts);
  const rentFacts = useRentFacts();
  return (
    <section className="kit-card cabinet-register">
      <div>
        <AppLink href={links.register(register.id)}>
          <strong>{register.serial}</strong>
        </AppLink>
        <ConditionBadge condition={register.condition} />
      </div>
      {register.problem !== null && (
        <div style={{ color: 'var(--kit-warn)' }}>{words.problem(register.problem)}</div>
      )}
      {register.fn && <FnGauge fn={register.fn} />}
      <Facts
        rows={[
          [say('register.shift'), shift(register)],
          [say('register.unsent'), unsent(register)],
          [say('registers.condition'), say('register.since', { time: formats.time(register.since) })],
          ...(register.operatorPaid.how === 'accepts'
            ? []
            : ([[paidSay('name'), <OperatorPaid key="paid" paid={register.operatorPaid} />]] as const)),
          ...rentFacts(register),
        ]}
      />
    </section>
  );
}
