"""Two tables, a piece of stock, and the queues."""
import boto3

dynamodb = boto3.client("dynamodb")
for name in ["stock", "mails"]:
    dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
dynamodb.put_item(TableName="stock", Item={"id": {"S": "mug"}, "left": {"N": "5"}})
for name in ["orders", "mails"]:
    boto3.client("sqs").create_queue(QueueName=name)
