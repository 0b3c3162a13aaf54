"""Powertools for AWS Lambda: idempotency on DynamoDB, keyed by the order's id."""
import json

import boto3
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)

sqs, db = boto3.client("sqs"), boto3.client("dynamodb")
URL = sqs.get_queue_url(QueueName="jobs")["QueueUrl"]
STORE = DynamoDBPersistenceLayer(table_name="idempotency")
CONFIG = IdempotencyConfig(event_key_jmespath="order_id", raise_on_no_idempotency_key=True)


class Context:
    """As Lambda's: the time that is left says how long a try is taken to be in progress."""

    def get_remaining_time_in_millis(self):
        return 2_000


CONFIG.register_lambda_context(Context())


@idempotent_function(data_keyword_argument="order", persistence_store=STORE, config=CONFIG)
def handle(order):
    # Idempotent by itself: Powertools runs it again when the first try died before its result was kept.
    db.put_item(TableName="orders", Item={"id": {"S": order["order_id"]}, "total": {"N": str(order["total"])}})
    return {"order_id": order["order_id"]}


while True:
    for message in sqs.receive_message(QueueUrl=URL, WaitTimeSeconds=20).get("Messages", []):
        try:
            handle(order=json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=URL, ReceiptHandle=message["ReceiptHandle"])
        except Exception as error:
            print(error, flush=True)
