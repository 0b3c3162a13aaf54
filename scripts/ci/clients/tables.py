from decimal import Decimal

from boto3.dynamodb.conditions import Attr, Key

from aws import client, refused, resource, unique


def _table(name: str):
    table = resource("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "N"},
            {"AttributeName": "status", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-status",
                "KeySchema": [{"AttributeName": "status", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    table.wait_until_exists()
    return table


def session_resource_api():
    """Table: documents, conditions, updates, index queries, batch writer"""
    table = _table(unique("orders"))
    with table.batch_writer() as batch:
        for n in range(60):
            batch.put_item(
                Item={
                    "pk": f"c{n % 3}",
                    "sk": n,
                    "status": "open" if n % 2 else "done",
                    "total": Decimal("12.50"),
                    "tags": {"a", "b"},
                    "nested": {"list": [1, None, True, b"\x00"]},
                }
            )
    item = table.get_item(Key={"pk": "c1", "sk": 1}, ConsistentRead=True)["Item"]
    assert item["total"] == Decimal("12.50") and item["tags"] == {"a", "b"}
    assert item["nested"]["list"][:3] == [1, None, True] and bytes(item["nested"]["list"][3]) == b"\x00"
    found = table.query(KeyConditionExpression=Key("pk").eq("c0") & Key("sk").between(3, 12), ScanIndexForward=False)
    assert [int(one["sk"]) for one in found["Items"]] == [12, 9, 6, 3]
    indexed = table.query(IndexName="by-status", KeyConditionExpression=Key("status").eq("open"))
    assert indexed["Count"] == 30
    filtered = table.scan(FilterExpression=Attr("sk").gt(50) & Attr("tags").contains("a"))
    assert filtered["Count"] == 9 and filtered["ScannedCount"] == 60
    updated = table.update_item(
        Key={"pk": "c1", "sk": 1},
        UpdateExpression="SET #s = :s, #t = #t + :d ADD version :one REMOVE nested.#l[0]",
        ConditionExpression=Attr("status").eq("open"),
        ExpressionAttributeNames={"#s": "status", "#t": "total", "#l": "list"},
        ExpressionAttributeValues={":s": "paid", ":d": Decimal("0.5"), ":one": 1},
        ReturnValues="ALL_NEW",
    )["Attributes"]
    assert (updated["status"], updated["total"], updated["version"]) == ("paid", Decimal("13.0"), 1)
    assert updated["nested"]["list"][0] is None
    again = {"Key": {"pk": "c1", "sk": 1}, "ConditionExpression": Attr("status").eq("open")}
    refused("ConditionalCheckFailedException", table.delete_item, **again)
    table.delete()
    table.wait_until_not_exists()


def session_transactions_and_paging():
    """transactions with reasons, idempotency tokens, paginators, parallel scan"""
    dynamodb = client("dynamodb")
    name = unique("stock")
    _table(name)

    def key(n: int) -> dict:
        return {"pk": {"S": "p"}, "sk": {"N": str(n)}}

    put = [{"Put": {"TableName": name, "Item": {**key(n), "pad": {"S": "x" * 900}}}} for n in range(100)]
    dynamodb.transact_write_items(TransactItems=put, ClientRequestToken="once")
    dynamodb.transact_write_items(TransactItems=put, ClientRequestToken="once")
    reuse = {"TransactItems": put[:1], "ClientRequestToken": "once"}
    refused("IdempotentParameterMismatchException", dynamodb.transact_write_items, **reuse)
    check = {"TableName": name, "Key": key(1), "ConditionExpression": "attribute_not_exists(pk)"}
    wrong = [{"ConditionCheck": {**check, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}}, put[2]]
    error = refused("TransactionCanceledException", dynamodb.transact_write_items, TransactItems=wrong)
    codes = [reason["Code"] for reason in error.response["CancellationReasons"]]
    assert codes == ["ConditionalCheckFailed", "None"]
    assert error.response["CancellationReasons"][0]["Item"]["sk"] == {"N": "1"}
    pages = list(dynamodb.get_paginator("scan").paginate(TableName=name, PaginationConfig={"PageSize": 33}))
    assert [page["Count"] for page in pages] == [33, 33, 33, 1]
    segments = [dynamodb.scan(TableName=name, Segment=n, TotalSegments=4)["Count"] for n in range(4)]
    assert sum(segments) == 100
    got = dynamodb.batch_get_item(RequestItems={name: {"Keys": [key(n) for n in range(100)]}})
    assert len(got["Responses"][name]) == 100 and got["UnprocessedKeys"] == {}
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification={"AttributeName": "ttl", "Enabled": True})
    status = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert status["AttributeName"] == "ttl"
    refused("ResourceInUseException", _table, name=name)
    refused("ResourceNotFoundException", dynamodb.describe_table, TableName="none")
    assert name in [n for page in dynamodb.get_paginator("list_tables").paginate() for n in page["TableNames"]]
