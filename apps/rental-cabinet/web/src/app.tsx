import { RouterProvider } from '@tanstack/react-router';
import type { PersonView } from '@kkt/web-contract';
import { SessionGate, useTexts } from '@kkt/web-kit';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { router } from './router';
import { texts } from './texts';

interface Member {
  person: PersonView;
  logout(): void;
}

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
    <SessionGate<PersonView> title={say('brand')} note={say('login.note')}>
      {(person, logout) => <Within person={person} logout={logout} />}
    </SessionGate>
  );
}
