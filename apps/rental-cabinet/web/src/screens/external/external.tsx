import { Button, Group, Skeleton, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { ExternalDocumentView, ExternalRegisterPage } from '@kkt/web-contract';
import {
  Card,
  CardGrid,
  ErrorState,
  Facts,
  IdChip,
  PageHead,
  SimpleForm,
  StateBadge,
  Tile,
  useFormats,
  useRouting,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { links } from '../../links';
import { Dialog } from '../../parts/dialog';
import { texts } from '../../texts';
import { ExternalDocuments } from './documents';
import { ExternalForm } from './external-form';
import { daysLeft, soonDays, useFnEnd } from './fn-end';
import { externalTexts } from './texts';
import { useExternal, useExternalChanges, useExternals } from './use-external';

const route = getRouteApi('/external/$id');

/** A register that the client runs himself. */
export function ExternalScreen(): ReactNode {
  const { id } = route.useParams();
  const query = useExternal(id);
  const first = query.data?.pages[0];
  if (!first)
    return query.isError ? (
      <ErrorState error={query.error} retry={() => void query.refetch()} />
    ) : (
      <Skeleton height={320} />
    );
  return (
    <Content
      page={first}
      documents={query.data?.pages.flatMap(({ documents }) => documents) ?? []}
      more={
        query.hasNextPage
          ? { load: () => void query.fetchNextPage(), isLoading: query.isFetchingNextPage }
          : undefined
      }
    />
  );
}

function Content(props: {
  page: ExternalRegisterPage;
  documents: readonly ExternalDocumentView[];
  more: { load(): void; isLoading: boolean } | undefined;
}): ReactNode {
  const { page, documents, more } = props;
  const say = useTexts(externalTexts);
  const own = useTexts(texts);
  const formats = useFormats();
  const [open, setOpen] = useState<'edit' | 'remove'>();
  const { register, totals } = page;
  return (
    <>
      <PageHead
        title={say('title', { name: register.name })}
        crumbs={[{ title: own('nav.registers'), href: links.registers() }]}
        badge={
          <StateBadge tone="mute" shape="ring">
            {say('external')}
          </StateBadge>
        }
        actions={
          register.mayChange && (
            <Group gap="xs">
              <Button variant="default" onClick={() => setOpen('edit')}>
                {say('edit')}
              </Button>
              <Button variant="default" onClick={() => setOpen('remove')}>
                {say('remove')}
              </Button>
            </Group>
          )
        }
      />
      <div className="kit-banner" data-tone="info">
        <span>{say('banner')}</span>
      </div>
      <FnBanner until={register.fnValidUntil} />
      <OwnFacts page={page} />
      {totals.length > 0 && (
        <CardGrid min={11}>
          {totals.map(({ sign, documents: n, totalKop }) => (
            <Tile
              key={sign}
              name={own.maybe(`sign.${sign}`, String(sign))}
              value={formats.money(totalKop)}
              note={own('sign.documents', { n })}
              tone="mute"
            />
          ))}
        </CardGrid>
      )}
      <ExternalDocuments register={register} documents={documents} more={more} />
      {open === 'edit' && <ExternalForm register={register} onClose={() => setOpen(undefined)} />}
      {open === 'remove' && <Remove page={page} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function FnBanner({ until }: { until: string | null }): ReactNode {
  const say = useTexts(externalTexts);
  const formats = useFormats();
  const left = daysLeft(until);
  if (until === null || left === null || left > soonDays) return null;
  return (
    <div className="kit-banner" data-tone={left < 0 ? 'bad' : 'warn'}>
      <strong>{say(left < 0 ? 'fnEnded' : 'fnSoon', { date: formats.date(until) })}</strong>
    </div>
  );
}

function OwnFacts({ page: { register } }: { page: ExternalRegisterPage }): ReactNode {
  const say = useTexts(externalTexts);
  const formats = useFormats();
  const fnEnd = useFnEnd();
  const places = useExternals().data?.places;
  const place = places?.find(({ id }) => id === register.nodeId)?.name;
  return (
    <Card title={say('facts')}>
      <Facts
        rows={[
          [say('model'), register.model],
          [say('serial'), <IdChip key="s" id={register.serial} />],
          [say('rnm'), register.rnm && <IdChip key="r" id={register.rnm} />],
          [say('fn'), register.fnNumber && <IdChip key="f" id={register.fnNumber} />],
          [say('fnUntil'), fnEnd(register.fnValidUntil)],
          [say('operator'), register.operatorName],
          [say('paidUntil'), register.operatorPaidUntil && formats.date(register.operatorPaidUntil)],
          [say('address'), register.address],
          [say('place'), register.nodeId === null ? say('nowhere') : place],
          [say('last'), register.lastDocumentAt && formats.local(register.lastDocumentAt)],
          [say('note'), register.note],
        ]}
      />
      {!register.mayChange && (
        <Text className="kit-soft" size="sm" mt="sm">
          {say('mayNot')}
        </Text>
      )}
    </Card>
  );
}

function Remove({ page: { register }, onClose }: { page: ExternalRegisterPage; onClose(): void }): ReactNode {
  const say = useTexts(externalTexts);
  const { go } = useRouting();
  const { remove } = useExternalChanges(register.id);
  return (
    <Dialog title={say('removeTitle', { name: register.name })} onClose={onClose}>
      <SimpleForm
        onSubmit={() => remove.mutate(undefined, { onSuccess: () => go(links.registers()) })}
        error={remove.error}
        isPending={remove.isPending}
        isReady
        submit={say('remove')}
        isDanger
      >
        <Text size="sm">{say('removeNote')}</Text>
      </SimpleForm>
    </Dialog>
  );
}
