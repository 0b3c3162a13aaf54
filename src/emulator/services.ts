import { cloudwatch } from './cloudwatch/index.ts';
import type { ServiceDefinition } from './core/types.ts';
import { dynamodb } from './dynamodb/index.ts';
import { logs } from './logs/index.ts';
import { s3 } from './s3/index.ts';
import { sns } from './sns/index.ts';
import { sqs } from './sqs/index.ts';
import { sts } from './sts/index.ts';

/** Every service of the engine, in the order in which its health document lists them. */
export const allServices: readonly ServiceDefinition[] = [sns, sqs, dynamodb, s3, cloudwatch, logs, sts];
