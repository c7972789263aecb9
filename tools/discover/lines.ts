import { formatWireAddress, type Discovered, type NotFound } from '@kkt/kkt-driver';

const certaintyText = {
  bench: 'tried on a bench',
  capture: 'known from a published capture',
  header: 'known by the driver’s header alone',
  one: 'known from one place only',
} as const;

/** What `npm run discover` says of an address. */
export function linesOf(asked: string, found: Discovered | NotFound): string[] {
  if ('reason' in found) {
    const tried = found.baudRates.length > 0 ? `; speeds tried: ${found.baudRates.join(', ')}` : '';
    return [`${asked}: nobody (${found.reason.message})${tried}`];
  }
  const { identity, model, protocol, address } = found;
  const fn = identity.fnNumber === '' ? 'no FN answers' : `FN ${identity.fnNumber}`;
  const lines = [
    `${formatWireAddress(address)}: ${identity.modelName}, serial ${identity.serial}, firmware ${identity.firmware}, ${fn}, ATOL ${protocol}`,
  ];
  if (!model)
    lines.push(
      `  unknown model code ${identity.modelCode}: not in hardware/models/kkt-codes.yaml; how to add it: docs/operating/kkt-models.md`,
    );
  else {
    const described = model.description
      ? `described in hardware/models/kkt/${model.description}.yaml`
      : 'without a data file: served by the profile of the 42ФС, untried';
    lines.push(`  model ${model.code} ${model.name}, ${certaintyText[model.certainty]}; ${described}`);
  }
  return lines;
}
