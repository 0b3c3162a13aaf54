import json
import time

from aws import client, refused, unique


def session_logs():
    """groups, streams, rejected events, reading both ways, patterns, paging"""
    logs = client("logs")
    group = f"/shop/{unique('app')}"
    logs.create_log_group(logGroupName=group, tags={"stack": "test"})
    refused("ResourceAlreadyExistsException", logs.create_log_group, logGroupName=group)
    logs.put_retention_policy(logGroupName=group, retentionInDays=7)
    (found,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert found["retentionInDays"] == 7 and found["arn"].endswith(f"{group}:*")
    where = {"logGroupName": group, "logStreamName": "orders"}
    logs.create_log_stream(**where)
    now = int(time.time() * 1000)
    lines = [{"level": "ERROR" if n % 10 == 0 else "INFO", "n": n, "text": "grün"} for n in range(100)]
    events = [{"timestamp": now + n, "message": json.dumps(line)} for n, line in enumerate(lines)]
    old = {"timestamp": now - 20 * 24 * 3600 * 1000, "message": "too old"}
    answer = logs.put_log_events(**where, logEvents=[old, *events])
    assert answer["rejectedLogEventsInfo"]["tooOldLogEventEndIndex"] == 1, answer
    first = logs.get_log_events(**where, startFromHead=True, limit=60)
    assert len(first["events"]) == 60 and json.loads(first["events"][0]["message"])["n"] == 0
    second = logs.get_log_events(**where, startFromHead=True, limit=60, nextToken=first["nextForwardToken"])
    assert len(second["events"]) == 40
    end = logs.get_log_events(**where, startFromHead=True, limit=60, nextToken=second["nextForwardToken"])
    assert end["events"] == [] and end["nextForwardToken"] == second["nextForwardToken"]
    paginator = logs.get_paginator("filter_log_events")

    def matching(pattern: str) -> int:
        pages = paginator.paginate(logGroupName=group, filterPattern=pattern, PaginationConfig={"PageSize": 4})
        return sum(len(page["events"]) for page in pages)

    assert matching('{ $.level = "ERROR" && $.n > 50 }') == 4
    assert matching("ERROR") == 10
    assert matching("?ERROR ?INFO") == 100
    assert matching('-"ERROR"') == 90
    streams = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime", descending=True)["logStreams"]
    assert streams[0]["logStreamName"] == "orders" and streams[0]["lastEventTimestamp"] == now + 99
    refused("ResourceNotFoundException", logs.get_log_events, logGroupName="/none", logStreamName="x")
    refused("InvalidParameterException", logs.filter_log_events, logGroupName=group, filterPattern="{ $.a = }")
    logs.delete_log_group(logGroupName=group)
    assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"] == []
