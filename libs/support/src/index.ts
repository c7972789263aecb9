/** Questions of clients: when an answer is due, who is told of what. */
export * from './support-desk';
export * from './working-hours';
