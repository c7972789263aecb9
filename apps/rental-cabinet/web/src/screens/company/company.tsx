import { useQuery } from '@tanstack/react-query';
import { Button } from '@mantine/core';
import type { CompanyView } from '@kkt/web-contract';
import { api, PageHead, QueryView, useTexts } from '@kkt/web-kit';
import { type ReactNode, useMemo, useState } from 'react';
import { Invite, Invitations } from './invitations';
import { inOrder } from './nodes';
import { People } from './people';
import { companyTexts } from './texts';
import { Tree } from './tree';

/** C12: the tree of the company, its people and what they may do where. */
export function CompanyScreen(): ReactNode {
  const query = useQuery({
    queryKey: ['company'],
    queryFn: ({ signal }) => api.get<CompanyView>('company', signal),
  });
  return <QueryView query={query}>{(view) => <Content view={view} />}</QueryView>;
}

function Content({ view }: { view: CompanyView }): ReactNode {
  const say = useTexts(companyTexts);
  const [isInviting, setInviting] = useState(false);
  const nodes = useMemo(() => inOrder(view.nodes), [view.nodes]);
  const managesPeople = view.rights.includes('people:write');
  return (
    <>
      <PageHead
        title={say('title')}
        actions={managesPeople && <Button onClick={() => setInviting(true)}>{say('invite')}</Button>}
      />
      <Tree nodes={nodes} mayChange={view.rights.includes('structure:write')} />
      {managesPeople && (
        <>
          <People people={view.people} nodes={nodes} roles={view.roles} />
          <Invitations invitations={view.invitations} nodes={nodes} />
        </>
      )}
      {isInviting && <Invite nodes={nodes} roles={view.roles} onClose={() => setInviting(false)} />}
    </>
  );
}
