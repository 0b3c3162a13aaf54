"""A consumer as many are: deletes the message first, then sells by reading and writing. Both are faults."""

import json
import os

import boto3

sqs = boto3.client("sqs")
orders = boto3.resource("dynamodb").Table("orders")
url = sqs.get_queue_url(QueueName=os.environ["QUEUE"])["QueueUrl"]

try:
    while True:
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20).get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            order = orders.get_item(Key={"id": json.loads(message["Body"])["id"]})["Item"]
            order.update(state="paid", times=int(order.get("times", 0)) + 1)
            orders.put_item(Item=order)
except KeyboardInterrupt:
    pass
