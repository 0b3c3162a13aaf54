"""A Lambda handler as its users write it: reports what failed, and sends on what it has handled."""

import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    failures = []
    for record in event["Records"]:
        if record["body"] == "bad":
            failures.append({"itemIdentifier": record["messageId"]})
            continue
        print("python", record["body"], context.function_name, context.get_remaining_time_in_millis() > 0)
        sqs.send_message(QueueUrl=os.environ["NEXT_QUEUE"], MessageBody="from python")
    return {"batchItemFailures": failures}
