from datetime import datetime, timedelta, timezone

from aws import client, refused, unique

NOW = datetime.now(timezone.utc).replace(second=0, microsecond=0)


def session_metrics():
    """data in all forms over CBOR, statistics, percentiles, GetMetricData, listing"""
    cloudwatch = client("cloudwatch")
    namespace = unique("Shop")
    minute = NOW - timedelta(minutes=10)
    dimensions = [{"Name": "Service", "Value": "orders"}]
    common = {"Dimensions": dimensions, "Timestamp": minute, "Unit": "Milliseconds"}
    data = [
        {"MetricName": "Time", "Value": 10.0, **common},
        {"MetricName": "Time", "Values": [20.0, 30.0], "Counts": [2.0, 1.0], **common},
        {"MetricName": "Orders", "StatisticValues": dict(SampleCount=4, Sum=10, Minimum=1, Maximum=5), **common},
    ]
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)
    window = {"StartTime": minute, "EndTime": NOW, "Period": 60}
    where = {"Namespace": namespace, "MetricName": "Time", "Dimensions": dimensions}
    simple = ["SampleCount", "Sum", "Average", "Minimum", "Maximum"]
    (point,) = cloudwatch.get_metric_statistics(Statistics=simple, **where, **window)["Datapoints"]
    assert [point[name] for name in simple] == [4, 80, 20, 10, 30], point
    assert point["Timestamp"] == minute and point["Unit"] == "Milliseconds"
    (point,) = cloudwatch.get_metric_statistics(ExtendedStatistics=["p50", "p100"], **where, **window)["Datapoints"]
    assert point["ExtendedStatistics"]["p100"] == 30
    query = {"Id": "m1", "MetricStat": {"Metric": where, "Period": 60, "Stat": "Sum"}}
    pages = cloudwatch.get_paginator("get_metric_data").paginate(
        MetricDataQueries=[query], StartTime=minute, EndTime=NOW
    )
    (result,) = [result for page in pages for result in page["MetricDataResults"]]
    assert result["Values"] == [80.0] and result["StatusCode"] == "Complete"
    names = {m["MetricName"] for m in cloudwatch.list_metrics(Namespace=namespace)["Metrics"]}
    assert names == {"Time", "Orders"}
    bad = {"Namespace": namespace, "MetricData": [{"MetricName": "x", "Value": 1.0, "Values": [1.0]}]}
    refused("InvalidParameterCombination", cloudwatch.put_metric_data, **bad)


def session_alarm():
    """an alarm: put, described, set, its history, deleted"""
    cloudwatch = client("cloudwatch")
    name = unique("alarm")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace="Shop",
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert alarm["StateValue"] == "INSUFFICIENT_DATA" and alarm["Threshold"] == 1.0
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="by hand")
    cloudwatch.get_waiter("alarm_exists").wait(AlarmNames=[name])
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert alarm["StateValue"] == "ALARM"
    history = cloudwatch.describe_alarm_history(AlarmName=name)["AlarmHistoryItems"]
    assert {one["HistoryItemType"] for one in history} >= {"StateUpdate", "ConfigurationUpdate"}
    cloudwatch.delete_alarms(AlarmNames=[name])
    assert cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"] == []
    refused("ResourceNotFound", cloudwatch.set_alarm_state, AlarmName=name, StateValue="OK", StateReason="x")
