import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Frame } from './frame';
import { NotFound } from './screens/not-found';
import { OverviewScreen } from './screens/overview';

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });
const at = <const P extends string>(path: P) => ({ getParentRoute: () => root, path });

const overview = createRoute({ ...at('/'), component: OverviewScreen });
const rack = createRoute({
  ...at('/racks/$dc/$rack'),
  component: lazyRouteComponent(() => import('./screens/rack'), 'RackScreen'),
});
const register = createRoute({
  ...at('/registers/$id'),
  component: lazyRouteComponent(() => import('./register/register'), 'RegisterScreen'),
});
const registers = createRoute({
  ...at('/registers'),
  component: lazyRouteComponent(() => import('./screens/registers'), 'RegistersScreen'),
});
const receipts = createRoute({
  ...at('/receipts'),
  component: lazyRouteComponent(() => import('./screens/receipts'), 'ReceiptsScreen'),
});
const receipt = createRoute({
  ...at('/receipts/$id'),
  component: lazyRouteComponent(() => import('./receipt/receipt'), 'ReceiptScreen'),
});
const queues = createRoute({
  ...at('/queues'),
  component: lazyRouteComponent(() => import('./queues/queues'), 'QueuesScreen'),
});
const alerts = createRoute({
  ...at('/alerts'),
  component: lazyRouteComponent(() => import('./alerts/alerts'), 'AlertsScreen'),
});
const operators = createRoute({
  ...at('/operators'),
  component: lazyRouteComponent(() => import('./operators/operators'), 'OperatorsScreen'),
});
const documents = createRoute({
  ...at('/documents'),
  component: lazyRouteComponent(() => import('./screens/documents'), 'DocumentsScreen'),
});
const document = createRoute({
  ...at('/documents/$fn/$fd'),
  component: lazyRouteComponent(() => import('./screens/document'), 'DocumentScreen'),
});
const stock = createRoute({
  ...at('/stock'),
  component: lazyRouteComponent(() => import('./screens/stock'), 'StockScreen'),
});
const fnWork = createRoute({
  ...at('/fn/work'),
  component: lazyRouteComponent(() => import('./fn-life/work'), 'WorkScreen'),
});
const fnWorkflow = createRoute({
  ...at('/fn/work/$id'),
  component: lazyRouteComponent(() => import('./fn-life/one'), 'WorkflowScreen'),
});
const fnEnds = createRoute({
  ...at('/fn/ends'),
  component: lazyRouteComponent(() => import('./fn-life/ends'), 'EndsScreen'),
});
const fnStock = createRoute({
  ...at('/fn/stock'),
  component: lazyRouteComponent(() => import('./fn-life/stock'), 'FnStockScreen'),
});
const plant = createRoute({
  ...at('/plant'),
  component: lazyRouteComponent(() => import('./ops/plant'), 'PlantScreen'),
});
const demo = createRoute({
  ...at('/demo'),
  component: lazyRouteComponent(() => import('./ops/demo'), 'DemoScreen'),
});
const serviceWall = createRoute({
  ...at('/wall/service'),
  component: lazyRouteComponent(() => import('./walls/service'), 'ServiceWallScreen'),
});
const hardwareWall = createRoute({
  ...at('/wall/hardware'),
  component: lazyRouteComponent(() => import('./walls/hardware'), 'HardwareWallScreen'),
});
const duty = createRoute({
  ...at('/duty'),
  component: lazyRouteComponent(() => import('./ops/duty'), 'DutyScreen'),
});
const visits = createRoute({
  ...at('/visits'),
  component: lazyRouteComponent(() => import('./ops/visits'), 'VisitsScreen'),
});
const audit = createRoute({
  ...at('/audit'),
  component: lazyRouteComponent(() => import('./ops/audit'), 'AuditScreen'),
});
const account = createRoute({
  ...at('/account'),
  component: lazyRouteComponent(() => import('./ops/account'), 'AccountScreen'),
});
const capacity = createRoute({
  ...at('/capacity'),
  component: lazyRouteComponent(() => import('./ops/capacity'), 'CapacityScreen'),
});
const support = createRoute({
  ...at('/support'),
  component: lazyRouteComponent(() => import('./screens/support'), 'SupportScreen'),
});
const money = createRoute({
  ...at('/money'),
  component: lazyRouteComponent(() => import('./money/money'), 'MoneyScreen'),
});
const search = createRoute({
  ...at('/search'),
  component: lazyRouteComponent(() => import('./screens/search'), 'SearchScreen'),
});

/** Search parameters are plain texts: no value is taken for JSON. */
const parseSearch = (text: string): Record<string, string> => Object.fromEntries(new URLSearchParams(text));
const stringifySearch = (search: Record<string, unknown>): string => {
  const text = new URLSearchParams(
    Object.entries(search).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  ).toString();
  return text === '' ? '' : `?${text}`;
};

export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    rack,
    registers,
    register,
    receipts,
    receipt,
    queues,
    alerts,
    operators,
    documents,
    document,
    stock,
    fnWork,
    fnWorkflow,
    fnEnds,
    fnStock,
    plant,
    demo,
    serviceWall,
    hardwareWall,
    duty,
    visits,
    audit,
    account,
    capacity,
    support,
    money,
    search,
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: false,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
