#!/usr/bin/env bash
# The AWS CLI against the engine at AWS_ENDPOINT_URL, as a person would use it. Usage: aws_cli_session.sh WORKDIR
set -u
work="$(mktemp -d "$1/cli.XXXXXX")"
trap 'rm -rf "$work"' EXIT
export AWS_PAGER='' AWS_DEFAULT_OUTPUT=json
passed=0
failed=0
suffix="$$-$RANDOM"

# check NAME EXPECTED COMMAND...: the command's output must be what is expected.
check() {
  local name="$1" expected="$2" got
  shift 2
  if got="$("$@" 2>&1)" && [ "$got" = "$expected" ]; then
    passed=$((passed + 1))
    printf '  ok    %s\n' "$name"
  else
    failed=$((failed + 1))
    printf '  FAIL  %s\n        expected: %s\n        got:      %s\n' "$name" "$expected" "$got"
  fi
}

# refuse NAME CODE COMMAND...: the command must fail and name the error.
refuse() {
  local name="$1" code="$2" got
  shift 2
  if ! got="$("$@" 2>&1)" && grep -q "($code)" <<<"$got"; then
    passed=$((passed + 1))
    printf '  ok    %s\n' "$name"
  else
    failed=$((failed + 1))
    printf '  FAIL  %s\n        expected: %s\n        got:      %s\n' "$name" "($code)" "$got"
  fi
}

text() { aws "$@" --output text; }
# For SQS alone, version 1 of the CLI does not heed AWS_ENDPOINT_URL.
sqs() { aws --endpoint-url "$AWS_ENDPOINT_URL" sqs "$@"; }

check 'sts get-caller-identity' 000000000000 text sts get-caller-identity --query Account

bucket="cli-$suffix"
mkdir -p "$work/tree/sub"
printf 'one' >"$work/tree/a.txt"
printf '{"two":2}' >"$work/tree/sub/b.json"
head -c 9000000 /dev/zero >"$work/tree/large"
check 's3 mb' "make_bucket: $bucket" aws s3 mb "s3://$bucket"
# Objects are dated in whole seconds, as S3 does it: a file that is a fraction of one younger would be sent again.
find "$work/tree" -type f -exec touch -d '1 minute ago' {} +
aws s3 sync "$work/tree" "s3://$bucket/data" --only-show-errors
check 's3 sync, a second time, has nothing to do' '' aws s3 sync "$work/tree" "s3://$bucket/data"
check 's3 ls' 3 aws s3api list-objects-v2 --bucket "$bucket" --prefix data/ --query 'length(Contents)'
check 'the content type that the CLI guesses' application/json \
  text s3api head-object --bucket "$bucket" --key data/sub/b.json --query ContentType
aws s3 sync "s3://$bucket/data" "$work/back" --only-show-errors
check 's3 sync brings the same back' '' diff -r "$work/tree" "$work/back"
check 's3 cp to stdout' one aws s3 cp "s3://$bucket/data/a.txt" -
check 's3 presign' one curl -sf "$(aws s3 presign "s3://$bucket/data/a.txt")"
check 's3 mv' "move: s3://$bucket/data/a.txt to s3://$bucket/moved" aws s3 mv --no-progress "s3://$bucket/data/a.txt" "s3://$bucket/moved"
aws s3 rm "s3://$bucket" --recursive --only-show-errors
check 's3 rb' "remove_bucket: $bucket" aws s3 rb "s3://$bucket"
refuse 's3api head-bucket of none' 404 aws s3api head-bucket --bucket "$bucket"

queue="$(sqs --output text create-queue --queue-name "cli-$suffix" --query QueueUrl)"
queue_arn="$(sqs --output text get-queue-attributes --queue-url "$queue" --attribute-names QueueArn --query Attributes.QueueArn)"
topic="$(text sns create-topic --name "cli-$suffix" --query TopicArn)"
policy="$(printf '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"%s"}]}' "$queue_arn")"
printf '{"Policy":%s}' "$(python -c 'import json, sys; print(json.dumps(sys.argv[1]))' "$policy")" >"$work/policy.json"
sqs set-queue-attributes --queue-url "$queue" --attributes "file://$work/policy.json"
aws sns subscribe --topic-arn "$topic" --protocol sqs --notification-endpoint "$queue_arn" \
  --attributes '{"RawMessageDelivery":"true","FilterPolicy":"{\"kind\":[\"a\"]}"}' >/dev/null
aws sns publish --topic-arn "$topic" --message 'for us' \
  --message-attributes '{"kind":{"DataType":"String","StringValue":"a"}}' >/dev/null
aws sns publish --topic-arn "$topic" --message 'not for us' >/dev/null
check 'sns publish to sqs receive-message' 'for us' \
  sqs --output text receive-message --queue-url "$queue" --wait-time-seconds 1 --max-number-of-messages 10 --query 'Messages[].Body'
check 'sqs purge-queue' '' sqs purge-queue --queue-url "$queue"
refuse 'sqs get-queue-url of none' AWS.SimpleQueueService.NonExistentQueue sqs get-queue-url --queue-name none

table="cli-$suffix"
aws dynamodb create-table --table-name "$table" --attribute-definitions AttributeName=id,AttributeType=S \
  --key-schema AttributeName=id,KeyType=HASH --billing-mode PAY_PER_REQUEST >/dev/null
check 'dynamodb wait table-exists' '' aws dynamodb wait table-exists --table-name "$table"
aws dynamodb put-item --table-name "$table" --item '{"id":{"S":"1"},"price":{"N":"1299.99"}}'
check 'dynamodb get-item' 1299.99 \
  text dynamodb get-item --table-name "$table" --key '{"id":{"S":"1"}}' --query Item.price.N
check 'dynamodb update-item' 1300 text dynamodb update-item --table-name "$table" --key '{"id":{"S":"1"}}' \
  --update-expression 'ADD price :d' --expression-attribute-values '{":d":{"N":"0.01"}}' \
  --return-values UPDATED_NEW --query Attributes.price.N
refuse 'dynamodb put-item with a condition that fails' ConditionalCheckFailedException \
  aws dynamodb put-item --table-name "$table" --item '{"id":{"S":"1"}}' --condition-expression 'attribute_not_exists(id)'
check 'dynamodb scan, page by page' 1 aws dynamodb scan --table-name "$table" --page-size 1 --query Count

since="$(date -u -d '-10 minutes' +%Y-%m-%dT%H:%M:00Z)"
until="$(date -u -d '+1 minute' +%Y-%m-%dT%H:%M:00Z)"
aws cloudwatch put-metric-data --namespace "Cli-$suffix" --metric-name Orders --value 3 --unit Count
aws cloudwatch put-metric-data --namespace "Cli-$suffix" --metric-name Orders --value 4 --unit Count
check 'cloudwatch get-metric-statistics' True text cloudwatch get-metric-statistics --namespace "Cli-$suffix" \
  --metric-name Orders --start-time "$since" --end-time "$until" --period 3600 --statistics Sum --query 'Datapoints[0].Sum == `7`'
check 'cloudwatch list-metrics' Orders text cloudwatch list-metrics --namespace "Cli-$suffix" --query 'Metrics[].MetricName'

group="/cli/$suffix"
aws logs create-log-group --log-group-name "$group"
aws logs create-log-stream --log-group-name "$group" --log-stream-name one
aws logs put-log-events --log-group-name "$group" --log-stream-name one \
  --log-events "timestamp=$(date +%s000),message='{\"level\":\"ERROR\",\"n\":1}'" >/dev/null
check 'logs filter-log-events' '{"level":"ERROR","n":1}' \
  text logs filter-log-events --log-group-name "$group" --filter-pattern '{ $.level = "ERROR" }' --query 'events[].message'

printf 'AWS CLI: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
