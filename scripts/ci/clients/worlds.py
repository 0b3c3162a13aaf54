from aws import client, refused, unique


def session_accounts_and_regions():
    """a 12-digit access key is the account; regions are worlds of their own"""
    assert client("sts").get_caller_identity()["Account"] == "000000000000"
    assert client("sts", key="123456789012").get_caller_identity()["Account"] == "123456789012"
    name = unique("here")
    here, elsewhere, other = client("sqs"), client("sqs", region="eu-west-1"), client("sqs", key="123456789012")
    here.create_queue(QueueName=name)
    for there in [elsewhere, other]:
        refused("AWS.SimpleQueueService.NonExistentQueue", there.get_queue_url, QueueName=name)
    table = unique("here")
    client("logs").create_log_group(logGroupName=table)
    assert client("logs", region="eu-west-1").describe_log_groups(logGroupNamePrefix=table)["logGroups"] == []


def session_what_is_not_there():
    """operations and services that the engine does not have are refused"""
    refused("InvalidAction", client("sns").list_platform_applications)
    refused("UnknownOperationException", client("dynamodb").list_backups)
    refused("UnknownOperationException", client("logs").describe_queries)
    refused("InvalidAction", client("cloudwatch").list_dashboards)
    refused("NotImplemented", client("s3").list_bucket_analytics_configurations, Bucket="any-bucket")
    refused("InternalFailure", client("kinesis").list_streams)
