import { Checkbox, NativeSelect, PasswordInput, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ProviderView } from '@kkt/web-contract';
import { api, fieldError, SimpleForm, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../parts/dialog';
import { providerTitles } from './payments';
import { integrationTexts } from './texts';

const vats = ['none', 'vat0', 'vat5', 'vat7', 'vat10', 'vat22'] as const;
const taxSystems = ['', 'osn', 'usn_income', 'usn_income_outcome', 'esn', 'patent'] as const;
const vatNames: Readonly<Record<(typeof vats)[number], string>> = {
  none: 'без НДС',
  vat0: '0 %',
  vat5: '5 %',
  vat7: '7 %',
  vat10: '10 %',
  vat22: '22 %',
};

/** Names of secrets as the providers' own pages call them. */
const secretTitles: Readonly<Record<string, string>> = {
  clientId: 'Client ID',
  clientSecret: 'Secret',
  webhookId: 'Webhook ID',
  receiverId: 'Receiver ID (Merchant ID)',
  shopId: 'shopId',
  secretKey: 'Секретный ключ',
  terminalKey: 'TerminalKey',
  password: 'Пароль',
  publicId: 'Public ID',
  apiSecret: 'API Secret',
  userName: 'Логин API',
  callbackKey: 'Ключ контрольной суммы',
  callbackCertificate: 'Сертификат (PEM)',
  merchantLogin: 'Идентификатор магазина',
  password2: 'Пароль № 2',
  endpointSecret: 'Signing secret (whsec_…)',
  apiKey: 'Secret key (sk_…)',
};

/** Connects a shop's account at a provider; PayPal stands first. */
export function ConnectDialog(props: {
  providers: readonly ProviderView[];
  groups: readonly string[];
  onClose(): void;
}): ReactNode {
  const say = useTexts(integrationTexts);
  const queries = useQueryClient();
  const { providers, groups, onClose } = props;
  const [provider, setProvider] = useState(providers[0]?.name ?? 'paypal');
  const [group, setGroup] = useState(groups[0] ?? '');
  const [name, setName] = useState('');
  const [mode, setMode] = useState<'live' | 'test'>('live');
  const [partial, setPartial] = useState<'split' | 'review'>('split');
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const [isMapped, setMapped] = useState(false);
  const [item, setItem] = useState({ name: '', vat: 'none', contact: '', taxSystem: '' });
  const found = providers.find((one) => one.name === provider);
  const connect = useMutation({
    mutationFn: () =>
      api.post('payments/connections', {
        provider,
        group,
        name: name.trim() || (providerTitles[provider] ?? provider),
        secrets,
        settings: {
          mode,
          partialRefund: partial,
          ...(isMapped && {
            itemWithoutOrder: {
              name: item.name.trim(),
              vat: item.vat,
              method: 4,
              subject: 1,
              ...(item.taxSystem !== '' && { taxSystem: item.taxSystem }),
              ...(item.contact.trim() !== '' && { contact: item.contact.trim() }),
            },
          }),
        },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['payments'] });
      onClose();
    },
  });
  const secret = (field: string, isOptional: boolean): ReactNode => {
    const common = {
      label: secretTitles[field] ?? field,
      description: isOptional ? say('optional') : undefined,
      value: secrets[field] ?? '',
      error: fieldError(connect.error, `secrets.${field}`),
      onChange: (event: { currentTarget: { value: string } }) => {
        const { value } = event.currentTarget;
        setSecrets((before) => ({ ...before, [field]: value }));
      },
    };
    return field === 'callbackCertificate' ? (
      <Textarea key={field} {...common} rows={3} />
    ) : (
      <PasswordInput key={field} {...common} autoComplete="off" />
    );
  };
  return (
    <Dialog title={say('connectTitle')} onClose={onClose}>
      <SimpleForm
        onSubmit={() => connect.mutate()}
        error={connect.error}
        isPending={connect.isPending}
        isReady={group !== '' && (!isMapped || item.name.trim() !== '')}
        submit={say('connect')}
      >
        <NativeSelect
          label={say('provider')}
          value={provider}
          data={providers.map((one) => ({ value: one.name, label: providerTitles[one.name] ?? one.name }))}
          onChange={(event) => {
            setProvider(event.currentTarget.value);
            setSecrets({});
            connect.reset();
          }}
        />
        <NativeSelect
          label={say('keyGroup')}
          value={group}
          data={[...groups]}
          onChange={(event) => setGroup(event.currentTarget.value)}
          error={fieldError(connect.error, 'group')}
        />
        <TextInput
          label={say('connectionName')}
          placeholder={providerTitles[provider]}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fieldError(connect.error, 'name')}
        />
        <NativeSelect
          label={say('mode')}
          value={mode}
          data={(['live', 'test'] as const).map((value) => ({ value, label: say(`mode.${value}`) }))}
          onChange={(event) => setMode(event.currentTarget.value as typeof mode)}
        />
        <fieldset className="cabinet-preview">
          <legend>{say('secretsTitle')}</legend>
          <Stack gap="xs">
            <Text size="sm" className="kit-soft">
              {say('secretsHint')}
            </Text>
            {found?.required.map((field) => secret(field, false))}
            {found?.optional.map((field) => secret(field, true))}
          </Stack>
        </fieldset>
        <NativeSelect
          label={say('partial')}
          value={partial}
          data={(['split', 'review'] as const).map((value) => ({ value, label: say(`partial.${value}`) }))}
          onChange={(event) => setPartial(event.currentTarget.value as typeof partial)}
        />
        <fieldset className="cabinet-preview">
          <legend>{say('mapping')}</legend>
          <Stack gap="xs">
            <Text size="sm" className="kit-soft">
              {say('mappingNote')}
            </Text>
            <Checkbox
              label={say('mappingOn')}
              checked={isMapped}
              onChange={(event) => setMapped(event.currentTarget.checked)}
            />
            {isMapped && (
              <>
                <TextInput
                  label={say('itemName')}
                  maxLength={128}
                  value={item.name}
                  onChange={(event) => {
                    const { value } = event.currentTarget;
                    setItem((before) => ({ ...before, name: value }));
                  }}
                  error={fieldError(connect.error, 'settings.itemWithoutOrder.name')}
                />
                <NativeSelect
                  label={say('vat')}
                  value={item.vat}
                  data={vats.map((value) => ({ value, label: vatNames[value] }))}
                  onChange={(event) => {
                    const { value } = event.currentTarget;
                    setItem((before) => ({ ...before, vat: value }));
                  }}
                />
                <NativeSelect
                  label={say('taxSystem')}
                  value={item.taxSystem}
                  data={taxSystems.map((value) => ({
                    value,
                    label: value === '' ? say('taxDefault') : value,
                  }))}
                  onChange={(event) => {
                    const { value } = event.currentTarget;
                    setItem((before) => ({ ...before, taxSystem: value }));
                  }}
                />
                <TextInput
                  label={say('contact')}
                  type="email"
                  value={item.contact}
                  onChange={(event) => {
                    const { value } = event.currentTarget;
                    setItem((before) => ({ ...before, contact: value }));
                  }}
                  error={fieldError(connect.error, 'settings.itemWithoutOrder.contact')}
                />
              </>
            )}
          </Stack>
        </fieldset>
      </SimpleForm>
    </Dialog>
  );
}
