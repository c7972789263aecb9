/** Grafana dashboards as data: rendered to docker/grafana/dashboards, which a test holds to this file. */

interface PanelSpec {
  title: string;
  description: string;
  unit: string;
  kind?: 'timeseries' | 'stat';
  /** Expression and legend. */
  queries: readonly (readonly [string, string])[];
}

interface DashboardSpec {
  uid: string;
  title: string;
  description: string;
  variables: readonly { name: string; query: string }[];
  panels: readonly PanelSpec[];
}

const place = '{dc=~"$dc", rack=~"$rack"}';
const registerOf = '{serial=~"$serial"}';
const placeVariables = [
  { name: 'dc', query: 'label_values(kkt_register_up, dc)' },
  { name: 'rack', query: 'label_values(kkt_register_up{dc=~"$dc"}, rack)' },
];

export const specs: readonly DashboardSpec[] = [
  {
    uid: 'kkt-service',
    title: 'KKT Farm: service',
    description: 'Is the farm well: receipts per second, queue, doubt, test receipts, callbacks.',
    variables: [],
    panels: [
      {
        title: 'Receipts per second',
        description: 'Accepted, registered and refused.',
        unit: 'reqps',
        queries: [
          ['sum(rate(receipts_accepted_total[1m]))', 'accepted'],
          ['sum by (result) (rate(receipts_finished_total[1m]))', '{{result}}'],
        ],
      },
      {
        title: 'Waiting receipts',
        description: 'In the queue, in the hands of registers, in doubt.',
        unit: 'short',
        queries: [
          ['max(receipts_waiting)', 'waiting'],
          ['max(receipts_working)', 'working'],
          ['max(receipts_in_doubt)', 'in doubt'],
        ],
      },
      {
        title: 'Age of the oldest waiting receipt',
        description: 'Now less the moment it was accepted.',
        unit: 's',
        queries: [['time() - max(receipts_oldest_waiting_timestamp_seconds)', 'age']],
      },
      {
        title: 'Time of registration',
        description: 'From the claim to the stored proof.',
        unit: 's',
        queries: [
          ['histogram_quantile(0.5, sum by (le) (rate(receipt_stage_duration_seconds_bucket[5m])))', 'p50'],
          ['histogram_quantile(0.99, sum by (le) (rate(receipt_stage_duration_seconds_bucket[5m])))', 'p99'],
        ],
      },
      {
        title: 'Test receipts',
        description: 'Duration of the last one that passed, and how long ago that was.',
        unit: 's',
        queries: [
          ['max(synthetic_receipt_duration_seconds)', 'duration'],
          ['time() - max(synthetic_receipt_last_success_timestamp_seconds)', 'since the last success'],
        ],
      },
      {
        title: 'Refused share',
        description: 'Refused receipts among finished ones, five minutes.',
        unit: 'percentunit',
        queries: [['farm:receipt_failures_per_receipts:ratio_rate5m', 'refused']],
      },
      {
        title: 'Open alerts',
        description: 'By priority, without silenced ones.',
        unit: 'short',
        queries: [['max by (priority) (kkt_alerts_open)', '{{priority}}']],
      },
      {
        title: 'Registers on line',
        description: 'Of those that serve clients.',
        unit: 'short',
        kind: 'stat',
        queries: [
          ['max(kkt_registers_online)', 'on line'],
          ['max(kkt_registers_in_use)', 'in use'],
        ],
      },
    ],
  },
  {
    uid: 'kkt-rack',
    title: 'KKT Farm: racks',
    description: 'Racks and their registers: who is up, who is slow, whose FN ends.',
    variables: placeVariables,
    panels: [
      {
        title: 'Registers up',
        description: 'By rack.',
        unit: 'short',
        queries: [[`sum by (dc, rack) (kkt_register_up${place})`, '{{dc}} {{rack}}']],
      },
      {
        title: 'Slowest registers',
        description: 'Response time to commands, 95 %.',
        unit: 's',
        queries: [[`topk(10, kkt_register_command_p95_seconds${place})`, '{{serial}}']],
      },
      {
        title: 'Unsent documents',
        description: 'By rack.',
        unit: 'short',
        queries: [[`sum by (dc, rack) (kkt_register_ofd_unsent${place})`, '{{dc}} {{rack}}']],
      },
      {
        title: 'Oldest unsent document',
        description: 'The FN blocks itself at 30 days.',
        unit: 's',
        queries: [[`topk(10, kkt_register_ofd_unsent_age_seconds${place})`, '{{serial}}']],
      },
      {
        title: 'Least documents left in FNs',
        description: 'The ten that are full first.',
        unit: 'short',
        queries: [[`bottomk(10, kkt_register_fn_documents_left${place})`, '{{serial}}']],
      },
      {
        title: 'Reconnects',
        description: 'A line that drops shows here first.',
        unit: 'short',
        queries: [[`topk(10, increase(kkt_register_reconnects_total${place}[1h]))`, '{{serial}}']],
      },
    ],
  },
  {
    uid: 'kkt-register',
    title: 'KKT Farm: register',
    description: 'One register by its serial number.',
    variables: [
      ...placeVariables,
      { name: 'serial', query: `label_values(kkt_register_up${place}, serial)` },
    ],
    panels: [
      {
        title: 'Up and serving',
        description: 'Link with the device, and whether it takes receipts.',
        unit: 'bool_yes_no',
        queries: [
          [`kkt_register_up${registerOf}`, 'up'],
          [`kkt_register_serving${registerOf}`, 'serving'],
        ],
      },
      {
        title: 'Response time to commands',
        description: '95 % of the last 64 commands.',
        unit: 's',
        queries: [[`kkt_register_command_p95_seconds${registerOf}`, 'p95']],
      },
      {
        title: 'Documents in the FN',
        description: 'Number of the last document, and how many are left.',
        unit: 'short',
        queries: [
          [`kkt_register_fn_documents${registerOf}`, 'made'],
          [`kkt_register_fn_documents_left${registerOf}`, 'left'],
        ],
      },
      {
        title: 'Unsent documents',
        description: 'Not confirmed by the operator.',
        unit: 'short',
        queries: [[`kkt_register_ofd_unsent${registerOf}`, 'unsent']],
      },
      {
        title: 'Clock offset',
        description: 'Clock of the device less ours.',
        unit: 's',
        queries: [[`kkt_register_clock_offset_seconds${registerOf}`, 'offset']],
      },
      {
        title: 'Time left to the shift',
        description: 'A shift lasts 24 hours at most.',
        unit: 's',
        queries: [[`kkt_register_shift_left_seconds${registerOf}`, 'left']],
      },
      {
        title: 'Errors of commands',
        description: 'Refusals and lost answers an hour.',
        unit: 'short',
        queries: [[`increase(kkt_register_command_errors_total${registerOf}[1h])`, 'errors']],
      },
    ],
  },
  {
    uid: 'kkt-callbacks',
    title: 'KKT Farm: callbacks, messages, operators',
    description: 'What leaves the farm: results to shops, messages to people, documents to operators.',
    variables: [],
    panels: [
      {
        title: 'Callbacks',
        description: 'Attempts by outcome, a second.',
        unit: 'reqps',
        queries: [
          ['sum(rate(kkt_callbacks_delivered[5m]))', 'delivered'],
          ['sum(rate(kkt_callbacks_failed[5m]))', 'failed'],
        ],
      },
      {
        title: 'Oldest undelivered callback',
        description: 'Since when it waits.',
        unit: 's',
        queries: [['time() - max(callback_oldest_pending_timestamp_seconds)', 'age']],
      },
      {
        title: 'Messages to people',
        description: 'Mail, SMS, Telegram and calls.',
        unit: 'short',
        queries: [
          ['sum(increase(kkt_notifications_sent[1h]))', 'sent'],
          ['sum(increase(kkt_notifications_gave_up[1h]))', 'given up'],
        ],
      },
      {
        title: 'Relay to operators',
        description: 'Messages in the database that wait.',
        unit: 'short',
        queries: [['max by (kind) (kkt_relay_backlog{kind!="oldest_ready_seconds"})', '{{kind}}']],
      },
      {
        title: 'Failures of the relay',
        description: 'By cause.',
        unit: 'short',
        queries: [['sum by (cause) (increase(kkt_relay_failures_total[1h]))', '{{cause}}']],
      },
    ],
  },
];

const datasource = { type: 'prometheus', uid: 'kkt-prometheus' };

/** The model Grafana 10 and newer provision from a folder. */
export const render = ({ uid, title, description, variables, panels }: DashboardSpec): object => ({
  id: null,
  uid,
  title,
  description,
  tags: ['kkt-farm'],
  timezone: 'browser',
  schemaVersion: 39,
  version: 1,
  refresh: '30s',
  time: { from: 'now-6h', to: 'now' },
  templating: {
    list: variables.map(({ name, query }) => ({
      name,
      type: 'query',
      label: name,
      datasource,
      query: { query, refId: name },
      refresh: 2,
      includeAll: name !== 'serial',
      multi: name !== 'serial',
      current: {},
      sort: 1,
    })),
  },
  annotations: { list: [] },
  panels: panels.map((panel, index) => ({
    id: index + 1,
    type: panel.kind ?? 'timeseries',
    title: panel.title,
    description: panel.description,
    datasource,
    gridPos: { x: (index % 2) * 12, y: Math.floor(index / 2) * 8, w: 12, h: 8 },
    fieldConfig: { defaults: { unit: panel.unit, min: 0 }, overrides: [] },
    options:
      panel.kind === 'stat'
        ? { reduceOptions: { calcs: ['lastNotNull'] } }
        : { legend: { showLegend: true } },
    targets: panel.queries.map(([expr, legendFormat], at) => ({
      refId: 'ABCDEF'[at] ?? 'A',
      datasource,
      expr,
      legendFormat,
    })),
  })),
});
