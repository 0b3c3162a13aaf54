// Real consumers, unchanged: each is run, held, stepped, traced, tried, checked, killed and interrupted.
// Usage: session.mjs FOLDER CONSUMER...   (an engine answers at AWS_ENDPOINT_URL; FOLDER/CONSUMER is installed)
import { freshEngine } from './engine.mjs';
import { handlerSession } from './handler-session.mjs';
import { lambdaSession } from './lambda-session.mjs';
import { programSession } from './program-session.mjs';
import { HANDLERS, PROGRAMS } from './programs.mjs';
import { makeTables } from './world.mjs';

const [folder, ...ready] = process.argv.slice(2);
const of = (table) => ready.filter((name) => Object.hasOwn(table, name));

const failures = [];
async function session(name, run) {
  const started = performance.now();
  try {
    freshEngine();
    await makeTables();
    await run();
    console.log(`${name}: all as it should be (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failures.push(name);
    console.log(`${name}: FAILED: ${error.stack}`);
  }
}

// One after the other: a step, a try and a check hold every queue there is.
for (const name of of(PROGRAMS)) await session(name, () => programSession(folder, name));
for (const name of of(HANDLERS)) await session(name, () => handlerSession(folder, name));
const others = ready.filter((name) => name.endsWith('lambda') || name.startsWith('lambda-'));
if (others.length > 0) await session('dev', () => lambdaSession(folder, others));
console.log(`${ready.length - failures.length} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
