<?php
// Is this result callback ours? Exit code 0: yes. Body on stdin, headers and secrets in the environment.

/** $rawBody: the bytes as they came (php://input), before json_decode. */
function isGenuine(array $headers, string $rawBody, array $secrets, ?int $now = null): bool
{
    $id = $headers['webhook-id'] ?? '';
    $timestamp = $headers['webhook-timestamp'] ?? '';
    if (!ctype_digit($timestamp) || abs(($now ?? time()) - (int) $timestamp) > 300) {
        return false;
    }
    foreach ($secrets as $secret) {
        $key = base64_decode(preg_replace('/^whsec_/', '', $secret));
        $right = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$rawBody", $key, true));
        foreach (explode(' ', $headers['webhook-signature'] ?? '') as $given) {
            if (hash_equals($right, $given)) {
                return true;
            }
        }
    }
    return false;
}

$headers = [];
foreach (['webhook-id', 'webhook-timestamp', 'webhook-signature'] as $name) {
    $headers[$name] = (string) getenv(strtoupper(str_replace('-', '_', $name)));
}
$rawBody = stream_get_contents(STDIN);
exit(isGenuine($headers, $rawBody, explode(' ', (string) getenv('SECRETS'))) ? 0 : 1);
