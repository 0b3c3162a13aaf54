import { Program } from './program.mjs';
import { inTurn, median } from './samples.mjs';

const TARGET_MS = 400;

/** From the start of `up` to its end, when the engine answers. */
export async function startUp({ rounds }) {
  const program = await new Program().open();
  const ready = [];
  const measure = async (line) => {
    const { ms, stdout } = await program.run(line);
    ready.push(JSON.parse(stdout).ready_ms);
    await program.run('down');
    return ms;
  };
  try {
    const { up, whole } = await inTurn(rounds, {
      up: () => measure('up --no-provision --json'),
      whole: () => measure('up --json'),
    });
    const ms = median(up);
    return [
      {
        what: '`cliffracer up --no-provision`, whole command',
        value: `${ms.toFixed(0)} ms (engine ready in ${median(ready).toFixed(0)} ms of it)`,
        target: `under ${TARGET_MS} ms`,
        reached: ms < TARGET_MS,
      },
      { what: '`cliffracer up` with a new stack provisioned', value: `${median(whole).toFixed(0)} ms` },
    ];
  } finally {
    await program.close();
  }
}
