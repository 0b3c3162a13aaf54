import time

from aws import client, refused, resource, unique


def session_standard_queue():
    """attributes, batches, visibility, deletion"""
    sqs = client("sqs")
    url = sqs.create_queue(QueueName=unique("q"), Attributes={"VisibilityTimeout": "30"})["QueueUrl"]
    sent = sqs.send_message(
        QueueUrl=url,
        MessageBody="héllo 😀",
        MessageAttributes={
            "kind": {"DataType": "String", "StringValue": "a"},
            "raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
        },
    )
    assert len(sent["MessageId"]) == 36
    batch = sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(n), "MessageBody": f"m{n}"} for n in range(9)])
    assert len(batch["Successful"]) == 9 and "Failed" not in batch
    seen = {}
    while len(seen) < 10:
        answer = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
            WaitTimeSeconds=1,
        )
        seen.update({message["MessageId"]: message for message in answer["Messages"]})
    first = seen[sent["MessageId"]]
    assert first["Body"] == "héllo 😀" and first["MessageAttributes"]["raw"]["BinaryValue"] == b"\x00\xff"
    assert first["Attributes"]["ApproximateReceiveCount"] == "1"
    depth = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert depth["ApproximateNumberOfMessagesNotVisible"] == "10" and depth["VisibilityTimeout"] == "30"
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"], VisibilityTimeout=0)
    again = sqs.receive_message(QueueUrl=url, AttributeNames=["ApproximateReceiveCount"])["Messages"][0]
    assert again["MessageId"] == sent["MessageId"] and again["Attributes"]["ApproximateReceiveCount"] == "2"
    entries = [
        {"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]}
        for n, message in enumerate([again, *[m for m in seen.values() if m is not first]])
    ]
    assert len(sqs.delete_message_batch(QueueUrl=url, Entries=entries)["Successful"]) == 10
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    sqs.delete_queue(QueueUrl=url)
    refused("AWS.SimpleQueueService.NonExistentQueue", sqs.get_queue_url, QueueName=url.rsplit("/", 1)[1])


def session_fifo_and_dead_letters():
    """FIFO order and deduplication; a dead-letter queue after maxReceiveCount, and back"""
    sqs = client("sqs")
    name = unique("orders")
    dead = sqs.create_queue(QueueName=f"{name}-dlq.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    dead_arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = f'{{"deadLetterTargetArn":"{dead_arn}","maxReceiveCount":1}}'
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true", "RedrivePolicy": redrive}
    url = sqs.create_queue(QueueName=f"{name}.fifo", Attributes=attributes)["QueueUrl"]
    for body in ["1", "2", "2", "3"]:
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")
    batch = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)["Messages"]
    assert [message["Body"] for message in batch] == ["1", "2", "3"]
    assert "Messages" not in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    assert len(sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10, VisibilityTimeout=0)["Messages"]) == 3
    sources = sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"]
    assert sources == [url], sources
    sqs.start_message_move_task(SourceArn=dead_arn)
    for _ in range(50):
        task = sqs.list_message_move_tasks(SourceArn=dead_arn)["Results"][0]
        if task["Status"] == "COMPLETED":
            break
        time.sleep(0.1)
    assert task["ApproximateNumberOfMessagesMoved"] == 3, task
    moved = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [message["Body"] for message in moved] == ["1", "2", "3"]


def session_resource_and_paginator():
    """the resource API, tags, paging through queues"""
    prefix = unique("many")
    sqs = client("sqs")
    for n in range(5):
        sqs.create_queue(QueueName=f"{prefix}-{n}", tags={"n": str(n)})
    pages = list(sqs.get_paginator("list_queues").paginate(QueueNamePrefix=prefix, PaginationConfig={"PageSize": 2}))
    assert len(pages) == 3 and sum(len(page["QueueUrls"]) for page in pages) == 5
    queue = resource("sqs").get_queue_by_name(QueueName=f"{prefix}-3")
    queue.send_message(MessageBody="via resource", DelaySeconds=0)
    (message,) = queue.receive_messages(WaitTimeSeconds=1)
    assert message.body == "via resource"
    message.delete()
    assert sqs.list_queue_tags(QueueUrl=queue.url)["Tags"] == {"n": "3"}
    refused("InvalidParameterValue", sqs.receive_message, QueueUrl=queue.url, MaxNumberOfMessages=11)
    refused("AWS.SimpleQueueService.EmptyBatchRequest", sqs.send_message_batch, QueueUrl=queue.url, Entries=[])
