"""Celery on SQS as its users set it up: a message is acknowledged when its task has ended."""

import os

import boto3
from celery import Celery

app = Celery("tasks", broker="sqs://")
app.conf.update(
    task_default_queue=os.environ["QUEUE"],
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    worker_enable_remote_control=False,
    broker_transport_options={"region": os.environ["AWS_REGION"], "wait_time_seconds": 20, "visibility_timeout": 30},
)
orders = boto3.resource("dynamodb").Table("orders")


@app.task(ignore_result=True)
def pay(id: str) -> None:
    orders.update_item(
        Key={"id": id},
        UpdateExpression="SET #s = :paid ADD times :one",
        ExpressionAttributeNames={"#s": "state"},
        ExpressionAttributeValues={":paid": "paid", ":one": 1},
    )
