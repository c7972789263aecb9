/**
 * The FFD requisites, one line each:
 * `number | JSON key[, key of the FFD 1.0 era] | type | length | English | Russian`.
 * Length: `=n` exactly n bytes (strings are padded with spaces), `n` at most n; `*` the tag may repeat.
 * JSON `-`: the requisite does not appear in the JSON of the FNS and operators.
 *
 * Numbers, types and lengths: order ED-7-20/662@ with 239@ of 2023. 1011, 1082, 1125, 1234–1238, 2040: order 236@ of
 * 2025. 1115, 1119, 1120: the order of December 2024 on VAT of 5 % and 7 %. JSON keys: JSON schemas published by an
 * operator for FFD 1.0–1.1 and receipts of the public check. The orders do not bound 1115, 1119, 1234, 1235 and 1196
 * for us to read: those lengths are ours, taken from their children. So are the lengths of the counters (1129–1133,
 * 1145, 1146, 1157, 1158, 1194, 1232, 1233): those of 2020 hold only sums of up to five bytes.
 *
 * Uncertain, 1145, 1146, 1232, 1233: the order gives them 32 bytes and names seven conditional requisites inside (1135,
 * 1136, 1138, 1218–1220, 1201), which together take 38 to 68. So either an FN leaves zero sums out, or the bound is a slip;
 * no document of a real FN was seen. Read leniently (80, the seven at their longest), write strictly: the emulated FN leaves
 * zero sums out and stays within 32 while there are at most two ways of payment and sums below 42 949 672.96 roubles.
 */
export const TAG_ROWS = `
1000|-|string|256|document name|наименование документа
1001|autoMode|bool|=1|automatic mode flag|признак автоматического режима
1002|offlineMode|bool|=1|offline (autonomous) mode flag|признак автономного режима
1005|transferOperatorAddress,operatorTransferAddress|string|256*|transfer operator address|адрес оператора перевода
1008|buyerPhoneOrAddress|string|64|buyer phone or e-mail|телефон или эл. адрес покупателя
1009|retailPlaceAddress,retailAddress|string|256|settlement address|адрес расчетов
1011|-|u8|=1|time zone of the settlement place|часовая зона
1012|dateTime|unixtime|=4|document date and time|дата, время
1013|kktNumber|string|20|KKT factory number|заводской номер ККТ
1016|transferOperatorInn,operatorTransferInn|string|=12*|transfer operator INN|ИНН оператора перевода
1017|ofdInn|string|=12|operator (OFD) INN|ИНН ОФД
1018|userInn|string|=12|user INN|ИНН пользователя
1020|totalSum|vln|6|receipt total|сумма расчета, указанного в чеке (БСО)
1021|operator|string|64|cashier: post and surname|кассир
1022|ofdResponseCode|u8|=1|operator's answer code|код ответа ОФД
1023|quantity|fvln|8|item quantity|количество предмета расчета
1026|transferOperatorName,operatorTransferName|string|64*|transfer operator name|наименование оператора перевода
1030|name|string|128|item name|наименование предмета расчета
1031|cashTotalSum|vln|6|sum in cash|сумма по чеку (БСО) наличными
1036|machineNumber|string|20|vending machine number|номер автомата
1037|kktRegId|string|=20|KKT registration number (RNM)|регистрационный номер ККТ
1038|shiftNumber|u32|=4|shift number|номер смены
1040|fiscalDocumentNumber|u32|=4|fiscal document number|номер ФД
1041|fiscalDriveNumber|string|=16|FN number|номер ФН
1042|requestNumber|u32|=4|receipt number within the shift|номер чека за смену
1043|sum|vln|6|item cost including discounts|стоимость предмета расчета с учетом скидок и наценок
1044|paymentAgentOperation|string|24*|payment agent operation|операция платежного агента
1046|ofdName|string|256|operator (OFD) name|наименование ОФД
1048|user|string|256|user name|наименование пользователя
1050|fiscalDriveExhaustionSign|bool|=1|FN key resource is ending (30 days)|признак исчерпания ресурса ФН
1051|fiscalDriveReplaceRequiredSign|bool|=1|FN must be replaced at once (3 days)|признак необходимости срочной замены ФН
1052|fiscalDriveMemoryExceededSign|bool|=1|FN memory is 90 % full|признак заполнения памяти ФН
1053|ofdResponseTimeoutSign|bool|=1|operator's answer is overdue|признак превышения времени ожидания ответа ОФД
1054|operationType|u8|=1|settlement sign|признак расчета
1055|appliedTaxationType,taxationType|bits8|=1|applied tax system|применяемая система налогообложения
1056|encryptionSign|bool|=1|encryption flag|признак шифрования
1057|paymentAgentType|bits8|=1|agent kind|признак агента
1059|items|stlv|1024*|item|предмет расчета
1060|fnsUrl,fnsSite|string|256|FNS site|адрес сайта ФНС
1061|ofdSite|string|64|operator's site|адрес сайта ОФД
1062|taxationType|bits8|=1|tax systems of registration|системы налогообложения
1068|messageToFn|stlv|169|operator's message for the FN|сообщение оператора для ФН
1073|paymentAgentPhone|string|19*|payment agent phone|телефон платежного агента
1074|paymentOperatorPhone,operatorToReceivePhone|string|19*|payment acceptance operator phone|телефон оператора по приему платежей
1075|transferOperatorPhone,operatorPhoneToTransfer|string|19*|transfer operator phone|телефон оператора перевода
1077|fiscalSign|bytes|=6|fiscal sign of the document (FPD)|ФПД
1078|-|bytes|18|fiscal sign of the operator (FPO)|ФПО
1079|price|vln|6|price per unit including discounts|цена за единицу предмета расчета с учетом скидок и наценок
1081|ecashTotalSum|vln|6|non-cash sum|сумма по чеку (БСО) безналичными
1082|ecashSum|vln|6|sum of one non-cash payment|сумма оплаты безналичными
1084|properties,propertiesUser|stlv|320|additional requisite of the user|дополнительный реквизит пользователя
1085|propertyName|string|64|its name|наименование дополнительного реквизита пользователя
1086|propertyValue|string|256|its value|значение дополнительного реквизита пользователя
1097|notTransmittedDocumentsQuantity|u32|=4|documents not yet sent|количество непереданных ФД
1098|notTransmittedDocumentsDateTime|unixtime|=4|date of the first unsent document|дата первого из непереданных ФД
1101|correctionReasonCode|u8|=1*|re-registration reason (FFD 1.0, 1.05)|код причины перерегистрации
1102|nds18|vln|6|VAT of the receipt at 20 %|сумма НДС чека по ставке 20%
1103|nds10|vln|6|VAT of the receipt at 10 %|сумма НДС чека по ставке 10%
1104|nds0|vln|6|settlement sum with VAT of 0 %|сумма расчета по чеку с НДС по ставке 0%
1105|ndsNo|vln|6|settlement sum without VAT|сумма расчета по чеку без НДС
1106|nds18118,ndsCalculated18|vln|6|VAT of the receipt at 20/120|сумма НДС чека по расч. ставке 20/120
1107|nds10110,ndsCalculated10|vln|6|VAT of the receipt at 10/110|сумма НДС чека по расч. ставке 10/110
1108|internetSign|bool|=1|KKT for settlements in the Internet only|признак ККТ для расчетов только в Интернет
1109|serviceSign|bool|=1|settlements for services|признак расчетов за услуги
1110|bsoSign|bool|=1|automated system for forms (AS BSO)|признак АС БСО
1111|documentsQuantity|u32|=4|documents in the shift|общее количество ФД за смену
1115|amountsReceiptNds|stlv|1024|VAT sums of the receipt|суммы НДС чека
1116|notTransmittedDocumentNumber|u32|=4|number of the first unsent document|номер первого непереданного документа
1117|sellerAddress|string|64|e-mail of the receipt's sender|адрес электронной почты отправителя чека
1118|receiptQuantity,receiptsQuantity|u32|=4|receipts in the shift|количество кассовых чеков (БСО) за смену
1119|amountsNds|stlv|64*|one VAT sum|сумма НДС чека по ставке
1120|ndsSum|vln|6|VAT sum at the rate beside it|сумма НДС
1125|internetPayment|bool|=1|settlement in the Internet|признак расчета в Интернет
1126|lotterySign|bool|=1|lottery|признак проведения лотереи
1129|sellOper|stlv|128|counters: income|счетчики операций "приход"
1130|sellReturnOper|stlv|128|counters: income return|счетчики операций "возврат прихода"
1131|buyOper|stlv|128|counters: expense|счетчики операций "расход"
1132|buyReturnOper|stlv|128|counters: expense return|счетчики операций "возврат расхода"
1133|receiptCorrection|stlv|344|counters: corrections|счетчики операций по чекам коррекции
1134|totalReceiptBsoCount,receiptCount|u32|=4|receipts with all signs|количество чеков (БСО) и чеков коррекции со всеми признаками расчетов
1135|receiptBsoCount,receiptCount|u32|=4|receipts with this sign|количество чеков по признаку расчетов
1136|cashSum|vln|6|total in cash|итоговая сумма в чеках (БСО) наличными
1138|ecashSum|vln|6|total non-cash|итоговая сумма в чеках (БСО) безналичными
1139|tax18Sum|vln|6|total VAT at 20 %|сумма НДС по ставке 20%
1140|tax10Sum|vln|6|total VAT at 10 %|сумма НДС по ставке 10%
1141|tax18118Sum|vln|6|total VAT at 20/120|сумма НДС по расч. ставке 20/120
1142|tax10110Sum|vln|6|total VAT at 10/110|сумма НДС по расч. ставке 10/110
1143|tax0Sum|vln|6|total of settlements at 0 %|сумма расчетов с НДС по ставке 0%
1144|receiptCorrectionCount|u32|=4|corrections, or unsent documents|количество чеков коррекции или непереданных
1145|sellCorrection|stlv|80|counters by sign "income"|счетчики по признаку "приход"
1146|buyCorrection|stlv|80|counters by sign "expense"|счетчики по признаку "расход"
1157|fiscalDriveSumReports|stlv|1024|totals of the FN|счетчики итогов ФН
1158|notTransmittedDocumentsSumReports|stlv|1024|totals of unsent documents|счетчики итогов непереданных ФД
1162|productCode|bytes|32|product code (FFD 1.05, 1.1)|код товара
1163|productCodeNew|stlv|256|product code (FFD 1.2)|код товара
1171|providerPhone|string|19*|supplier phone|телефон поставщика
1173|correctionType|u8|=1|correction type|тип коррекции
1174|correctionBase|stlv|292|correction basis|основание для коррекции
1177|correctionName|string|256|correction basis: description (early FFD 1.05)|описание коррекции
1178|correctionDocumentDate|unixtime|=4|date of the settlement being corrected|дата совершения корректируемого расчета
1179|correctionDocumentNumber|string|32|number of the FNS order|номер предписания налогового органа
1183|taxFreeSum|vln|6|total of settlements without VAT|сумма расчетов без НДС
1187|retailPlace|string|256|settlement place|место расчетов
1188|kktVersion|string|8|KKT version|версия ККТ
1189|documentKktVersion|u8|=1|FFD version of the KKT|версия ФФД ККТ
1190|documentFdVersion|u8|=1|FFD version of the FN|версия ФФД ФН
1191|propertiesItem,propertiesString|string|64|additional requisite of the item|дополнительный реквизит предмета расчета
1192|propertiesData|string|16*|additional requisite of the receipt|дополнительный реквизит чека (БСО)
1193|gamblingSign|bool|=1|gambling|признак проведения азартных игр
1194|shiftSumReports|stlv|1024|totals of the shift|счетчики итогов смены
1196|-|string|256|QR code (printed only)|QR-код
1197|unit|string|16|unit of measure (FFD 1.05, 1.1)|единица измерения предмета расчета
1198|unitNds|vln|6|VAT per unit|размер НДС за единицу предмета расчета
1199|nds|u8|=1|VAT rate|ставка НДС
1200|ndsSum|vln|6|VAT of the item|сумма НДС за предмет расчета
1201|totalSum|vln|6|total of settlements in receipts|общая итоговая сумма в чеках (БСО)
1203|operatorInn|string|=12|cashier INN|ИНН кассира
1205|correctionKktReasonCode|bits32|=4*|reasons for changing KKT data|коды причин изменения сведений о ККТ
1206|operatorMessage|bits8|=1|operator's message|сообщение оператора
1207|exciseDutyProductSign|bool|=1|trade in excise goods|признак торговли подакцизными товарами
1208|-|string|256|site where a receipt is to be had|сайт чеков
1209|fiscalDocumentFormatVer|u8|=1|FFD version|номер версии ФФД
1212|productType|u8|=1|item type|признак предмета расчета
1213|keyResource,fdKeyResource|u16|=2|days of the FN keys left|ресурс ключей ФП
1214|paymentType|u8|=1|payment method sign|признак способа расчета
1215|prepaidSum|vln|6|prepaid sum (offset of an advance)|сумма по чеку (БСО) предоплатой (зачет аванса)
1216|creditSum|vln|6|postpaid sum (credit)|сумма по чеку (БСО) постоплатой (в кредит)
1217|provisionSum|vln|6|sum by counter provision|сумма по чеку (БСО) встречным предоставлением
1218|prepaidSum|vln|6|total prepaid|итоговая сумма в чеках (БСО) предоплатами (авансами)
1219|creditSum|vln|6|total postpaid|итоговая сумма в чеках (БСО) постоплатами (кредитами)
1220|provisionSum|vln|6|total by counter provision|итоговая сумма в чеках (БСО) встречными предоставлениями
1221|printInMachineSign|bool|=1|printer is in a machine|признак установки принтера в автомате
1222|paymentAgentByProductType|bits8|=1|agent kind of the item|признак агента по предмету расчета
1223|paymentAgentData|stlv|512|agent data|данные агента
1224|providerData|stlv|512|supplier data|данные поставщика
1225|providerName|string|256|supplier name|наименование поставщика
1226|providerInn|string|=12|supplier INN|ИНН поставщика
1227|buyer|string|256|buyer: organisation or name|покупатель (клиент)
1228|buyerInn|string|=12|buyer INN|ИНН покупателя (клиента)
1229|exciseDuty|vln|6|excise|акциз
1230|originCountryCode|string|=3|code of the country of origin|код страны происхождения товара
1231|customEntryNum|string|32|customs declaration number|номер декларации на товар
1232|sellReturnCorrection|stlv|80|counters by sign "income return"|счетчики по признаку "возврат прихода"
1233|buyReturnCorrection|stlv|80|counters by sign "expense return"|счетчики по признаку "возврат расхода"
1234|allECashProp|stlv|16384|all non-cash payments|сведения обо всех оплатах по чеку безналичными
1235|ecashProp|stlv|640*|one non-cash payment|сведения об оплате безналичными
1236|ecashSign|u8|=1|method of the non-cash payment|признак способа оплаты безналичными
1237|ecashIdent|string|256|identifiers of the non-cash payment|идентификаторы безналичной оплаты
1238|ecashAddInfo|string|256|more about the non-cash payment|дополнительные сведения о безналичной оплате
1243|buyerBirthday|string|=10|buyer's date of birth, DD.MM.YYYY|дата рождения покупателя (клиента)
1244|buyerCitizenship|string|=3|citizenship, OKSM code|гражданство
1245|buyerDocumentCode|string|=2|kind of identity document|код вида документа, удостоверяющего личность
1246|buyerDocumentData|string|64|identity document|данные документа, удостоверяющего личность
1254|buyerAddress|string|256|buyer's address|адрес покупателя (клиента)
1256|buyerInformation|stlv|1024|buyer information|сведения о покупателе (клиенте)
1260|itemsIndustryDetails|stlv|317*|industry requisite of the item|отраслевой реквизит предмета расчета
1261|industryReceiptDetails|stlv|317*|industry requisite of the receipt|отраслевой реквизит чека
1262|idFoiv|string|3|identifier of the federal body|идентификатор ФОИВ
1263|foundationDocDateTime|string|=10|date of the founding act, DD.MM.YYYY|дата документа основания
1264|foundationDocNumber|string|32|number of the founding act|номер документа основания
1265|industryPropValue|string|256|value of the industry requisite|значение отраслевого реквизита
1270|operationalDetails|stlv|144|operational requisite|операционный реквизит чека
1271|operationId|u8|=1|operation identifier|идентификатор операции
1272|operationData|string|64|operation data|данные операции
1273|dateTime|unixtime|=4|operation date and time|дата, время операции
1274|additionalPropsFRC|string|32|additional requisite of the registration report|дополнительный реквизит ОР
1275|additionalDataFRC|bytes|32|additional data of the registration report|дополнительные данные ОР
1276|additionalPropsOS|string|32|additional requisite of the shift opening|дополнительный реквизит ООС
1277|additionalDataOS|bytes|32|additional data of the shift opening|дополнительные данные ООС
1278|additionalPropsCS|string|32|additional requisite of the shift closing|дополнительный реквизит ОЗС
1279|additionalDataCS|bytes|32|additional data of the shift closing|дополнительные данные ОЗС
1280|additionalPropsCSR|string|32|additional requisite of the settlements report|дополнительный реквизит ОТР
1281|additionalDataCSR|bytes|32|additional data of the settlements report|дополнительные данные ОТР
1282|additionalPropsCA|string|32|additional requisite of the FN closing|дополнительный реквизит ОЗФН
1283|additionalDataCA|bytes|32|additional data of the FN closing|дополнительные данные ОЗФН
1290|usageConditionSigns|bits32|=4|conditions of KKT use|признаки условий применения ККТ
1291|labeledProdFractionalQuantity|stlv|52|fractional quantity of a marked item|дробное количество маркированного товара
1292|fractionalPart|string|24|fraction as text (printed)|дробная часть
1293|numerator|vln|8|numerator|числитель
1294|denominator|vln|8|denominator|знаменатель
1300|undefined|string|32|product code: not recognised|КТ Н
1301|ean8|string|=8|product code: EAN-8|КТ EAN-8
1302|ean13|string|=13|product code: EAN-13|КТ EAN-13
1303|itf14|string|=14|product code: ITF-14|КТ ITF-14
1304|gs1|string|38|product code: GS1, not marked|КТ GS1.0
1305|gs1m|string|38|product code: GS1, marked|КТ GS1.М
1306|kmk|string|38|product code: short marking code|КТ КМК
1307|mi|string|=20|product code: fur goods|КТ МИ
1308|egais2|string|=23|product code: EGAIS 2.0|КТ ЕГАИС-2.0
1309|egais3|string|=14|product code: EGAIS 3.0|КТ ЕГАИС-3.0
1320|f1|string|32|product code F.1|КТ Ф.1
1321|f2|string|32|product code F.2|КТ Ф.2
1322|f3|string|32|product code F.3|КТ Ф.3
1323|f4|string|32|product code F.4|КТ Ф.4
1324|f5|string|32|product code F.5|КТ Ф.5
1325|f6|string|32|product code F.6|КТ Ф.6
2000|-|string|256|marking code|код маркировки
2001|-|u32|=4|request number|номер запроса
2002|-|u32|=4|notification number|номер уведомления
2003|-|u8|=1|planned status of the goods|планируемый статус товара
2004|-|bits8|=1|FN's check of the marking code|результат проверки КМ
2005|-|bits8|=1|result of the request|результаты обработки запроса
2006|-|u8|=1|result of the notification|результаты обработки уведомления
2007|-|stlv|512*|data on marked goods|данные о маркированном товаре
2040|-|u32|=4|document number of the receipt (in a notification)|номер ФД кассового чека (БСО)
2100|-|u8|=1|kind of marking code|тип кода маркировки
2101|-|string|38|goods identifier|идентификатор товара
2102|labelCodeProcesMode|u8|=1|mode of processing the marking code|режим обработки кода маркировки
2104|undeliveredNotificationsNumber|u32|=4|notifications not yet sent|количество непереданных уведомлений
2105|-|u8|=1|code of processing the request|коды обработки запроса
2106|checkingProdInformationResult|bits8|=1|result of checking the goods|результат проверки сведений о товаре
2107|checkingLabeledProdResult|bool|=1*|summary of checking marked goods|результаты проверки маркированных товаров
2108|itemsQuantityMeasure|u8|=1|measure of quantity (FFD 1.2)|мера количества предмета расчета
2109|-|u8|=1|marking system's answer on the status|ответ ОИСМ о статусе товара
2110|-|u8|=1|status given to the goods|присвоенный статус товара
2111|-|u8|=1|code of processing the notification|коды обработки уведомления
2112|invalidLabelCodesSign|bits8|=1|there were incorrect marking codes|признак некорректных кодов маркировки
2113|invalidRequestsNotificationsSign|bits8|=1|there were incorrect requests or notifications|признак некорректных запросов и уведомлений
2114|-|unixtime|=4|request date and time|дата и время запроса
2115|controlCode|string|=4|control code of the marking code (printed)|контрольный код КМ
2116|-|bits8|=1|kind of operation|вид операции
`;
