/** The part of JSON Schema that the configuration needs; `description` ends the sentence "NAME must be ...". */
export interface Schema {
  type?: 'string' | 'integer' | 'boolean' | 'object' | 'array';
  description?: string;
  enum?: readonly string[];
  pattern?: string;
  minLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: Schema | false;
  propertyNames?: Schema;
  anyOf?: readonly Schema[];
}

const text = (description: string): Schema => ({ type: 'string', minLength: 1, description });
const whole = (minimum: number, maximum: number): Schema => ({
  ...{ type: 'integer', minimum, maximum },
  description: `a whole number from ${minimum} to ${maximum}`,
});
const texts = (description: string): Schema => ({
  ...{ type: 'object', description },
  additionalProperties: { type: 'string', description: 'a text' },
});

const someTexts = (description: string): Schema => ({
  description,
  anyOf: [text(description), { type: 'array', minItems: 1, items: text('a text'), description }],
});

const COMMAND: Schema = {
  ...{ type: 'array', minItems: 1, items: text('a text') },
  description: 'a list of a program and its arguments, such as ["python", "worker.py"]',
};
const QUEUE: Schema = {
  ...{ type: 'string', pattern: '^[A-Za-z0-9_-]{1,80}$|^[A-Za-z0-9_-]{1,75}\\.fifo$' },
  description: 'the name of a queue',
};
const PROCESS: Readonly<Record<string, Schema>> = {
  command: COMMAND,
  env: texts('an object of environment variables, each a text'),
  directory: text("a folder, from the configuration's"),
};

const FILTERS: Schema = {
  ...{ type: 'object', required: ['Filters'], additionalProperties: false },
  description: 'an object such as {"Filters": [{"Pattern": "{\\"body\\": {\\"kind\\": [\\"order\\"]}}"}]}',
  properties: {
    Filters: {
      ...{ type: 'array', maxItems: 10, description: 'a list of at most 10 filters' },
      items: {
        ...{ type: 'object', required: ['Pattern'], additionalProperties: false, description: 'an object' },
        properties: { Pattern: { anyOf: [text('a pattern in JSON'), { type: 'object' }], description: 'a pattern' } },
      },
    },
  },
};

const HANDLER: Schema = {
  ...{ type: 'object', description: 'a Lambda handler', required: ['handler', 'queue'], additionalProperties: false },
  properties: {
    handler: text('FILE.EXPORT, such as src/orders.handler'),
    queue: QUEUE,
    runtime: { type: 'string', enum: ['nodejs', 'provided'], description: 'nodejs or provided' },
    ...PROCESS,
    batchSize: whole(1, 10_000),
    batchWindow: whole(0, 300),
    reportBatchItemFailures: { type: 'boolean', description: 'true or false' },
    filterCriteria: FILTERS,
    maximumConcurrency: whole(2, 1_000),
    timeout: whole(1, 900),
  },
};

const MESSAGE: Schema = {
  ...{ type: 'object', required: ['body'], additionalProperties: false, description: 'a message' },
  properties: {
    queue: QUEUE,
    topic: text('the name of a topic'),
    body: {},
    attributes: texts('an object of texts'),
    group: text('a message group'),
    delay: whole(0, 900),
  },
};

export const MESSAGES: Schema = { type: 'array', description: 'a list of messages', items: MESSAGE };

/** Members of the configuration that are no settings of the program. */
export const MEMBERS: Readonly<Record<string, Schema>> = {
  topology: {
    description: 'shop, none, or an object with a template',
    anyOf: [
      { type: 'string', enum: ['shop', 'none'] },
      {
        ...{ type: 'object', required: ['template'], additionalProperties: false },
        properties: {
          template: someTexts('a file, or a list of files'),
          parameters: texts('an object of texts'),
          stackName: someTexts('the name of a stack, or a list of names'),
          skipUnknown: { type: 'boolean', description: 'true or false' },
        },
      },
    ],
  },
  consumers: {
    ...{ type: 'object', description: 'an object of consumers by name' },
    propertyNames: {
      pattern: '^[A-Za-z][A-Za-z0-9_-]{0,49}$',
      description: 'a name of at most 50 letters, digits, - and _, as AWS_SDK_UA_APP_ID takes it',
    },
    additionalProperties: {
      description: 'an object with a command, which receives by itself, or with a handler and a queue',
      anyOf: [
        HANDLER,
        {
          ...{ type: 'object', description: 'a program', required: ['command'], additionalProperties: false },
          properties: PROCESS,
        },
      ],
    },
  },
  scenario: {
    description: 'an object with a command, or with messages',
    anyOf: [
      { type: 'object', required: ['command'], additionalProperties: false, properties: { command: COMMAND } },
      {
        ...{ type: 'object', required: ['messages'], additionalProperties: false },
        properties: { messages: MESSAGES },
      },
    ],
  },
  invariants: text('the file of a module'),
  correlate: someTexts('a path in a message such as order.id, or a list of paths'),
};
