import { expect } from 'vitest';
import { contract } from './contract.ts';

contract('sts', [
  {
    what: 'the caller is the account of its access key',
    doc: 'STS API Reference, GetCallerIdentity',
    covers: ['GetCallerIdentity'],
    async run(world) {
      expect(await world.call('sts', 'GetCallerIdentity')).toMatchObject({
        Account: world.account,
        Arn: `arn:aws:iam::${world.account}:root`,
      });
    },
  },
]);
