import { buildDocument, fiscalSignToWire, TAG, type TlvNode } from '@kkt/ffd';

const receiptHead = (ffd: number): TlvNode[] => [
  { tag: TAG.fnNumber, value: '9999078900005488' },
  { tag: TAG.rnm, value: '0000000005008570' },
  { tag: TAG.userInn, value: '7704358518' },
  { tag: TAG.fdNumber, value: 35 },
  { tag: TAG.dateTime, value: '2026-03-01T12:13:14' },
  { tag: TAG.fiscalSign, value: fiscalSignToWire(2573726889) },
  { tag: TAG.ffd, value: ffd },
  { tag: TAG.shiftNumber, value: 4 },
  { tag: TAG.receiptNumber, value: 3 },
  { tag: TAG.userName, value: 'ООО "Ромашка"' },
  { tag: TAG.place, value: 'https://shop.example' },
  { tag: TAG.placeAddress, value: '101000, Москва, ул. Тестовая, д. 1' },
  { tag: TAG.fnsSite, value: 'www.nalog.gov.ru' },
  { tag: TAG.sellerEmail, value: 'check@shop.example' },
  { tag: TAG.cashier, value: 'Иванова И.И.' },
  { tag: TAG.cashierInn, value: '504404744207' },
];

const plainItem: TlvNode = {
  tag: TAG.item,
  value: [
    { tag: TAG.method, value: 4 },
    { tag: TAG.subject, value: 4 },
    {
      tag: TAG.itemName,
      value: 'Доставка курьером до двери в пределах Московской кольцевой автомобильной дороги',
    },
    { tag: TAG.price, value: 30000 },
    { tag: TAG.quantity, value: 1_000_000 },
    { tag: TAG.itemSum, value: 30000 },
    { tag: TAG.vatCode, value: 6 },
  ],
};

/** FFD 1.2 with everything an item and a receipt may carry. */
export const fullReceipt = (): Buffer =>
  buildDocument(3, [
    ...receiptHead(4),
    { tag: TAG.settlementSign, value: 1 },
    { tag: TAG.taxSystem, value: 1 },
    { tag: TAG.buyerContact, value: 'buyer@example.com' },
    { tag: TAG.internetPayment, value: true },
    { tag: TAG.machineNumber, value: '00012' },
    { tag: TAG.checkProps, value: 'ЗАКАЗ А-1001' },
    { tag: TAG.receiptMarkResult, value: true },
    {
      tag: TAG.userProps,
      value: [
        { tag: TAG.userPropsName, value: 'Промокод' },
        { tag: TAG.userPropsValue, value: 'ВЕСНА-2026' },
      ],
    },
    {
      tag: TAG.buyerInformation,
      value: [
        { tag: TAG.buyerName, value: 'Иванов Иван Иванович' },
        { tag: TAG.buyerInn, value: '504404744207' },
        { tag: TAG.buyerAddress, value: 'Тверь, ул. Новая, 5' },
      ],
    },
    {
      tag: TAG.operationalProps,
      value: [
        { tag: TAG.operationDateTime, value: '2026-03-01T12:12:00' },
        { tag: TAG.operationId, value: 0 },
        { tag: TAG.operationData, value: 'данные' },
      ],
    },
    {
      tag: TAG.item,
      value: [
        { tag: TAG.method, value: 4 },
        { tag: TAG.subject, value: 33 },
        { tag: TAG.itemName, value: 'Кофе "Арабика" - зерно' },
        { tag: TAG.price, value: 9990 },
        { tag: TAG.quantity, value: 1_500_000 },
        { tag: TAG.itemSum, value: 14985 },
        { tag: TAG.measure, value: 11 },
        { tag: TAG.vatCode, value: 11 },
        { tag: TAG.itemVatSum, value: 2702 },
        { tag: TAG.productCodes, value: [{ tag: TAG.codeGs1m, value: '0104607428680008' + '21abcDEF<&>1' }] },
        { tag: TAG.markControlCode, value: 'aB3$' },
        { tag: TAG.goodsCheckResult, value: 15 },
        { tag: TAG.markMode, value: 0 },
        {
          tag: TAG.markQuantity,
          value: [
            { tag: TAG.markNumerator, value: 1 },
            { tag: TAG.markDenominator, value: 2 },
          ],
        },
        { tag: TAG.itemAgentKind, value: 64 },
        { tag: TAG.agentData, value: [{ tag: TAG.payingAgentPhone, value: '+79990000001' }] },
        { tag: TAG.supplierInn, value: '7702203276' },
        {
          tag: TAG.supplierData,
          value: [
            { tag: TAG.supplierPhone, value: '+79990000002' },
            { tag: TAG.supplierName, value: 'ООО "Поставщик"' },
          ],
        },
        { tag: TAG.originCountry, value: '076' },
        { tag: TAG.customsDeclaration, value: '10702020/060126/0013422' },
        { tag: TAG.excise, value: 1250 },
        { tag: TAG.itemUserData, value: 'партия 42' },
      ],
    },
    plainItem,
    { tag: TAG.total, value: 44985 },
    { tag: TAG.cash, value: 0 },
    { tag: TAG.ecash, value: 44985 },
    { tag: TAG.prepaid, value: 0 },
    { tag: TAG.credit, value: 0 },
    { tag: TAG.provision, value: 0 },
    { tag: TAG.turnoverNoVat, value: 30000 },
    {
      tag: TAG.vatTotals,
      value: [
        {
          tag: TAG.vatTotal,
          value: [
            { tag: TAG.vatCode, value: 11 },
            { tag: TAG.vatTotalSum, value: 2702 },
          ],
        },
      ],
    },
    {
      tag: TAG.cashlessAll,
      value: [
        {
          tag: TAG.cashless,
          value: [
            { tag: TAG.cashlessSum, value: 44985 },
            { tag: TAG.cashlessMethod, value: 1 },
            { tag: TAG.cashlessIds, value: 'rrn 611922334455' },
          ],
        },
      ],
    },
    // A requisite newer than our table: kept, and printed by its number.
    { tag: 1999, value: Buffer.from('0102', 'hex') },
  ]);

/** FFD 1.05 correction by order of the tax service, paid three ways, with a number that makes sums long. */
export const correction = (): Buffer =>
  buildDocument(31, [
    ...receiptHead(2),
    { tag: TAG.settlementSign, value: 2 },
    { tag: TAG.taxSystem, value: 2 },
    { tag: TAG.correctionType, value: 1 },
    {
      tag: TAG.correctionBase,
      value: [
        { tag: TAG.correctionDate, value: '2026-02-11T00:00:00' },
        { tag: TAG.correctionNumber, value: 'ПР-17/4' },
      ],
    },
    { tag: TAG.buyerName, value: 'АО "Покупатель"' },
    plainItem,
    { tag: TAG.total, value: 123_456_789_01 },
    { tag: TAG.cash, value: 1 },
    { tag: TAG.ecash, value: 123_456_759_00 },
    { tag: TAG.prepaid, value: 3000 },
    { tag: TAG.credit, value: 0 },
    { tag: TAG.provision, value: 0 },
    { tag: TAG.turnoverNoVat, value: 123_456_789_01 },
  ]);
