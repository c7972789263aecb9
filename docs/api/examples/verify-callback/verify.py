"""Is this result callback ours? Exit code 0: yes. Body on stdin, headers and secrets in the environment."""
import base64
import hashlib
import hmac
import os
import sys
import time


def is_genuine(headers, raw_body, secrets, now=None):
    """raw_body: the bytes as they came, before any JSON parser."""
    message_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs((now or time.time()) - int(timestamp)) > 300:
        return False
    given = [one[3:] for one in headers.get("webhook-signature", "").split(" ") if one.startswith("v1,")]
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{message_id}.{timestamp}.".encode() + raw_body
        right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        if any(hmac.compare_digest(one, right) for one in given):
            return True
    return False


if __name__ == "__main__":
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    sent = {name: os.environ.get(name.upper().replace("-", "_"), "") for name in names}
    sys.exit(0 if is_genuine(sent, sys.stdin.buffer.read(), os.environ.get("SECRETS", "").split(" ")) else 1)
