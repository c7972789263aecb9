import { Button } from '@mantine/core';
import type { ExternalRegisterView } from '@kkt/web-contract';
import { AppLink, Card, EmptyState, Facts, QueryView, StateBadge, useFormats, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { links } from '../../links';
import { ExternalForm } from './external-form';
import { daysLeft, useFnEnd } from './fn-end';
import { externalTexts } from './texts';
import { useExternals } from './use-external';

/** Registers that the client runs himself, beside those of the farm. */
export function Externals(): ReactNode {
  const say = useTexts(externalTexts);
  const [isAdding, setAdding] = useState(false);
  return (
    <QueryView query={useExternals()}>
      {({ registers, places }) => {
        const mayAdd = places.length > 0;
        if (registers.length === 0 && !mayAdd) return null;
        const add = mayAdd && (
          <Button variant="default" size="compact-sm" onClick={() => setAdding(true)}>
            {say('add')}
          </Button>
        );
        return (
          <Card title={say('list')} side={registers.length > 0 && add}>
            {registers.length === 0 ? (
              <EmptyState title={say('none')} action={add}>
                {say('noneHint')}
              </EmptyState>
            ) : (
              <>
                <p className="kit-soft cabinet-first-line">{say('listNote')}</p>
                <div className="cabinet-registers">
                  {registers.map((register) => (
                    <ExternalCard key={register.id} register={register} />
                  ))}
                </div>
              </>
            )}
            {isAdding && <ExternalForm onClose={() => setAdding(false)} />}
          </Card>
        );
      }}
    </QueryView>
  );
}

function ExternalCard({ register }: { register: ExternalRegisterView }): ReactNode {
  const say = useTexts(externalTexts);
  const formats = useFormats();
  const fnEnd = useFnEnd();
  const { id, name, model, serial, fnValidUntil, operatorName, operatorPaidUntil, documents } = register;
  const left = daysLeft(operatorPaidUntil);
  return (
    <section className="kit-card cabinet-register cabinet-external">
      <div>
        <AppLink href={links.external(id)}>
          <strong>{name}</strong>
        </AppLink>
        <StateBadge tone="mute" shape="ring">
          {say('external')}
        </StateBadge>
      </div>
      <Facts
        rows={[
          [say('model'), `${model}, ${serial}`],
          [say('fnUntil'), fnEnd(fnValidUntil)],
          [say('operator'), operatorName],
          [
            say('paidUntil'),
            operatorPaidUntil &&
              `${formats.date(operatorPaidUntil)}, ${left !== null && left < 0 ? say('ended') : say('left', { n: left ?? 0 })}`,
          ],
          [say('count'), documents > 0 ? formats.number(documents) : null],
        ]}
      />
    </section>
  );
}
