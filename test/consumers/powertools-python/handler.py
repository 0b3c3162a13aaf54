"""A Lambda handler as its users write it with Powertools: batches in part, and each order paid once."""

import json

import boto3
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)

orders = boto3.resource("dynamodb").Table("orders")
store = DynamoDBPersistenceLayer(table_name="idempotency")
config = IdempotencyConfig(event_key_jmespath="id", raise_on_no_idempotency_key=True)
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@idempotent_function(data_keyword_argument="order", persistence_store=store, config=config)
def pay(order: dict) -> dict:
    orders.update_item(
        Key={"id": order["id"]},
        UpdateExpression="SET #s = :paid ADD times :one",
        ExpressionAttributeNames={"#s": "state"},
        ExpressionAttributeValues={":paid": "paid", ":one": 1},
    )
    return {"id": order["id"]}


def record_handler(record) -> dict:
    return pay(order=json.loads(record.body))


def handler(event, context):
    config.register_lambda_context(context)
    return process_partial_response(event=event, record_handler=record_handler, processor=processor, context=context)
