import json

from aws import client, refused, unique


def _queue(sqs, topic_arn: str, name: str) -> tuple[str, str]:
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
    }
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": [statement]})})
    return url, arn


def _bodies(sqs, url: str) -> list[str]:
    answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
    return sorted(message["Body"] for message in answer.get("Messages", []))


def session_fan_out_with_filters():
    """one topic, three queues: raw, enveloped, filtered by attribute and by body"""
    sns, sqs = client("sns"), client("sqs")
    topic = sns.create_topic(Name=unique("events"), Tags=[{"Key": "stack", "Value": "ü"}])["TopicArn"]
    name = unique("sub")
    raw_url, raw_arn = _queue(sqs, topic, f"{name}-raw")
    all_url, all_arn = _queue(sqs, topic, f"{name}-all")
    body_url, body_arn = _queue(sqs, topic, f"{name}-body")
    policy = {"event_type": [{"prefix": "order_"}], "amount": [{"numeric": [">=", 10, "<", 100]}]}
    raw = sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=raw_arn,
        ReturnSubscriptionArn=True,
        Attributes={"RawMessageDelivery": "true", "FilterPolicy": json.dumps(policy)},
    )["SubscriptionArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=all_arn)
    in_body = {"order": {"total": [{"numeric": [">", 5]}]}}
    attributes = {"FilterPolicyScope": "MessageBody", "FilterPolicy": json.dumps(in_body), "RawMessageDelivery": "true"}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=body_arn, Attributes=attributes)

    def publish(kind: str, amount: str, body: str):
        values = {"event_type": ("String", kind), "amount": ("Number", amount)}
        sent = {key: {"DataType": type_, "StringValue": value} for key, (type_, value) in values.items()}
        return sns.publish(TopicArn=topic, Message=body, MessageAttributes=sent, Subject="s")["MessageId"]

    wanted = publish("order_created", "50", '{"order": {"total": 6}}')
    publish("order_created", "100", "plain")
    publish("payment", "50", '{"order": {"total": 5}}')
    assert _bodies(sqs, raw_url) == ['{"order": {"total": 6}}'] == _bodies(sqs, body_url)
    envelopes = [json.loads(body) for body in _bodies(sqs, all_url)]
    assert len(envelopes) == 3
    envelope = next(one for one in envelopes if one["MessageId"] == wanted)
    assert envelope["Type"] == "Notification" and envelope["TopicArn"] == topic and envelope["Subject"] == "s"
    assert envelope["MessageAttributes"]["amount"] == {"Type": "Number", "Value": "50"}
    sns.set_subscription_attributes(SubscriptionArn=raw, AttributeName="FilterPolicy", AttributeValue="{}")
    publish("payment", "1", "now it comes")
    assert "now it comes" in _bodies(sqs, raw_url)
    sns.unsubscribe(SubscriptionArn=raw)
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    assert sum(len(page["Subscriptions"]) for page in pages) == 2


def session_batches_and_refusals():
    """PublishBatch to a FIFO topic, in order; wrong input"""
    sns, sqs = client("sns"), client("sqs")
    topic = sns.create_topic(Name=unique("t") + ".fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
    url = sqs.create_queue(QueueName=unique("t") + ".fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}]}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    entries = [
        {"Id": str(n), "Message": f"m{n}", "MessageGroupId": "g", "MessageDeduplicationId": str(n)} for n in range(5)
    ]
    answer = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
    assert [one["Id"] for one in answer["Successful"]] == ["0", "1", "2", "3", "4"]
    received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [message["Body"] for message in received] == ["m0", "m1", "m2", "m3", "m4"]
    refused("InvalidParameter", sns.publish, TopicArn=topic, Message="without a group")
    refused("NotFound", sns.publish, TopicArn=topic + "x", Message="x")
    refused("InvalidParameter", sns.subscribe, TopicArn=topic, Protocol="carrier-pigeon", Endpoint="x")
