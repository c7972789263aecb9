import { webConfig } from '../../../libs/web-kit/vite-config.mts';

export default webConfig(import.meta.url, 'admin-console', 8082);
