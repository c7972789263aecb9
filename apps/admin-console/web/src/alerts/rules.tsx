import { Button, Checkbox, NativeSelect, NumberInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { AlertRuleView } from '@kkt/web-contract';
import { api, Card, DataTable, QueryView, StateBadge, useFormats, useLanguage, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { FormDialog } from '../parts/form-dialog';
import { Priority } from '../parts/alert-line';
import { alertTexts } from './texts';

/** The rules as they are in force; a senior engineer changes their numbers. */
export function Rules(): ReactNode {
  const say = useTexts(alertTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const { staff } = useMember();
  const [edited, setEdited] = useState<AlertRuleView>();
  const query = useQuery({
    queryKey: ['alert-rules'],
    queryFn: ({ signal }) => api.get<{ rules: AlertRuleView[] }>('alert-rules', signal),
  });
  const titleOf = (rule: AlertRuleView): string => (language === 'en' ? rule.titleEn : rule.title);
  return (
    <QueryView query={query}>
      {({ rules }) => (
        <Card flush title={say('tab.rules')} side={say('rules.hint')}>
          <DataTable
            caption={say('tab.rules')}
            rows={rules}
            rowKey={(row) => row.id}
            columns={[
              {
                key: 'p',
                title: say('rules.severity'),
                render: (row) => <Priority severity={row.severity} />,
              },
              {
                key: 'rule',
                title: say('rules.rule'),
                render: (row) => (
                  <span>
                    <strong>{titleOf(row)}</strong>
                    <span className="kit-soft" style={{ display: 'block' }}>
                      {language === 'en' ? row.actionEn : row.action}
                    </span>
                  </span>
                ),
              },
              {
                key: 'for',
                title: say('rules.for'),
                align: 'right',
                render: (row) => formats.duration(row.forS * 1000),
              },
              {
                key: 'parameters',
                title: say('rules.parameters'),
                render: (row) => (
                  <span className="alerts-lines">
                    {Object.entries(row.parameters).map(([name, value]) => (
                      <span key={name}>
                        {say.maybe(`parameter.${name}`, name)}:{' '}
                        {formats.number(value, value % 1 === 0 ? 0 : 2)}
                      </span>
                    ))}
                  </span>
                ),
              },
              {
                key: 'escalation',
                title: say('rules.escalation'),
                render: (row) => (
                  <span className="alerts-lines">
                    {row.escalation.map((step) => {
                      const words = {
                        after: formats.duration(step.afterS * 1000),
                        who: say.maybe(`who.${step.who}`, step.who),
                        channels: step.channels.map((one) => say.maybe(`channel.${one}`, one)).join(', '),
                      };
                      return (
                        <span key={step.afterS}>
                          {say(step.afterS === 0 ? 'rules.now' : 'rules.at', words)}
                        </span>
                      );
                    })}
                  </span>
                ),
              },
              {
                key: 'state',
                title: say('rules.state'),
                render: (row) => (
                  <span className="alerts-lines">
                    <span>
                      <StateBadge
                        tone={row.enabled ? 'good' : 'mute'}
                        shape={row.enabled ? 'circle' : 'ring'}
                      >
                        {say(row.enabled ? 'rules.on' : 'rules.off')}
                      </StateBadge>
                    </span>
                    {row.isChanged && <span className="kit-soft">{say('rules.changed')}</span>}
                  </span>
                ),
              },
              {
                key: 'edit',
                title: '',
                render: (row) =>
                  staff.role === 'lead' ? (
                    <Button size="compact-sm" variant="default" onClick={() => setEdited(row)}>
                      {say('rules.edit')}
                    </Button>
                  ) : null,
              },
            ]}
          />
          {edited && (
            <RuleDialog rule={edited} title={titleOf(edited)} onClose={() => setEdited(undefined)} />
          )}
        </Card>
      )}
    </QueryView>
  );
}

function RuleDialog(props: { rule: AlertRuleView; title: string; onClose(): void }): ReactNode {
  const { rule, title, onClose } = props;
  const say = useTexts(alertTexts);
  const queries = useQueryClient();
  const [enabled, setEnabled] = useState(rule.enabled);
  const [severity, setSeverity] = useState<number>(rule.severity);
  const [forS, setForS] = useState<number | ''>(rule.forS);
  const [parameters, setParameters] = useState<Record<string, number | ''>>(rule.parameters);
  const isReady = forS !== '' && Object.values(parameters).every((value) => value !== '');
  return (
    <FormDialog
      title={say('rules.editTitle', { title })}
      action={say('do.save')}
      isReady={isReady}
      onClose={onClose}
      onConfirm={async () => {
        await api.put(`alert-rules/${rule.id}`, { enabled, severity, forS, parameters });
        await queries.invalidateQueries({ queryKey: ['alert-rules'] });
      }}
    >
      <Checkbox
        label={say('rules.enabled')}
        checked={enabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
      />
      <NativeSelect
        label={say('rules.severity')}
        value={String(severity)}
        onChange={(event) => setSeverity(Number(event.currentTarget.value))}
        data={['1', '2', '3', '4'].map((value) => ({ value, label: `P${value}` }))}
      />
      <NumberInput
        label={say('rules.forS')}
        value={forS}
        onChange={(value) => setForS(typeof value === 'number' ? value : '')}
        min={0}
        max={86_400}
        allowDecimal={false}
      />
      {Object.entries(parameters).map(([name, value]) => (
        <NumberInput
          key={name}
          label={say.maybe(`parameter.${name}`, name)}
          value={value}
          onChange={(next) =>
            setParameters((before) => ({ ...before, [name]: typeof next === 'number' ? next : '' }))
          }
          min={0}
        />
      ))}
    </FormDialog>
  );
}
