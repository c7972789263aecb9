import { startApp } from '@kkt/web-kit';
import { App } from './app';

startApp(<App />);
