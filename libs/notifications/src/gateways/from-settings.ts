import type { NotificationChannel } from '@kkt/storage';
import type { Gateway } from './gateway';
import { smsGateway, telegramGateway, voiceGateway } from './http';
import { mailboxGateway } from './mailbox';
import { smtpGateway } from './smtp';

export interface GatewaySettings {
  smtpUrl?: string;
  mailFrom: string;
  smsGatewayUrl?: string;
  smsGatewayKey?: string;
  telegramBotToken?: string;
  telegramApiUrl: string;
  voiceGatewayUrl?: string;
  voiceGatewayKey?: string;
}

/** Channels that leave the farm. */
export type OutwardChannel = Exclude<NotificationChannel, 'web'>;
export type Gateways = Readonly<Record<OutwardChannel, Gateway>>;

/** A gateway for each channel; what is not configured goes to the local mailbox. */
export const gatewaysOf = (settings: GatewaySettings): Gateways => ({
  email: settings.smtpUrl ? smtpGateway({ url: settings.smtpUrl, from: settings.mailFrom }) : mailboxGateway,
  sms: settings.smsGatewayUrl ? smsGateway(settings.smsGatewayUrl, settings.smsGatewayKey) : mailboxGateway,
  telegram: settings.telegramBotToken
    ? telegramGateway(settings.telegramApiUrl, settings.telegramBotToken)
    : mailboxGateway,
  voice: settings.voiceGatewayUrl
    ? voiceGateway(settings.voiceGatewayUrl, settings.voiceGatewayKey)
    : mailboxGateway,
});
