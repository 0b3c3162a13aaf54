"""Writes down which mails were sent. It knows nothing of cliffracer."""
import json

import boto3

sqs = boto3.client("sqs")
mails = sqs.create_queue(QueueName="mails")["QueueUrl"]
table = boto3.resource("dynamodb").Table("mails")

while True:
    for message in sqs.receive_message(QueueUrl=mails, WaitTimeSeconds=20).get("Messages", []):
        order = json.loads(message["Body"])["order"]
        table.put_item(Item={"id": order, "state": "sent"})
        sqs.delete_message(QueueUrl=mails, ReceiptHandle=message["ReceiptHandle"])
