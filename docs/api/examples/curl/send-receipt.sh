#!/bin/sh
# Checks a receipt, sends it, and waits for its fiscal document. Needs curl.
#   KKT_API=http://127.0.0.1:8080 KKT_KEY=fk_live_… sh send-receipt.sh
set -eu
api=${KKT_API:?address of the API} key=${KKT_KEY:?API key} group=${KKT_GROUP:-demo-v5}
order=${KKT_ORDER:-order-$(date +%s)-$$}

receipt='{
  "group": "'$group'",
  "operation": "sell",
  "client": { "email": "buyer@example.com" },
  "company": { "sno": "osn" },
  "items": [
    { "name": "Кофе зерновой, 250 г", "price": "540.00", "quantity": "2",
      "payment_method": "full_payment", "payment_object": "commodity", "vat": { "type": "vat22" } }
  ],
  "payments": [ { "type": "electronic", "sum": "1080.00" } ],
  "total": "1080.00"
}'

call() { curl --silent --show-error --max-time 30 -H "Authorization: Bearer $key" "$@"; }
field() { sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p'; }

echo "check:"
call -H 'Content-Type: application/json' -d "$receipt" "$api/v1/receipts:validate"
echo

# The key of repetition: run it twice with one KKT_ORDER, and there is still one document.
echo "send $order:"
accepted=$(call --fail-with-body --retry 3 -H 'Content-Type: application/json' -H "Idempotency-Key: $order" -d "$receipt" "$api/v1/receipts")
echo "$accepted"
id=$(echo "$accepted" | sed 's/,.*//' | field id)

for _ in $(seq 1 60); do
  found=$(call --fail-with-body "$api/v1/receipts/$id")
  case $(echo "$found" | sed 's/,"total".*//' | field state) in
    done) echo "registered:"; echo "$found"; exit 0 ;;
    failed) echo "failed:"; echo "$found"; exit 1 ;;
  esac
  sleep 0.5
done
echo "still waiting:"; echo "$found"; exit 2
