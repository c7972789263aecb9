import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { StaffAccountView } from '@kkt/web-contract';
import { api, LoginJournal, PageHead, QueryView, SecondFactor, Sessions, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { accountTexts } from './texts-account';

/** One's own account: second factor, sessions (of all the staff for the lead), log-ins. */
export function AccountScreen(): ReactNode {
  const say = useTexts(accountTexts);
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ['account'],
    queryFn: ({ signal }) => api.get<StaffAccountView>('account', signal),
  });
  const changed = () => queries.invalidateQueries({ queryKey: ['account'] });
  return (
    <>
      <PageHead title={say('title')} />
      <QueryView query={query}>
        {(account) => (
          <>
            <SecondFactor isOn={account.hasTotp} path="account" onChanged={changed} />
            <Sessions sessions={account.sessions} path="account" onChanged={changed} />
            <LoginJournal logins={account.logins} />
          </>
        )}
      </QueryView>
    </>
  );
}
