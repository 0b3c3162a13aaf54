"""Marker and total in one transaction that does nothing when the marker is there; the message is deleted last."""
import json

import boto3

sqs, db = boto3.client("sqs"), boto3.client("dynamodb")
URL = sqs.get_queue_url(QueueName="jobs")["QueueUrl"]


def handle(message):
    order = json.loads(message["Body"])
    try:
        db.transact_write_items(
            TransactItems=[
                {
                    "Put": {
                        "TableName": "orders",
                        "Item": {"id": {"S": order["order_id"]}},
                        "ConditionExpression": "attribute_not_exists(id)",
                    }
                },
                {
                    "Update": {
                        "TableName": "totals",
                        "Key": {"id": {"S": "all"}},
                        "UpdateExpression": "ADD amount :a",
                        "ExpressionAttributeValues": {":a": {"N": str(order["total"])}},
                    }
                },
            ]
        )
    except db.exceptions.TransactionCanceledException as error:
        if "ConditionalCheckFailed" not in str(error):
            raise
    sqs.delete_message(QueueUrl=URL, ReceiptHandle=message["ReceiptHandle"])


while True:
    for message in sqs.receive_message(QueueUrl=URL, WaitTimeSeconds=20).get("Messages", []):
        try:
            handle(message)
        except Exception as error:
            print(error, flush=True)
