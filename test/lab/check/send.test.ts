import { expect, test } from 'vitest';
import { serve } from '../../../src/emulator/http/server.ts';
import { createEmulator } from '../../../src/emulator/index.ts';
import { sendMessage } from '../../../src/engines/embedded/lab-send.ts';

test('a message for a queue or topic that is not there is a wrong input, and no counterexample', async () => {
  const emulator = createEmulator({ seed: 1 });
  const server = await serve(emulator, { port: 0 });
  const place = { endpoint: `http://127.0.0.1:${server.port}`, region: 'us-east-1' };
  await expect(sendMessage(place, { queue: 'jobz', body: '{}' })).rejects.toMatchObject({
    ...{ code: 'invalid_input', message: 'jobz takes no message: The specified queue does not exist.' },
    hint: 'see what there is: cliffracer queue list',
  });
  await expect(sendMessage(place, { topic: 'mailz', body: '{}' })).rejects.toMatchObject({
    ...{ code: 'invalid_input', hint: 'see what there is: cliffracer topic list' },
  });
  await server.close();
  emulator.close();
});
