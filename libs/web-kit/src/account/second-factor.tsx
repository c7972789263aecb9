import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import encodeQR from 'qr';
import { type ReactNode, useState } from 'react';
import { api } from '../api/client';
import { useTexts } from '../i18n/language';
import { CodeBlock } from '../parts/code-block';
import { fieldError, SimpleForm } from '../parts/form';
import { Card } from '../parts/layout';
import { StateBadge } from '../parts/state-badge';
import { IdChip } from '../parts/values';
import { kitTexts } from '../texts';
import { ownAccountTexts } from './texts';

/**
 * Turning the second factor on and off. What it shows once lives in this component only and is gone with it. `path` is
 * the account's: `profile`, `account`.
 */
export function SecondFactor(props: { isOn: boolean; path: string; onChanged(): Promise<void> }): ReactNode {
  const { isOn, path, onChanged } = props;
  const say = useTexts(ownAccountTexts);
  const [step, setStep] = useState<'idle' | 'begin' | 'disable'>('idle');
  const [fresh, setFresh] = useState<{ secret: string; uri: string }>();
  const [codes, setCodes] = useState<readonly string[]>();
  const finish = () => {
    setStep('idle');
    setFresh(undefined);
    setCodes(undefined);
    void onChanged();
  };
  const isShownOn = isOn || codes !== undefined;
  return (
    <Card
      title={say('factor')}
      side={
        <StateBadge tone={isShownOn ? 'good' : 'warn'} shape={isShownOn ? 'circle' : 'triangle'}>
          {say(isShownOn ? 'factorOn' : 'factorOff')}
        </StateBadge>
      }
    >
      {codes ? (
        <RecoveryCodes codes={codes} onDone={finish} />
      ) : fresh ? (
        <Enrol {...fresh} path={path} onDone={setCodes} onCancel={finish} />
      ) : step === 'begin' ? (
        <Begin path={path} onDone={setFresh} onCancel={() => setStep('idle')} />
      ) : step === 'disable' ? (
        <Disable path={path} onDone={finish} />
      ) : (
        <Stack align="flex-start">
          <Text>{say(isOn ? 'factorIs' : 'factorWhy')}</Text>
          <Button variant={isOn ? 'default' : 'filled'} onClick={() => setStep(isOn ? 'disable' : 'begin')}>
            {say(isOn ? 'disable' : 'begin')}
          </Button>
        </Stack>
      )}
    </Card>
  );
}

function PresentPassword(props: {
  value: string;
  onChange(value: string): void;
  error: string | undefined;
}): ReactNode {
  const say = useTexts(ownAccountTexts);
  const kit = useTexts(kitTexts);
  return (
    <PasswordInput
      label={say('present')}
      autoComplete="current-password"
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      error={props.error}
      visibilityToggleButtonProps={{ 'aria-label': kit('login.show') }}
    />
  );
}

function Begin(props: {
  path: string;
  onDone(fresh: { secret: string; uri: string }): void;
  onCancel(): void;
}): ReactNode {
  const say = useTexts(ownAccountTexts);
  const [password, setPassword] = useState('');
  const begin = useMutation({
    mutationFn: () => api.post<{ secret: string; uri: string }>(`${props.path}/totp`, { password }),
    onSuccess: props.onDone,
  });
  return (
    <Stack>
      <SimpleForm
        onSubmit={() => begin.mutate()}
        error={begin.error}
        isPending={begin.isPending}
        isReady={password !== ''}
        submit={say('begin')}
      >
        <PresentPassword
          value={password}
          onChange={setPassword}
          error={fieldError(begin.error, 'password')}
        />
      </SimpleForm>
      <Button variant="subtle" size="compact-sm" onClick={props.onCancel}>
        {say('cancel')}
      </Button>
    </Stack>
  );
}

function Enrol(props: {
  path: string;
  secret: string;
  uri: string;
  onDone(codes: string[]): void;
  onCancel(): void;
}): ReactNode {
  const { path, secret, uri, onDone, onCancel } = props;
  const say = useTexts(ownAccountTexts);
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: () => api.post<{ recoveryCodes: string[] }>(`${path}/totp/confirm`, { code }),
    onSuccess: ({ recoveryCodes }) => onDone(recoveryCodes),
  });
  return (
    <Stack>
      <Text>{say('scan')}</Text>
      <img
        className="kit-qr"
        src={`data:image/svg+xml,${encodeURIComponent(encodeQR(uri, 'svg', { border: 2 }))}`}
        alt={say('qr')}
        width={200}
        height={200}
      />
      <div>
        <Text className="kit-soft" size="sm">
          {say('secret')}
        </Text>
        <IdChip id={secret} />
      </div>
      <SimpleForm
        onSubmit={() => confirm.mutate()}
        error={confirm.error}
        isPending={confirm.isPending}
        isReady={code.replace(/\D/g, '').length === 6}
        submit={say('finish')}
      >
        <TextInput
          label={say('appCode')}
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={fieldError(confirm.error, 'code')}
        />
      </SimpleForm>
      <Button variant="subtle" size="compact-sm" onClick={onCancel}>
        {say('cancel')}
      </Button>
    </Stack>
  );
}

/** Printing leaves everything but the codes out. */
function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone(): void }): ReactNode {
  const say = useTexts(ownAccountTexts);
  return (
    <Stack>
      <Text role="status">{say('codesNote')}</Text>
      <div className="kit-print-only">
        <CodeBlock text={codes.join('\n')} label={say('codes')} />
      </div>
      <Group>
        <Button onClick={onDone}>{say('saved')}</Button>
        <Button variant="default" onClick={() => window.print()}>
          {say('print')}
        </Button>
      </Group>
    </Stack>
  );
}

function Disable({ path, onDone }: { path: string; onDone(): void }): ReactNode {
  const say = useTexts(ownAccountTexts);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const disable = useMutation({
    mutationFn: () => api.post(`${path}/totp/disable`, { password, code }),
    onSuccess: onDone,
  });
  return (
    <Stack>
      <SimpleForm
        onSubmit={() => disable.mutate()}
        error={disable.error}
        isPending={disable.isPending}
        isReady={password !== '' && code.trim().length >= 6}
        submit={say('disable')}
      >
        <PresentPassword
          value={password}
          onChange={setPassword}
          error={fieldError(disable.error, 'password')}
        />
        <TextInput
          label={say('disableCode')}
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={fieldError(disable.error, 'code')}
        />
      </SimpleForm>
      <Button variant="subtle" size="compact-sm" onClick={onDone}>
        {say('cancel')}
      </Button>
    </Stack>
  );
}
