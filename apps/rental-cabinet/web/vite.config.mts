import { webConfig } from '../../../libs/web-kit/vite-config.mts';

export default webConfig(import.meta.url, 'rental-cabinet', 8081);
