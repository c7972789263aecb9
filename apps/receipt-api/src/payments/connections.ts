import { randomBytes } from 'node:crypto';
import {
  type ConnectionSettings,
  type Payments,
  type ProviderName,
  providers,
  sealSecrets,
} from '@kkt/payments';
import { isNetwork } from '@kkt/security';
import { type PaymentConnection, PaymentConnectionStore } from '@kkt/storage';
import type { KnownGroup } from '../access/directory';
import { Problem } from '../v1/http/problem';
import type { OwnApi } from '../v1/own-api';
import type { ConnectionBody, ConnectionChangeBody, ConnectionSettingsBody, SecretsBody } from './bodies';
import type { ConnectionSettingsView, ConnectionView } from './views';

const settingsView = (settings: ConnectionSettings): ConnectionSettingsView => ({
  mode: settings.mode,
  partial_refund: settings.partialRefund,
  ...(settings.addresses && { addresses: [...settings.addresses] }),
  ...(settings.hash && { hash: settings.hash }),
  ...(settings.checksum && { checksum: settings.checksum }),
  ...(settings.amountIsWhatIsLeft && { amount_is_what_is_left: true }),
});

const wrong = (pointer: string, rule: string, detail: string, detailEn: string): Problem =>
  new Problem('request-invalid', { errors: [{ pointer, rule, tag: null, detail, detail_en: detailEn }] });

const camel = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const listed = (names: readonly string[]): string => names.map(snake).join(', ');

function readSecrets(provider: ProviderName, body: SecretsBody): Record<string, string> {
  const secrets = Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      typeof value === 'string' ? [[camel(name), value]] : [],
    ),
  );
  const { required, optional = [] } = providers[provider].secrets;
  const known = [...required, ...optional];
  const strange = Object.keys(secrets).find((name) => !known.includes(name));
  if (strange !== undefined)
    throw wrong(
      '/secrets',
      'UnknownField',
      `Секрета ${snake(strange)} нет; есть: ${listed(known)}`,
      `There is no secret ${snake(strange)}; known: ${listed(known)}`,
    );
  const missing = required.filter((name) => !secrets[name]);
  if (missing.length > 0)
    throw wrong(
      '/secrets',
      'PropertyRequired',
      `Не хватает: ${listed(missing)}`,
      `Missing: ${listed(missing)}`,
    );
  return secrets;
}

function readSettings(
  provider: ProviderName,
  body: ConnectionSettingsBody | undefined,
  secrets: Readonly<Record<string, string>>,
): ConnectionSettings {
  const strange = body?.addresses?.find((network) => !isNetwork(network));
  if (strange !== undefined)
    throw wrong(
      '/settings/addresses',
      'PatternMismatch',
      `${strange} — не сеть`,
      `${strange} is not a network`,
    );
  const settings: ConnectionSettings = {
    mode: body?.mode === 'test' ? 'test' : 'live',
    partialRefund: body?.partial_refund === 'review' ? 'review' : 'split',
    ...(body?.addresses && { addresses: body.addresses }),
    ...(provider === 'robokassa' && { hash: (body?.hash ?? 'sha256') as ConnectionSettings['hash'] }),
    ...(provider === 'sber' && { checksum: body?.checksum === 'rsa' ? 'rsa' : 'hmac' }),
    ...(provider === 'tbank' && body?.amount_is_what_is_left && { amountIsWhatIsLeft: true }),
  };
  const needed = settings.checksum === 'rsa' ? 'callbackCertificate' : 'callbackKey';
  if (provider === 'sber' && !secrets[needed])
    throw wrong('/secrets', 'PropertyRequired', `Не хватает: ${snake(needed)}`, `Missing: ${snake(needed)}`);
  return settings;
}

/** Set-up of shops' accounts at providers. */
export class Connections {
  private readonly store: PaymentConnectionStore;

  constructor(
    private readonly api: OwnApi,
    private readonly payments: Payments,
    private readonly publicBaseUrl: string,
  ) {
    this.store = new PaymentConnectionStore(api.database);
  }

  async add(body: ConnectionBody, group: KnownGroup): Promise<ConnectionView> {
    const provider = body.provider as ProviderName;
    const secrets = readSecrets(provider, body.secrets);
    const settings = readSettings(provider, body.settings, secrets);
    const id = this.api.ids.uuid();
    await this.store.add({
      id,
      clientId: group.group.clientId,
      groupId: group.group.id,
      provider,
      name: body.name,
      callbackKey: randomBytes(24).toString('base64url'),
      secrets: sealSecrets(this.payments.sealer, id, secrets),
      settings,
    });
    this.api.log.info({ connectionId: id, provider, groupId: group.group.id }, 'payment connection made');
    return this.viewOf((await this.store.byId(id)) as PaymentConnection, secrets);
  }

  async change(row: PaymentConnection, body: ConnectionChangeBody): Promise<ConnectionView> {
    const provider = row.provider as ProviderName;
    const earlier = this.secretsOf(row);
    const secrets = body.secrets ? readSecrets(provider, body.secrets) : earlier;
    const settings = body.settings && readSettings(provider, body.settings, secrets);
    await this.store.change(row.id, {
      name: body.name,
      ...(body.secrets && { secrets: sealSecrets(this.payments.sealer, row.id, secrets) }),
      settings,
    });
    if (body.state) await this.store.setState(row.id, body.state as 'active' | 'disabled', null);
    this.api.log.info({ connectionId: row.id, state: body.state }, 'payment connection changed');
    return this.viewOf((await this.store.byId(row.id)) as PaymentConnection, secrets);
  }

  async list(clientId: string, groupCode: string | null): Promise<ConnectionView[]> {
    const rows = await this.store.ofClient(clientId);
    return rows
      .filter((row) => groupCode === null || row.groupCode === groupCode)
      .map((row) => this.viewOf(row));
  }

  byId(id: string): Promise<PaymentConnection | undefined> {
    return this.store.byId(id);
  }

  private secretsOf(row: PaymentConnection): Record<string, string> {
    return JSON.parse(this.payments.sealer.open(row.secrets, row.id)) as Record<string, string>;
  }

  private viewOf(row: PaymentConnection, secrets = this.secretsOf(row)): ConnectionView {
    const provider = row.provider as ProviderName;
    const settings = row.settings as ConnectionSettings;
    return {
      id: row.id,
      provider,
      group: row.groupCode,
      name: row.name,
      state: row.state,
      state_reason: row.stateReason,
      callback_url: `${this.publicBaseUrl}/cb/${provider}/${row.callbackKey}`,
      can_reconcile: providers[provider].canReread({ provider, secrets, settings }),
      settings: settingsView(settings),
      created_at: row.createdAt.toISOString(),
    };
  }
}
