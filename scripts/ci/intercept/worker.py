import os
import urllib.error
import urllib.request

import boto3

queue = os.environ["QUEUE_URL"]
sqs = boto3.client("sqs")
sqs.send_message(QueueUrl=queue, MessageBody=os.environ["CLIENT"])
[message] = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])

s3 = boto3.client("s3")
s3.create_bucket(Bucket="by.boto3")
s3.put_object(Bucket="by.boto3", Key="a/b c", Body=b"x" * 100_000)
url = s3.generate_presigned_url("get_object", Params={"Bucket": "by.boto3", "Key": "a/b c"})
assert url.startswith("https://") and ".amazonaws.com/" in url, url
assert len(urllib.request.urlopen(url).read()) == 100_000

try:
    urllib.request.urlopen("https://example.com/")
    raise SystemExit("example.com was reached")
except urllib.error.URLError:
    print("received", message["Body"])
