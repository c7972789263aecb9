/** Which way arrows point. A rule's comment says what breaks when it is broken. */
const pure = '^libs/(atol-protocol|billing|company|contracts|domain|ffd|fn-life|forecast|ofd-protocol)/src';
module.exports = {
  forbidden: [
    {
      name: 'pure-libs-are-framework-free',
      comment: 'Bytes, tax words and decisions must be testable without Nest, a database, a port or a clock.',
      severity: 'error',
      from: { path: pure, pathNot: 'spec\\.ts$' },
      to: { path: 'node_modules/(@nestjs|typeorm|bull|ioredis|serialport|@serialport|pg|axios|fastify)/' },
    },
    {
      name: 'pure-libs-know-only-pure-libs',
      comment: 'A pure library that reaches for a world-touching one cannot be simulated.',
      severity: 'error',
      from: { path: pure, pathNot: 'spec\\.ts$' },
      to: { path: '^(libs|apps|hardware|tools)/', pathNot: pure },
    },
    {
      name: 'libs-never-import-apps',
      comment: 'Apps are doors; what two doors share lives in a library.',
      severity: 'error',
      from: { path: '^libs/', pathNot: '^libs/testing/|e2e-spec\\.ts$' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-never-import-apps',
      comment: 'Processes meet in PostgreSQL and queues, not in each other’s code.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: 'e2e-spec\\.ts$' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-app-knows-the-emulator',
      comment: 'The emulator is hardware: production code meets it only as bytes on a port.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/testing/|spec\\.ts$' },
      to: { path: '^hardware/emulator/' },
    },
    {
      name: 'one-door-per-lib',
      comment: 'Import a library by its name; its inside may change.',
      severity: 'error',
      from: { path: '^(apps|hardware|tools)/' },
      to: { path: '^libs/[^/]+/src/(?!index\\.ts$)' },
    },
    {
      name: 'one-door-per-lib-between-libs',
      comment: 'Import a library by its name; its inside may change.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/[^/]+/src/(?!index\\.ts$)', pathNot: '^libs/$1/' },
    },
    {
      name: 'testing-stays-in-tests',
      comment: 'Builders, fake clocks and fault worlds never reach production.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/testing/|spec\\.ts$|/test/' },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'no-circular',
      comment: 'A circle has no first file to read.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'only-transports-open-ports',
      comment: 'One place knows serialport.',
      severity: 'error',
      from: { path: '^(apps|libs|hardware)/', pathNot: '^libs/kkt-driver/src/transports/|spec\\.ts$' },
      to: { path: 'node_modules/(serialport|@serialport)/' },
    },
    {
      name: 'only-queue-knows-bull',
      comment: 'Bull is in maintenance; one file to change when it is replaced.',
      severity: 'error',
      from: { path: '^(apps|libs|hardware|tools)/', pathNot: '^libs/queue/' },
      to: { path: 'node_modules/(bull|@nestjs/bull|@nestjs/bull-shared)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist|^apps/[^/]+/web/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
