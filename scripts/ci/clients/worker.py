"""A consumer that knows nothing of the engine: takes orders from a queue and puts each down as paid."""
import json

import boto3

sqs = boto3.client('sqs')
orders = boto3.resource('dynamodb').Table('orders')
queue = sqs.get_queue_url(QueueName='jobs')['QueueUrl']
while True:
    for message in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20).get('Messages', []):
        try:
            orders.update_item(
                Key={'id': json.loads(message['Body'])['id']},
                UpdateExpression='SET paid = :yes ADD times :one',
                ExpressionAttributeValues={':yes': True, ':one': 1},
            )
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message['ReceiptHandle'])
        except Exception as error:  # what fails is to come again
            print(error, flush=True)
            sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=message['ReceiptHandle'], VisibilityTimeout=0)
