import { type Command, Option } from 'commander';

/** The flags of every command, wherever they stand on the line. */
export function globalOptions(command: Command): Command {
  return command
    .option('--json', 'one JSON document on stdout (streams: one object a line); never asks')
    .option('--endpoint-url <url>', 'the engine to use (else AWS_ENDPOINT_URL, else the one that `up` started)')
    .option('--region <region>', 'AWS region (else AWS_REGION, AWS_DEFAULT_REGION, us-east-1)')
    .option('--stack <name>', 'the set of resources to use; its name prefixes every resource')
    .option('--target <kind>', 'aws: AWS itself, used only when this (or CLIFFRACER_TARGET) says so; else local')
    .option('--profile <name>', 'AWS only: profile of the AWS configuration files (else AWS_PROFILE)')
    .option('--account <id>', 'AWS only: the account that it must be')
    .option('--debug', 'list its own calls with how long each took, and show stack traces')
    .addOption(new Option('--no-color', 'plain text'));
}
