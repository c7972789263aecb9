import { RouterProvider } from '@tanstack/react-router';
import type { PersonView } from '@kkt/web-contract';
import { SessionGate, useTexts } from '@kkt/web-kit';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import './cabinet.css';
import { FirstCompany, InvitationPage } from './outside/first-company';
import { Outside } from './outside/outside';
import { router } from './router';
import { texts } from './texts';

/** A person who acts for a company. */
export type MemberView = PersonView & {
  client: NonNullable<PersonView['client']>;
  role: NonNullable<PersonView['role']>;
};

interface Member {
  person: MemberView;
  logout(): void;
}

const isMember = (person: PersonView): person is MemberView => person.client !== null && person.role !== null;

const Context = createContext<Member | undefined>(undefined);

/** Who is logged in, and for which company; inside the session gate only. */
export function useMember(): Member {
  const member = useContext(Context);
  if (!member) throw new Error('Nobody is logged in here');
  return member;
}

function Within({ person, logout }: Member): ReactNode {
  const member = useMemo(() => ({ person, logout }), [person, logout]);
  return (
    <Context value={member}>
      <RouterProvider router={router} />
    </Context>
  );
}

/** The clients' cabinet. */
export function App(): ReactNode {
  const say = useTexts(texts);
  return (
    <SessionGate<PersonView>
      title={say('brand')}
      note={say('login.note')}
      outside={(login) => <Outside login={login} />}
    >
      {(person, logout) => {
        if (location.pathname === '/invitation') return <InvitationPage />;
        return isMember(person) ? (
          <Within person={person} logout={logout} />
        ) : (
          <FirstCompany logout={logout} />
        );
      }}
    </SessionGate>
  );
}
