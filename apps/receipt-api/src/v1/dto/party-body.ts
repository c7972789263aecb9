import { agentWords, taxSystemWords } from '@kkt/domain';
import { Day, Part, Text, Texts } from './rules';

/** The domain's pattern of telephones in agents' data. */
const phonePattern = '^([^\\s\\\\]{0,17}|\\+[^\\s\\\\]{1,18})$';

export class ClientBody {
  @Text({ row: 'client.email', optional: true, example: 'buyer@example.com' }) email?: string;
  @Text({ row: 'client.phone', optional: true, example: '+79991234567' }) phone?: string;
  @Text({ row: 'client.name', optional: true }) name?: string;
  @Text({ row: 'client.inn', optional: true }) inn?: string;
  @Day({ row: 'client.birthdate', optional: true }) birthdate?: string;
  @Text({ row: 'client.citizenship', optional: true }) citizenship?: string;
  @Text({ row: 'client.document_code', optional: true }) document_code?: string;
  @Text({ row: 'client.document_data', optional: true }) document_data?: string;
  @Text({ row: 'client.address', optional: true }) address?: string;
}

/** Everything here may be left out: the registration of the group's registers says it. */
export class CompanyBody {
  @Text({ row: 'company.inn', optional: true }) inn?: string;
  @Text({ row: 'company.sno', values: taxSystemWords, optional: true }) sno?: string;
  @Text({ row: 'company.email', optional: true }) email?: string;
  @Text({ row: 'company.payment_address', optional: true }) payment_address?: string;
  @Text({ row: 'company.location', optional: true }) location?: string;
}

export class PayingAgentBody {
  @Text({ row: 'agent_info.paying_agent.operation', optional: true }) operation?: string;
  @Texts({ row: 'agent_info.paying_agent.phones', pattern: phonePattern, max: 10, optional: true })
  phones?: string[];
}

export class ReceiveOperatorBody {
  @Texts({
    row: 'agent_info.receive_payments_operator.phones',
    pattern: phonePattern,
    max: 10,
    optional: true,
  })
  phones?: string[];
}

export class TransferOperatorBody {
  @Texts({ row: 'agent_info.money_transfer_operator.phones', pattern: phonePattern, max: 10, optional: true })
  phones?: string[];
  @Text({ row: 'agent_info.money_transfer_operator.name', optional: true }) name?: string;
  @Text({ row: 'agent_info.money_transfer_operator.address', optional: true }) address?: string;
  @Text({ row: 'agent_info.money_transfer_operator.inn', optional: true }) inn?: string;
}

export class AgentBody {
  @Text({ row: 'agent_info.type', values: agentWords }) type!: string;
  @Part(() => PayingAgentBody, { row: 'agent_info.paying_agent', optional: true })
  paying_agent?: PayingAgentBody;
  @Part(() => ReceiveOperatorBody, { row: 'agent_info.receive_payments_operator', optional: true })
  receive_payments_operator?: ReceiveOperatorBody;
  @Part(() => TransferOperatorBody, { row: 'agent_info.money_transfer_operator', optional: true })
  money_transfer_operator?: TransferOperatorBody;
}

export class SupplierBody {
  @Texts({ row: 'supplier_info.phones', pattern: phonePattern, max: 10, optional: true }) phones?: string[];
  @Text({ row: 'supplier_info.name', optional: true }) name?: string;
  @Text({ row: 'supplier_info.inn', optional: true }) inn?: string;
}

export class SectoralBody {
  @Text({ row: 'sectoral_check_props[].federal_id' }) federal_id!: string;
  @Day({ row: 'sectoral_check_props[].date' }) date!: string;
  @Text({ row: 'sectoral_check_props[].number' }) number!: string;
  @Text({ row: 'sectoral_check_props[].value' }) value!: string;
}
