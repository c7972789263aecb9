import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Frame } from './frame';
import { HomeScreen } from './screens/home';
import { NotFound } from './screens/not-found';

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });
const at = <const P extends string>(path: P) => ({ getParentRoute: () => root, path });

const home = createRoute({ ...at('/'), component: HomeScreen });
const receipts = createRoute({
  ...at('/receipts'),
  component: lazyRouteComponent(() => import('./screens/receipts'), 'ReceiptsScreen'),
});
const receipt = createRoute({
  ...at('/receipts/$id'),
  component: lazyRouteComponent(() => import('./screens/receipt'), 'ReceiptScreen'),
});
const registers = createRoute({
  ...at('/registers'),
  component: lazyRouteComponent(() => import('./screens/registers'), 'RegistersScreen'),
});
const register = createRoute({
  ...at('/registers/$id'),
  component: lazyRouteComponent(() => import('./screens/register'), 'RegisterScreen'),
});
const operator = createRoute({
  ...at('/registers/$id/operator'),
  component: lazyRouteComponent(() => import('./screens/operator/operator'), 'OperatorScreen'),
});
const external = createRoute({
  ...at('/external/$id'),
  component: lazyRouteComponent(() => import('./screens/external/external'), 'ExternalScreen'),
});
const document = createRoute({
  ...at('/documents/$fn/$fd'),
  component: lazyRouteComponent(() => import('./screens/document'), 'DocumentScreen'),
});
const integration = createRoute({
  ...at('/integration'),
  component: lazyRouteComponent(() => import('./screens/integration'), 'IntegrationScreen'),
});
const analytics = createRoute({
  ...at('/analytics'),
  component: lazyRouteComponent(() => import('./screens/analytics/analytics'), 'AnalyticsScreen'),
});
const money = createRoute({
  ...at('/money'),
  component: lazyRouteComponent(() => import('./screens/money/money'), 'MoneyScreen'),
});
const order = createRoute({
  ...at('/order'),
  component: lazyRouteComponent(() => import('./screens/order/order'), 'OrderScreen'),
});
const oneOrder = createRoute({
  ...at('/orders/$id'),
  component: lazyRouteComponent(() => import('./screens/order/one-order'), 'OneOrderScreen'),
});
const fn = createRoute({
  ...at('/fn'),
  component: lazyRouteComponent(() => import('./screens/fn/fn'), 'FnScreen'),
});
const registration = createRoute({
  ...at('/registration/$id'),
  component: lazyRouteComponent(() => import('./screens/fn/one-application'), 'OneApplicationScreen'),
});
const company = createRoute({
  ...at('/company'),
  component: lazyRouteComponent(() => import('./screens/company/company'), 'CompanyScreen'),
});
const support = createRoute({
  ...at('/support'),
  component: lazyRouteComponent(() => import('./screens/support/support'), 'SupportScreen'),
});
const ticket = createRoute({
  ...at('/support/$id'),
  component: lazyRouteComponent(() => import('./screens/support/ticket'), 'TicketScreen'),
});
const profile = createRoute({
  ...at('/profile'),
  component: lazyRouteComponent(() => import('./screens/profile/profile'), 'ProfileScreen'),
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
    home,
    receipts,
    receipt,
    registers,
    register,
    operator,
    external,
    document,
    integration,
    analytics,
    money,
    order,
    oneOrder,
    fn,
    registration,
    company,
    support,
    ticket,
    profile,
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
