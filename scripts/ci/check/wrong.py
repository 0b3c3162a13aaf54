"""Deletes first, reads a total and writes it back: lost when it dies, and counted twice when the message comes twice."""
import json

import boto3

sqs, db = boto3.client("sqs"), boto3.client("dynamodb")
URL = sqs.get_queue_url(QueueName="jobs")["QueueUrl"]


def handle(message):
    sqs.delete_message(QueueUrl=URL, ReceiptHandle=message["ReceiptHandle"])
    order = json.loads(message["Body"])
    old = db.get_item(TableName="totals", Key={"id": {"S": "all"}}).get("Item", {"amount": {"N": "0"}})
    amount = int(old["amount"]["N"]) + order["total"]
    db.put_item(TableName="totals", Item={"id": {"S": "all"}, "amount": {"N": str(amount)}})
    db.put_item(TableName="orders", Item={"id": {"S": order["order_id"]}})


while True:
    for message in sqs.receive_message(QueueUrl=URL, WaitTimeSeconds=20).get("Messages", []):
        try:
            handle(message)
        except Exception as error:
            print(error, flush=True)
