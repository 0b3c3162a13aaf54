"""Clients as everybody makes them for a local endpoint."""

import os
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = os.environ.get("AWS_ENDPOINT_URL", "http://localhost:4566")


def client(service: str, region: str = "us-east-1", key: str = "test", **config):
    return boto3.client(
        service,
        endpoint_url=ENDPOINT,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 0}, **config),
    )


def resource(service: str):
    return boto3.resource(
        service,
        endpoint_url=ENDPOINT,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def unique(stem: str) -> str:
    return f"{stem}-{uuid.uuid4().hex[:8]}"


def refused(code: str, call, **arguments) -> ClientError:
    """The error with which a call is refused; it must carry this code."""
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error.response["Error"]
        return error
    raise AssertionError(f"{code} expected, and the call succeeded")
