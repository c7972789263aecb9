/** The server half of both web applications: headers, sessions, static files, errors, live updates. */
export * from './create-web-app';
export * from './document-tree';
export * from './errors';
export * from './http';
export * from './live-feed';
export * from './live-stream';
export * from './login-service';
export * from './session-cookie';
export * from './validation';
export * from './web-files';
