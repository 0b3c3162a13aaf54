import { FUNCTION_TYPES } from './function-types.ts';
import { MESSAGING_TYPES } from './messaging-types.ts';
import type { ResourceType } from './resource-type.ts';
import { STORAGE_TYPES } from './storage-types.ts';
import { TABLE_TYPES } from './table-types.ts';

export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  ...MESSAGING_TYPES,
  ...TABLE_TYPES,
  ...STORAGE_TYPES,
  ...FUNCTION_TYPES,
};

/** Types that are taken and have no effect here, and why. */
export const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'there is no IAM',
  'AWS::IAM::Policy': 'there is no IAM',
  'AWS::IAM::ManagedPolicy': 'there is no IAM',
  'AWS::IAM::RolePolicy': 'there is no IAM',
  'AWS::IAM::User': 'there is no IAM',
  'AWS::IAM::Group': 'there is no IAM',
  'AWS::Lambda::Permission': 'there is no IAM',
  'AWS::Lambda::LayerVersion': 'functions are run by their consumer',
  'AWS::Lambda::LayerVersionPermission': 'there is no IAM',
  'AWS::Lambda::Version': 'functions have one version',
  'AWS::Lambda::Alias': 'functions have one version',
  'AWS::Serverless::Connector': 'there is no IAM',
  'AWS::KMS::Key': 'nothing is encrypted',
  'AWS::KMS::Alias': 'nothing is encrypted',
  'AWS::CDK::Metadata': 'it tells AWS what made the template',
  'AWS::CloudFormation::WaitConditionHandle': 'nothing waits',
  'Custom::S3AutoDeleteObjects': 'nothing is deleted',
};
