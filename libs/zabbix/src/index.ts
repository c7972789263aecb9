/** Zabbix: the template from the table of readings, discovery, and the sender protocol. */
export * from './feed';
export * from './sender';
export * from './template';
