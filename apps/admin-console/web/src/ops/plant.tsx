import type { PlantView } from '@kkt/web-contract';
import {
  Ago,
  AppLink,
  Card,
  CardGrid,
  DataTable,
  DateTime,
  EmptyState,
  PageHead,
  QueryView,
  StateBadge,
  Tile,
  useLiveQuery,
  useTexts,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { PlantMap } from './plant-map';
import { plantTexts } from './texts-plant';
import './ops.css';

/** Network and power: what hangs on what, what is down, and which assemblies one failure would cut off. */
export function PlantScreen(): ReactNode {
  const say = useTexts(plantTexts);
  const query = useLiveQuery<PlantView>('plant', 'plant');
  return (
    <>
      <PageHead
        title={say('plant.title')}
        live
        actions={query.data?.panel === true && <AppLink href="/demo">{say('plant.panel')}</AppLink>}
      />
      <QueryView query={query}>
        {({ centres }) =>
          centres.length === 0 ? (
            <Card>
              <EmptyState title={say('plant.none')}>{say('plant.noneHint')}</EmptyState>
            </Card>
          ) : (
            <>
              {centres.map((centre) => (
                <Centre key={centre.dc} centre={centre} />
              ))}
            </>
          )
        }
      </QueryView>
    </>
  );
}

function Centre({ centre }: { centre: PlantView['centres'][number] }): ReactNode {
  const say = useTexts(plantTexts);
  const alone = centre.assemblies.filter(({ singlePoints }) => singlePoints.length > 0);
  return (
    <>
      <CardGrid min={16}>
        <Tile
          name={centre.dc}
          tone={alone.length > 0 ? 'warn' : 'good'}
          value={alone.length === 0 ? say('plant.noSingle') : say('plant.single', { n: alone.length })}
          note={alone.length === 0 ? say('plant.noSingleNote') : undefined}
        />
        <Tile
          name={say('plant.down')}
          tone={centre.down.length > 0 ? 'bad' : 'good'}
          value={centre.down.length > 0 ? centre.down.length : say('plant.downNone')}
          note={centre.seenAt === null ? say('plant.never') : <SeenNote at={centre.seenAt} />}
        />
      </CardGrid>
      {centre.down.length > 0 && (
        <Card title={say('plant.down')} flush>
          <DataTable
            caption={say('plant.down')}
            rows={centre.down}
            rowKey={(row) => `${row.kind}:${row.code}`}
            columns={[
              {
                key: 'what',
                title: say('plant.down'),
                render: (row) => (
                  <StateBadge tone="bad" shape="cross">
                    {say(`kind.${row.kind}`)} {row.code}
                  </StateBadge>
                ),
              },
              {
                key: 'since',
                title: say('plant.since'),
                render: (row) => <DateTime at={row.since} short />,
              },
              {
                key: 'behind',
                title: say('plant.behindTitle'),
                render: (row) =>
                  say('plant.behind', {
                    n: row.assemblies.length,
                    cut: row.assemblies.filter(({ how }) => how === 'down').length,
                  }),
              },
            ]}
          />
        </Card>
      )}
      <Card title={`${centre.dc}: ${say('plant.racks')}`}>
        <PlantMap centre={centre} />
      </Card>
    </>
  );
}

/** The text has one place for the age; the age itself stays true on the screen. */
function SeenNote({ at }: { at: string }): ReactNode {
  const say = useTexts(plantTexts);
  const [before = '', after = ''] = say('plant.seen', { age: '\u0000' }).split('\u0000');
  return (
    <>
      {before}
      <Ago at={at} />
      {after}
    </>
  );
}
