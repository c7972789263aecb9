/** The server half of both web applications: headers, sessions, static files, errors, live updates. */
export * from './condition';
export * from './contract-view';
export * from './create-web-app';
export * from './document-tree';
export * from './errors';
export * from './html';
export * from './http';
export * from './live-feed';
export * from './live-stream';
export * from './login-service';
export * from './receipt-life';
export * from './security-headers';
export * from './session-cookie';
export * from './simple-page';
export * from './validation';
export * from './views';
export * from './web-files';
