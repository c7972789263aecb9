<?php
/**
 * Checks a receipt, sends it, and waits for its fiscal document. PHP 8.0 with curl.
 *
 *   KKT_API=http://127.0.0.1:8080 KKT_KEY=fk_live_… php send-receipt.php
 */
declare(strict_types=1);

$api = getenv('KKT_API') ?: 'http://127.0.0.1:8080';
$key = getenv('KKT_KEY') ?: exit("KKT_KEY is not set\n");
$group = getenv('KKT_GROUP') ?: 'demo-v5';
$order = getenv('KKT_ORDER') ?: 'order-' . bin2hex(random_bytes(8));

$receipt = [
    'group' => $group,
    'operation' => 'sell',
    'client' => ['email' => 'buyer@example.com'],
    'company' => ['sno' => 'osn'],
    'items' => [[
        'name' => 'Кофе зерновой, 250 г',
        'price' => '540.00',
        'quantity' => '2',
        'payment_method' => 'full_payment',
        'payment_object' => 'commodity',
        'vat' => ['type' => 'vat22'],
    ]],
    'payments' => [['type' => 'electronic', 'sum' => '1080.00']],
    'total' => '1080.00',
];

/** One request; repeated when no answer came or the service is busy. Returns the status and the parsed answer. */
function call(string $method, string $path, ?array $body = null, ?string $idempotencyKey = null): array
{
    global $api, $key;
    $headers = ["Authorization: Bearer $key", 'Content-Type: application/json'];
    if ($idempotencyKey !== null) {
        $headers[] = "Idempotency-Key: $idempotencyKey";
    }
    for ($attempt = 0; $attempt < 4; $attempt++) {
        $curl = curl_init($api . $path);
        curl_setopt_array($curl, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_HTTPHEADER => $headers,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => 30,
        ]);
        if ($body !== null) {
            curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode($body, JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR));
        }
        $text = curl_exec($curl);
        $status = (int) curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
        curl_close($curl);
        if ($text !== false && $status !== 429 && $status !== 503) {
            return [$status, json_decode($text, true, 64, JSON_THROW_ON_ERROR)];
        }
        usleep(300_000 * 2 ** $attempt);
    }
    throw new RuntimeException("No answer from $api$path");
}

[, $judged] = call('POST', '/v1/receipts:validate', $receipt);
echo 'check: ', json_encode($judged['valid']), ', ', $judged['tlv_bytes'], " bytes\n";

[$status, $accepted] = call('POST', '/v1/receipts', $receipt, $order);
if ($status !== 202) {
    foreach ($accepted['errors'] ?? [] as $error) {
        echo 'refused: ', $error['pointer'], ' ', $error['detail_en'], "\n";
    }
    exit(1);
}
echo 'accepted: ', $accepted['id'], "\n";

for ($i = 0; $i < 60; $i++) {
    [, $found] = call('GET', '/v1/receipts/' . $accepted['id']);
    if ($found['state'] === 'done') {
        echo 'registered: FN ', $found['document']['fn_number'], ' FD ', $found['document']['fd_number'], "\n";
        exit(0);
    }
    if ($found['state'] === 'failed') {
        echo 'failed: ', $found['error']['text'], "\n";
        exit(1);
    }
    echo 'waits: ', $found['waiting']['text_en'], "\n";
    usleep(500_000);
}
exit(2);
