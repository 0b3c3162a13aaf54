"""An unchanged consumer: takes orders from a queue, writes them into a table and tells another queue. Ends when both are empty."""

import json

import boto3

sqs = boto3.client("sqs")
table = boto3.resource("dynamodb").Table("orders")


def receive(url: str) -> list[dict]:
    return sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1).get("Messages", [])


def main() -> None:
    jobs = sqs.get_queue_url(QueueName="jobs")["QueueUrl"]
    mails = sqs.get_queue_url(QueueName="mails")["QueueUrl"]
    while messages := receive(jobs):
        for message in messages:
            order = json.loads(message["Body"])["order"]
            table.put_item(Item={"id": order, "state": "new"})
            table.update_item(
                Key={"id": order},
                UpdateExpression="SET #s = :s",
                ExpressionAttributeNames={"#s": "state"},
                ExpressionAttributeValues={":s": "paid"},
            )
            sqs.send_message(QueueUrl=mails, MessageBody=f"paid: {order}")
            sqs.delete_message(QueueUrl=jobs, ReceiptHandle=message["ReceiptHandle"])
    for message in receive(mails):
        sqs.delete_message(QueueUrl=mails, ReceiptHandle=message["ReceiptHandle"])


if __name__ == "__main__":
    main()
