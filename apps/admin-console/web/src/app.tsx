import { RouterProvider } from '@tanstack/react-router';
import type { StaffView } from '@kkt/web-contract';
import { SessionGate, useTexts } from '@kkt/web-kit';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { router } from './router';
import { texts } from './texts';

interface Member {
  staff: StaffView;
  logout(): void;
}

const Context = createContext<Member | undefined>(undefined);

/** Who is logged in; inside the session gate only. */
export function useMember(): Member {
  const member = useContext(Context);
  if (!member) throw new Error('Nobody is logged in here');
  return member;
}

function Within({ staff, logout }: Member): ReactNode {
  const member = useMemo(() => ({ staff, logout }), [staff, logout]);
  return (
    <Context value={member}>
      <RouterProvider router={router} />
    </Context>
  );
}

/** The engineers' console. */
export function App(): ReactNode {
  const say = useTexts(texts);
  return (
    <SessionGate<StaffView> title={say('brand')} note={say('login.note')}>
      {(staff, logout) => <Within staff={staff} logout={logout} />}
    </SessionGate>
  );
}
