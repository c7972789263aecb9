#!/usr/bin/env python3
"""Checks a receipt, sends it, and waits for its fiscal document. Python 3.8, nothing to install.

    KKT_API=http://127.0.0.1:8080 KKT_KEY=fk_live_… python3 send_receipt.py
"""
import json
import os
import sys
import time
import urllib.error
import urllib.request

API = os.environ.get("KKT_API", "http://127.0.0.1:8080")
KEY = os.environ["KKT_KEY"]
GROUP = os.environ.get("KKT_GROUP", "demo-v5")
ORDER = os.environ.get("KKT_ORDER", f"order-{time.time_ns()}")

RECEIPT = {
    "group": GROUP,
    "operation": "sell",
    "client": {"email": "buyer@example.com"},
    "company": {"sno": "osn"},
    "items": [
        {
            "name": "Кофе зерновой, 250 г",
            "price": "540.00",
            "quantity": "2",
            "payment_method": "full_payment",
            "payment_object": "commodity",
            "vat": {"type": "vat22"},
        }
    ],
    "payments": [{"type": "electronic", "sum": "1080.00"}],
    "total": "1080.00",
}


class Refused(Exception):
    """The API said no; `problem` is its answer (RFC 9457)."""

    def __init__(self, problem):
        super().__init__(problem.get("title_en", problem))
        self.problem = problem


def call(method, path, body=None, idempotency_key=None, tries=4):
    """One request; what may be repeated is repeated when no answer came or the service is busy."""
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    if idempotency_key:
        headers["Idempotency-Key"] = idempotency_key
    data = None if body is None else json.dumps(body).encode()
    for attempt in range(tries):
        request = urllib.request.Request(API + path, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code not in (429, 503) or attempt == tries - 1:
                raise Refused(json.load(error)) from None
            time.sleep(float(error.headers.get("Retry-After", 1)))
        except urllib.error.URLError:
            if attempt == tries - 1:
                raise
            time.sleep(0.3 * 2**attempt)


def main():
    judged = call("POST", "/v1/receipts:validate", RECEIPT)
    print("check:", judged["valid"], judged["tlv_bytes"], "bytes")
    try:
        accepted = call("POST", "/v1/receipts", RECEIPT, idempotency_key=ORDER)
    except Refused as refused:
        for error in refused.problem.get("errors", []):
            print("refused:", error["pointer"], error["detail_en"])
        return 1
    print("accepted:", accepted["id"])
    for _ in range(60):
        receipt = call("GET", f"/v1/receipts/{accepted['id']}")
        if receipt["state"] == "done":
            document = receipt["document"]
            print("registered: FN", document["fn_number"], "FD", document["fd_number"])
            return 0
        if receipt["state"] == "failed":
            print("failed:", receipt["error"]["text"])
            return 1
        print("waits:", receipt["waiting"]["text_en"])
        time.sleep(0.5)
    return 2


if __name__ == "__main__":
    sys.exit(main())
