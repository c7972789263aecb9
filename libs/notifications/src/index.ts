/** Messages to people: templates as data, an outbox written with the event, gateways, the deliverer. */
export * from './deliverer';
export * from './files';
export * from './gateways/from-settings';
export * from './gateways/gateway';
export * from './gateways/http';
export * from './gateways/mailbox';
export * from './gateways/smtp';
export * from './notify';
export * from './receipt-letters';
export * from './template';
export * from './templates';
