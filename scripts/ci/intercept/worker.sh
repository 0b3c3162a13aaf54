# The AWS CLI and curl.
set -eu
aws sqs send-message --queue-url "$QUEUE_URL" --message-body "$CLIENT" >/dev/null
read -r body receipt < <(aws sqs receive-message --queue-url "$QUEUE_URL" --wait-time-seconds 5 \
  --query 'Messages[0].[Body,ReceiptHandle]' --output text)
aws sqs delete-message --queue-url "$QUEUE_URL" --receipt-handle "$receipt"
for scheme in https http; do
  test "$(curl -sS -o /dev/null -w '%{http_code}' "$scheme://sqs.us-east-1.amazonaws.com/")" = 200
  test "$(curl -s -o /dev/null -w '%{http_code}%{http_connect}' "$scheme://example.com/" | tr -d 0)" = 43
done
echo "received $body"
