// The queue that the clients send to.
import { createRequire } from 'node:module';

const { CreateQueueCommand, SQSClient } = createRequire(`${process.argv[2]}/package.json`)('@aws-sdk/client-sqs');
await new SQSClient({}).send(new CreateQueueCommand({ QueueName: 'jobs' }));
