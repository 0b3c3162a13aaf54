"""Two queues, a table and two orders, for consumer.py."""

import json

import boto3

sqs = boto3.client("sqs")
jobs = sqs.create_queue(QueueName="jobs")["QueueUrl"]
sqs.create_queue(QueueName="mails")
boto3.client("dynamodb").create_table(
    TableName="orders",
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    BillingMode="PAY_PER_REQUEST",
)
for order in ["order-00001", "order-00002"]:
    sqs.send_message(QueueUrl=jobs, MessageBody=json.dumps({"order": order}))
