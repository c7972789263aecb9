import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'vite';

/**
 * How a web application is built.
 * @param configUrl `import.meta.url` of the application's own vite.config.mts
 * @param application folder below apps/
 * @param serverPort where its server listens, for `vite dev`
 */
export function webConfig(configUrl: string, application: string, serverPort: number): UserConfig {
  const at = (path: string): string => fileURLToPath(new URL(path, configUrl));
  return {
    root: at('.'),
    resolve: { alias: { '@kkt/web-kit': at('../../../libs/web-kit/src/index.ts') } },
    build: {
      outDir: at(`../../../dist/apps/${application}/web`),
      emptyOutDir: true,
      target: 'es2022',
      // Pictures inside scripts would need a looser content security policy.
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      // The first load is one chunk of about 200 kB compressed; the budget is 350.
      chunkSizeWarningLimit: 800,
      rolldownOptions: {
        onLog(level, log, tell) {
          // The component kit marks its files for servers that render; here everything is for the browser.
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log);
        },
      },
    },
    server: { proxy: { '/api': `http://127.0.0.1:${serverPort}` } },
  };
}
