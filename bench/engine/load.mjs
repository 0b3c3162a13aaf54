// The load generator: a process of its own that keeps so many requests under way until the time is over. Gets one job by
// message ({ port, steps, count, concurrency, ms, warmUpMs }) and answers with what it counted.
import { Connection } from './http.mjs';

/**
 * A step is a list of prebuilt requests that are sent in turn; a request with a `take` keeps what the expression finds in
 * the response, and the next step's requests with a `hole` have it put in there.
 */
function runJob({ port, steps, concurrency, ms, warmUpMs }) {
  return new Promise((resolve, reject) => {
    const turns = steps.map(() => 0);
    const built = steps.map(({ requests }) => requests.map((request) => Buffer.from(request, 'base64')));
    const takes = steps.map(({ take }) => (take === undefined ? undefined : new RegExp(take)));
    const warmUntil = performance.now() + warmUpMs;
    let startedAt;
    let until;
    let operations = 0;
    let requests = 0;
    let busy = concurrency;
    const connections = Array.from({ length: concurrency }, () => new Connection(port));

    const finish = (error) => {
      for (const connection of connections) connection.close();
      if (error !== undefined) reject(error);
      else resolve({ operations, requests, seconds: (performance.now() - startedAt) / 1000 });
    };

    const retire = () => {
      if (--busy === 0) finish();
    };

    function next(connection, step, taken, tries) {
      const list = built[step];
      const turn = turns[step]++;
      const bytes = steps[step].hole === undefined ? list[turn % list.length] : filled(steps[step], taken);
      connection.send(
        bytes,
        (status, response) => answered(connection, step, status, response),
        (error) => (tries > 2 ? finish(error) : next(connection, step, taken, tries + 1)),
      );
    }

    function answered(connection, step, status, response) {
      if (status !== 200) return finish(new Error(`status ${status}: ${response.toString('latin1').slice(0, 1500)}`));
      let taken;
      if (takes[step] !== undefined) {
        taken = takes[step].exec(response.toString('latin1'))?.[1];
        // Nothing is left to take: what was done until now counts.
        if (taken === undefined) {
          if (startedAt === undefined) return finish(new Error(`nothing to take: ${response.toString('latin1')}`));
          until = performance.now();
          return retire();
        }
      }
      const now = performance.now();
      const isLast = step === steps.length - 1;
      if (startedAt === undefined && now >= warmUntil) {
        startedAt = now;
        until = now + ms;
        operations = 0;
        requests = 0;
      } else {
        requests++;
        if (isLast) operations++;
      }
      if (until !== undefined && now >= until) return retire();
      next(connection, isLast ? 0 : step + 1, taken, 0);
    }

    for (const connection of connections) next(connection, 0, undefined, 0);
  });
}

/** The request with what was taken in the place of the hole, and the length that it then has. */
function filled({ hole, head, body }, taken) {
  const text = body.replace(hole, taken);
  return Buffer.from(`${head}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

process.on('message', async (job) => {
  try {
    process.send({ result: await runJob(job) });
  } catch (error) {
    process.send({ error: error.message });
  }
});
process.on('disconnect', () => process.exit(0));
