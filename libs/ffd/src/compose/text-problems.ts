import type { ReceiptContent } from '@kkt/contracts';
import { TAG } from '../tags/tag-numbers';
import { plainText } from '../tlv/cp866';

/** A text some of whose characters a fiscal document cannot hold. */
export interface TextProblem {
  path: string;
  tag: number;
  /** Characters that would become `?`. */
  characters: string[];
}

/** Texts of the content that CP866 cannot hold, so that the API may refuse or warn. */
export function textProblems(content: ReceiptContent): TextProblem[] {
  const problems: TextProblem[] = [];
  const check = (path: string, tag: number, text: string | undefined) => {
    if (text === undefined) return;
    const replaced = new Set<string>();
    plainText(text, replaced);
    if (replaced.size > 0) problems.push({ path, tag, characters: [...replaced] });
  };
  const { client, company, cashier, userProps } = content;
  check('company.place', TAG.place, company.place);
  check('company.address', TAG.placeAddress, company.address);
  check('company.email', TAG.sellerEmail, company.email);
  check('client.email', TAG.buyerContact, client?.email);
  check('client.phone', TAG.buyerContact, client?.phone);
  check('client.name', TAG.buyerName, client?.name);
  check('client.address', TAG.buyerAddress, client?.address);
  check('client.documentData', TAG.buyerDocumentData, client?.documentData);
  check('cashier.name', TAG.cashier, cashier?.name);
  check('checkProps', TAG.checkProps, content.checkProps);
  check('userProps.name', TAG.userPropsName, userProps?.name);
  check('userProps.value', TAG.userPropsValue, userProps?.value);
  check('operatingProps.value', TAG.operationData, content.operatingProps?.value);
  check('supplier.name', TAG.supplierName, content.supplier?.name);
  content.sectoral?.forEach((props, i) => check(`sectoral[${i}].value`, TAG.industryValue, props.value));
  content.items.forEach((item, index) => {
    const at = `items[${index}]`;
    check(`${at}.name`, TAG.itemName, item.name);
    check(`${at}.unit`, TAG.unit, item.unit);
    check(`${at}.userData`, TAG.itemUserData, item.userData);
    check(`${at}.supplier.name`, TAG.supplierName, item.supplier?.name);
    check(`${at}.agent.operation`, TAG.agentOperation, item.agent?.operation);
    check(`${at}.agent.transfer.name`, TAG.transferOperatorName, item.agent?.transfer?.name);
    check(`${at}.agent.transfer.address`, TAG.transferOperatorAddress, item.agent?.transfer?.address);
    item.sectoral?.forEach((props, i) => check(`${at}.sectoral[${i}].value`, TAG.industryValue, props.value));
  });
  return problems;
}
