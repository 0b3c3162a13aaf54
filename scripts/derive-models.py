#!/usr/bin/env python3
"""Derives src/emulator/models/*.json from botocore's service models.

    python3 scripts/derive-models.py BOTOCORE_DATA_DIR

BOTOCORE_DATA_DIR is `botocore/data` of an unpacked botocore wheel. Kept is what the wire needs: protocols, the
operations that the engine means to implement, and the shapes they reach, in botocore's own layout, without any
documentation text. S3 keeps the routes of all other operations too, so that `GET /bucket?acl` is known to be something
else than a listing.
"""
import gzip
import json
import pathlib
import re
import sys

OPERATIONS = {
    'sns': '''AddPermission ConfirmSubscription CreateTopic DeleteTopic GetSubscriptionAttributes GetTopicAttributes
        ListSubscriptions ListSubscriptionsByTopic ListTagsForResource ListTopics Publish PublishBatch RemovePermission
        SetSubscriptionAttributes SetTopicAttributes Subscribe TagResource Unsubscribe UntagResource''',
    'sqs': '''AddPermission CancelMessageMoveTask ChangeMessageVisibility ChangeMessageVisibilityBatch CreateQueue
        DeleteMessage DeleteMessageBatch DeleteQueue GetQueueAttributes GetQueueUrl ListDeadLetterSourceQueues
        ListMessageMoveTasks ListQueueTags ListQueues PurgeQueue ReceiveMessage RemovePermission SendMessage
        SendMessageBatch SetQueueAttributes StartMessageMoveTask TagQueue UntagQueue''',
    'dynamodb': '''BatchGetItem BatchWriteItem CreateTable DeleteItem DeleteTable DescribeContinuousBackups
        DescribeEndpoints DescribeLimits DescribeTable DescribeTimeToLive GetItem ListTables ListTagsOfResource PutItem
        Query Scan TagResource TransactGetItems TransactWriteItems UntagResource UpdateItem UpdateTable UpdateTimeToLive''',
    's3': '''AbortMultipartUpload CompleteMultipartUpload CopyObject CreateBucket CreateMultipartUpload DeleteBucket
        DeleteBucketEncryption DeleteBucketLifecycle DeleteBucketOwnershipControls DeleteBucketPolicy DeleteBucketTagging DeleteObject
        DeleteObjectTagging DeleteObjects DeletePublicAccessBlock GetBucketAccelerateConfiguration GetBucketAcl
        GetBucketCors GetBucketEncryption GetBucketLifecycleConfiguration GetBucketLocation GetBucketLogging
        GetBucketNotificationConfiguration GetBucketOwnershipControls GetBucketPolicy
        GetBucketReplication GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetObject
        GetObjectAcl GetObjectAttributes GetObjectLockConfiguration GetObjectTagging GetPublicAccessBlock HeadBucket
        HeadObject ListBuckets ListMultipartUploads ListObjectVersions ListObjects ListObjectsV2 ListParts
        PutBucketEncryption PutBucketLifecycleConfiguration PutBucketNotificationConfiguration PutBucketOwnershipControls PutBucketPolicy
        PutBucketTagging PutBucketVersioning PutObject PutObjectTagging PutPublicAccessBlock UploadPart UploadPartCopy''',
    'cloudwatch': '''DeleteAlarms DescribeAlarmHistory DescribeAlarms DescribeAlarmsForMetric DisableAlarmActions
        EnableAlarmActions GetMetricData GetMetricStatistics ListMetrics ListTagsForResource PutMetricAlarm
        PutMetricData SetAlarmState TagResource UntagResource''',
    'logs': '''CreateLogGroup CreateLogStream DeleteLogGroup DeleteLogStream DeleteRetentionPolicy DescribeLogGroups
        DescribeLogStreams FilterLogEvents GetLogEvents ListLogGroups ListTagsForResource ListTagsLogGroup PutLogEvents
        PutLogGroupDeletionProtection PutRetentionPolicy TagLogGroup TagResource TestMetricFilter UntagLogGroup UntagResource''',
    'sts': 'GetCallerIdentity',
}

METADATA = ('apiVersion', 'awsQueryCompatible', 'endpointPrefix', 'jsonVersion', 'protocols', 'serviceId',
            'targetPrefix', 'xmlNamespace')
OPERATION_KEYS = ('http', 'input', 'output', 'errors')
SHAPE_KEYS = ('type', 'required', 'members', 'member', 'key', 'value', 'min', 'max', 'pattern', 'enum', 'payload',
              'flattened', 'locationName', 'error', 'exception', 'fault', 'box', 'timestampFormat', 'xmlNamespace', 'union')
REFERENCE_KEYS = ('shape', 'location', 'locationName', 'flattened', 'streaming', 'xmlAttribute', 'xmlNamespace',
                  'idempotencyToken', 'timestampFormat', 'box', 'queryName')

# Smithy's protocol names as the emulator uses them.
PROTOCOLS = {'smithy-rpc-v2-cbor': 'cbor'}

# SQS's model no longer says how its former protocol named things; clients of that time still do (SQS API Reference,
# "Making Query API requests").
SQS_ATTRIBUTE = ('Name', 'Value')
SQS_QUERY_LISTS = {
    'ActionNameList': 'ActionName', 'AWSAccountIdList': 'AWSAccountId', 'AttributeNameList': 'AttributeName',
    'BatchResultErrorEntryList': 'BatchResultErrorEntry', 'BinaryList': 'BinaryListValue',
    'StringList': 'StringListValue', 'MessageAttributeNameList': 'MessageAttributeName',
    'MessageSystemAttributeList': 'MessageSystemAttributeName', 'MessageList': 'Message', 'QueueUrlList': 'QueueUrl',
    'TagKeyList': 'TagKey', 'ListMessageMoveTasksResultEntryList': 'ListMessageMoveTasksResultEntry',
    **{f'{action}Batch{part}EntryList': f'{action}Batch{part}Entry'
       for action in ('ChangeMessageVisibility', 'DeleteMessage', 'SendMessage') for part in ('Request', 'Result')},
}
SQS_QUERY_MAPS = {
    'MessageBodyAttributeMap': ('MessageAttribute', *SQS_ATTRIBUTE),
    'MessageBodySystemAttributeMap': ('MessageSystemAttribute', *SQS_ATTRIBUTE),
    'MessageSystemAttributeMap': ('Attribute', *SQS_ATTRIBUTE),
    'QueueAttributeMap': ('Attribute', *SQS_ATTRIBUTE),
    'TagMap': ('Tag', 'Key', 'Value'),
}
# Codes and statuses of SQS's errors (SQS API Reference, "Common Errors" and each action's "Errors"), gone from the
# model too; the default is the shape's own name and 400.
SQS_ERRORS = {
    **{name: (f'AWS.SimpleQueueService.{name}', 400) for name in (
        'BatchEntryIdsNotDistinct', 'BatchRequestTooLong', 'EmptyBatchRequest', 'InvalidBatchEntryId',
        'MessageNotInflight', 'QueueDeletedRecently', 'TooManyEntriesInBatchRequest', 'UnsupportedOperation')},
    'PurgeQueueInProgress': ('AWS.SimpleQueueService.PurgeQueueInProgress', 403),
    'QueueDoesNotExist': ('AWS.SimpleQueueService.NonExistentQueue', 400),
    'QueueNameExists': ('QueueAlreadyExists', 400),
    'InvalidAddress': ('InvalidAddress', 404), 'InvalidSecurity': ('InvalidSecurity', 403),
    'OverLimit': ('OverLimit', 403), 'ReceiptHandleIsInvalid': ('ReceiptHandleIsInvalid', 404),
    'RequestThrottled': ('RequestThrottled', 403), 'ResourceNotFoundException': ('ResourceNotFoundException', 404),
    'KmsAccessDenied': ('KMS.AccessDeniedException', 400), 'KmsDisabled': ('KMS.DisabledException', 400),
    'KmsInvalidKeyUsage': ('KMS.InvalidKeyUsageException', 400), 'KmsInvalidState': ('KMS.InvalidStateException', 400),
    'KmsNotFound': ('KMS.NotFoundException', 400), 'KmsOptInRequired': ('KMS.OptInRequired', 403),
    'KmsThrottled': ('KMS.ThrottlingException', 400),
}
SQS_NAMESPACE = 'http://queue.amazonaws.com/doc/2012-11-05/'

# Root elements of S3's responses, which clients built on the model do not look at, but others do (S3 API Reference).
S3_RESULT_ROOTS = {
    'CompleteMultipartUpload': 'CompleteMultipartUploadResult', 'CreateMultipartUpload': 'InitiateMultipartUploadResult',
    'DeleteObjects': 'DeleteResult', 'GetBucketLifecycleConfiguration': 'LifecycleConfiguration',
    'GetBucketAccelerateConfiguration': 'AccelerateConfiguration', 'GetBucketAcl': 'AccessControlPolicy',
    'GetBucketCors': 'CORSConfiguration', 'GetBucketLocation': 'LocationConstraint',
    'GetBucketLogging': 'BucketLoggingStatus', 'GetBucketNotificationConfiguration': 'NotificationConfiguration',
    'GetBucketRequestPayment': 'RequestPaymentConfiguration', 'GetBucketWebsite': 'WebsiteConfiguration',
    'GetObjectAcl': 'AccessControlPolicy', 'ListObjectVersions': 'ListVersionsResult', 'GetBucketTagging': 'Tagging',
    'GetBucketVersioning': 'VersioningConfiguration', 'GetObjectAttributes': 'GetObjectAttributesResponse',
    'GetObjectTagging': 'Tagging', 'ListBuckets': 'ListAllMyBucketsResult',
    'ListMultipartUploads': 'ListMultipartUploadsResult', 'ListObjects': 'ListBucketResult',
    'ListObjectsV2': 'ListBucketResult', 'ListParts': 'ListPartsResult',
}


# The order in which AWS lists an enum's values in its texts (seen in CloudTrail events, and by dynalite's tests).
ENUM_ORDER = {
    ('cloudwatch', 'StateValue'): ['INSUFFICIENT_DATA', 'ALARM', 'OK'],
    ('dynamodb', 'AttributeAction'): ['ADD', 'DELETE', 'PUT'],
    ('dynamodb', 'ComparisonOperator'): [
        'IN', 'NULL', 'BETWEEN', 'LT', 'NOT_CONTAINS', 'EQ', 'GT', 'NOT_NULL', 'NE', 'LE', 'BEGINS_WITH', 'GE', 'CONTAINS',
    ],
    ('dynamodb', 'ConditionalOperator'): ['OR', 'AND'],
    ('dynamodb', 'ProjectionType'): ['ALL', 'INCLUDE', 'KEYS_ONLY'],
    ('dynamodb', 'ReturnValue'): ['ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW'],
    ('dynamodb', 'ScalarAttributeType'): ['B', 'N', 'S'],
    ('dynamodb', 'Select'): ['SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES'],
    ('dynamodb', 'StreamViewType'): ['OLD_IMAGE', 'KEYS_ONLY', 'NEW_AND_OLD_IMAGES', 'NEW_IMAGE'],
}


def pick(source, keys):
    return {key: source[key] for key in keys if key in source}


def references(shape):
    yield from shape.get('members', {}).values()
    yield from (shape[part] for part in ('member', 'key', 'value') if part in shape)


def slim(shape):
    kept = pick(shape, SHAPE_KEYS)
    if 'members' in kept:
        kept['members'] = {name: pick(member, REFERENCE_KEYS) for name, member in kept['members'].items()}
    for part in ('member', 'key', 'value'):
        if part in kept:
            kept[part] = pick(kept[part], REFERENCE_KEYS)
    return kept


def name_for_query(shapes):
    for name, element in SQS_QUERY_LISTS.items():
        if name in shapes:
            shapes[name]['flattened'] = True
            shapes[name]['member']['queryName'] = element
    for name, (_, key, value) in SQS_QUERY_MAPS.items():
        shapes[name]['flattened'] = True
        shapes[name]['key']['queryName'] = key
        shapes[name]['value']['queryName'] = value
    for shape in list(shapes.values()):
        for member in shape.get('members', {}).values():
            if member['shape'] in SQS_QUERY_MAPS:
                member['queryName'] = SQS_QUERY_MAPS[member['shape']][0]
    for name, shape in shapes.items():
        if shape.get('exception'):
            code, status = SQS_ERRORS.get(name, (name, 400))
            shape['error'] = {'code': code, 'httpStatusCode': status, 'senderFault': True}


def derive(service, model):
    shapes = model['shapes']
    metadata = pick(model['metadata'], METADATA)
    metadata['protocols'] = [PROTOCOLS.get(name, name) for name in metadata['protocols']]
    for (owner, name), order in ENUM_ORDER.items():
        if owner == service:
            assert sorted(order) == sorted(shapes[name]['enum']), name
            shapes[name]['enum'] = order
    if service == 'sqs':
        name_for_query(shapes)
        metadata['protocols'].append('query')
        metadata['xmlNamespace'] = SQS_NAMESPACE
    if service == 's3':
        metadata['xmlNamespace'] = f"http://s3.amazonaws.com/doc/{metadata['apiVersion']}/"
    operations, wanted = {}, set()
    # An error may be thrown by any operation, so all are kept.
    pending = [name for name, shape in shapes.items() if shape.get('exception')]
    for name in OPERATIONS[service].split():
        operation = pick(model['operations'][name], OPERATION_KEYS)
        operation['errors'] = [error['shape'] for error in operation.get('errors', [])]
        for part in ('input', 'output'):
            if part in operation:
                operation[part] = operation[part]['shape']
                pending.append(operation[part])
        if service == 's3' and name in S3_RESULT_ROOTS:
            operation['resultRoot'] = S3_RESULT_ROOTS[name]
        operations[name] = operation
    if service == 's3':
        # A form of a web page (S3 API Reference, POST Object): no client of the model sends it, and it writes an object.
        operations['PostObject'] = {**operations['PutObject'], 'http': {'method': 'POST', 'requestUri': '/{Bucket}'}}
    while pending:
        name = pending.pop()
        if name not in wanted:
            wanted.add(name)
            pending.extend(reference['shape'] for reference in references(shapes[name]))
    result = {'metadata': metadata, 'operations': operations, 'shapes': {n: slim(shapes[n]) for n in sorted(wanted)}}
    if service == 's3':
        result['otherRoutes'] = {
            name: f"{operation['http']['method']} {operation['http']['requestUri']}"
            for name, operation in model['operations'].items() if name not in operations}
    return result


def others(service, model):
    """Operations of AWS that the engine does not have, for docs/coverage.md."""
    return sorted(set(model['operations']) - set(OPERATIONS[service].split()))


def write(path, result):
    """One line for each operation and shape, so that a change of the models reads well."""
    def line(value):
        return json.dumps(value, separators=(',', ':'))
    parts = []
    for key, value in result.items():
        if key == 'metadata':
            parts.append(f'"{key}":{line(value)}')
        else:
            parts.append(f'"{key}":{{\n' + ',\n'.join(f'{line(n)}:{line(v)}' for n, v in value.items()) + '\n}')
    path.write_text('{\n' + ',\n'.join(parts) + '\n}\n')


def main():
    data = pathlib.Path(sys.argv[1])
    target = pathlib.Path(__file__).parent.parent / 'src' / 'emulator' / 'models'
    version = re.search(r"__version__ = '(.+)'", (data.parent / '__init__.py').read_text())[1]
    absent = {'botocore': version}
    for service in OPERATIONS:
        newest = sorted(data.glob(f'{service}/*/service-2.json*'))[-1]
        with (gzip.open if newest.suffix == '.gz' else open)(newest) as file:
            model = json.load(file)
        absent[service] = others(service, model)
        write(target / f'{service}.json', derive(service, model))
    path = pathlib.Path(__file__).parent / 'docs' / 'absent-operations.json'
    path.write_text(json.dumps(absent, indent=2) + '\n')


if __name__ == '__main__':
    main()
