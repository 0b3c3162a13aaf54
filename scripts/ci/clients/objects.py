import io
import json
import urllib.error
import urllib.request

from boto3.s3.transfer import TransferConfig

from aws import client, refused, resource, unique

MEBIBYTE = 1024 * 1024


def session_objects():
    """metadata, ranges, conditions, checksums, copy, listing, deletion"""
    s3 = client("s3")
    bucket = unique("bucket")
    s3.create_bucket(Bucket=bucket)
    s3.get_waiter("bucket_exists").wait(Bucket=bucket)
    put = s3.put_object(
        Bucket=bucket,
        Key="receipts/ü 1.json",
        Body=b'{"total": 1}',
        ContentType="application/json",
        Metadata={"order": "1"},
        ChecksumAlgorithm="SHA256",
    )
    got = s3.get_object(Bucket=bucket, Key="receipts/ü 1.json", ChecksumMode="ENABLED")
    assert got["Body"].read() == b'{"total": 1}' and got["ContentType"] == "application/json"
    assert got["Metadata"] == {"order": "1"} and got["ChecksumSHA256"] == put["ChecksumSHA256"]
    part = s3.get_object(Bucket=bucket, Key="receipts/ü 1.json", Range="bytes=2-6")
    assert part["Body"].read() == b"total" and part["ContentRange"] == "bytes 2-6/12"
    refused("304", s3.get_object, Bucket=bucket, Key="receipts/ü 1.json", IfNoneMatch=put["ETag"])
    refused("PreconditionFailed", s3.put_object, Bucket=bucket, Key="receipts/ü 1.json", Body=b"", IfNoneMatch="*")
    s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "receipts/ü 1.json"})
    assert s3.head_object(Bucket=bucket, Key="copy")["Metadata"] == {"order": "1"}
    for n in range(25):
        s3.put_object(Bucket=bucket, Key=f"dir/{n:02}", Body=b"x")
    pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 10}))
    assert [page["KeyCount"] for page in pages] == [10, 10, 7]
    top = s3.list_objects_v2(Bucket=bucket, Delimiter="/")
    assert [one["Prefix"] for one in top["CommonPrefixes"]] == ["dir/", "receipts/"]
    refused("BucketNotEmpty", s3.delete_bucket, Bucket=bucket)
    refused("NoSuchKey", s3.get_object, Bucket=bucket, Key="none")
    refused("404", s3.head_object, Bucket=bucket, Key="none")
    resource("s3").Bucket(bucket).objects.all().delete()
    s3.delete_bucket(Bucket=bucket)
    refused("NoSuchBucket", s3.list_objects_v2, Bucket=bucket)


def session_multipart_and_presigned():
    """upload_fileobj in parts, the parts by hand, presigned URLs, also expired ones"""
    s3 = client("s3")
    bucket = unique("parts")
    s3.create_bucket(Bucket=bucket)
    data = bytes(range(256)) * (12 * MEBIBYTE // 256)
    settings = TransferConfig(multipart_threshold=5 * MEBIBYTE, multipart_chunksize=5 * MEBIBYTE)
    s3.upload_fileobj(io.BytesIO(data), bucket, "large", Config=settings)
    assert s3.head_object(Bucket=bucket, Key="large")["ETag"].endswith('-3"')
    back = io.BytesIO()
    s3.download_fileobj(bucket, "large", back, Config=settings)
    assert back.getvalue() == data
    upload = s3.create_multipart_upload(Bucket=bucket, Key="hand")["UploadId"]
    source = {"Bucket": bucket, "Key": "large"}
    range_ = f"bytes=0-{5 * MEBIBYTE - 1}"
    where = {"Bucket": bucket, "Key": "hand", "UploadId": upload}
    first = s3.upload_part_copy(PartNumber=1, CopySource=source, CopySourceRange=range_, **where)
    second = s3.upload_part(PartNumber=2, Body=b"end", **where)
    parts = [
        {"PartNumber": 1, "ETag": first["CopyPartResult"]["ETag"]},
        {"PartNumber": 2, "ETag": second["ETag"]},
    ]
    assert len(s3.list_parts(**where)["Parts"]) == 2
    s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **where)
    assert s3.head_object(Bucket=bucket, Key="hand")["ContentLength"] == 5 * MEBIBYTE + 3
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "hand"}, ExpiresIn=60)
    with urllib.request.urlopen(url) as response:
        assert response.read()[-3:] == b"end"
    put = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "by-url"})
    with urllib.request.urlopen(urllib.request.Request(put, data=b"hi", method="PUT")) as response:
        assert response.status == 200
    assert s3.get_object(Bucket=bucket, Key="by-url")["Body"].read() == b"hi"
    expired = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "hand"}, ExpiresIn=-5)
    try:
        urllib.request.urlopen(expired)
        raise AssertionError("an expired URL works")
    except urllib.error.HTTPError as error:
        assert error.code == 403 or error.code == 400, error.code
    refused("NoSuchUpload", s3.abort_multipart_upload, **where)


def post_form(url: str, fields: dict, file: bytes):
    """A form with a file, as a browser sends it."""
    mark = "form-boundary"
    parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    body = "".join(parts).encode() + head.encode() + file + f"\r\n--{mark}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
    return urllib.request.urlopen(urllib.request.Request(url, data=body, headers=headers, method="POST"))


def session_forms_and_events():
    """presigned forms and URLs of both signature versions, for an account; a queue hears of what they write"""
    account = "123456789012"
    for version in ("s3v4", "s3"):
        s3 = client("s3", key=account, signature_version=version)
        bucket = unique("events")
        s3.create_bucket(Bucket=bucket)
        sqs = client("sqs", key=account)
        url = sqs.create_queue(QueueName=bucket)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "s3.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"StringEquals": {"aws:SourceAccount": account}},
        }
        configuration = {"QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]}
        put = {"Bucket": bucket, "NotificationConfiguration": configuration}
        refused("InvalidArgument", s3.put_bucket_notification_configuration, **put)
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        s3.put_bucket_notification_configuration(**put)
        conditions = [["content-length-range", 1, 10]]
        form = s3.generate_presigned_post(bucket, "in/${filename}", Conditions=conditions)
        with post_form(form["url"], form["fields"], b"hello") as response:
            assert response.status == 204
        try:
            post_form(form["url"], form["fields"], b"much too long")
            raise AssertionError("a file that is too large is taken")
        except urllib.error.HTTPError as error:
            assert error.code == 400 and b"EntityTooLarge" in error.read()
        by_url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "by-url"})
        with urllib.request.urlopen(urllib.request.Request(by_url, data=b"hi", method="PUT")) as response:
            assert response.status == 200
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        events = [json.loads(message["Body"]) for message in messages]
        assert events[0]["Event"] == "s3:TestEvent"
        told = [(e["Records"][0]["eventName"], e["Records"][0]["s3"]["object"]["key"]) for e in events[1:]]
        assert told == [("ObjectCreated:Post", "in/a.txt"), ("ObjectCreated:Put", "by-url")], told
        assert [v["VersionId"] for v in s3.list_object_versions(Bucket=bucket)["Versions"]] == ["null", "null"]


def session_addressing():
    """path-style addresses, tags, locations, what exists already, what the engine does not have"""
    plain = client("s3", s3={"addressing_style": "path"}, signature_version="s3v4")
    bucket = unique("style")
    plain.create_bucket(Bucket=bucket)
    plain.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    assert plain.get_bucket_tagging(Bucket=bucket)["TagSet"] == [{"Key": "a", "Value": "b"}]
    assert plain.get_bucket_location(Bucket=bucket)["LocationConstraint"] is None
    abroad = unique("abroad")
    frankfurt = client("s3", region="eu-central-1")
    where = {"LocationConstraint": "eu-central-1"}
    frankfurt.create_bucket(Bucket=abroad, CreateBucketConfiguration=where)
    assert frankfurt.get_bucket_location(Bucket=abroad)["LocationConstraint"] == "eu-central-1"
    refused("BucketAlreadyOwnedByYou", frankfurt.create_bucket, Bucket=abroad, CreateBucketConfiguration=where)
    refused("NoSuchWebsiteConfiguration", plain.get_bucket_website, Bucket=bucket)
    refused("NotImplemented", plain.put_bucket_accelerate_configuration, Bucket=bucket, AccelerateConfiguration={})
