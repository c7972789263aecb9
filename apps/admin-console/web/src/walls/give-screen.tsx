import { Button, Radio, Stack, Text } from '@mantine/core';
import { api, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { FormDialog } from '../parts/form-dialog';
import { wallTexts } from './texts';

/** Turns this browser into a screen on the wall: it stays logged in for a month and sees the wall pages alone. */
export function GiveScreen(): ReactNode {
  const say = useTexts(wallTexts);
  const { staff } = useMember();
  const [isAsked, setAsked] = useState(false);
  const [wall, setWall] = useState('service');
  if (staff.role !== 'engineer' && staff.role !== 'lead') return null;
  return (
    <>
      <Button size="compact-md" variant="default" onClick={() => setAsked(true)}>
        {say('give.button')}
      </Button>
      {isAsked && (
        <FormDialog
          title={say('give.title')}
          action={say('give.do')}
          isReady
          onClose={() => setAsked(false)}
          onConfirm={async () => {
            await api.post('session/wall', {});
            window.location.assign(`/wall/${wall}`);
          }}
        >
          <Text>{say('give.text')}</Text>
          <Radio.Group label={say('give.which')} value={wall} onChange={setWall}>
            <Stack gap="xs" mt="xs">
              <Radio value="service" label={say('service.title')} />
              <Radio value="hardware" label={say('hardware.title')} />
            </Stack>
          </Radio.Group>
        </FormDialog>
      )}
    </>
  );
}
