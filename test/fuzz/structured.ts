import type { ServiceId } from '../../src/emulator/core/types.ts';
import type { Outcome } from './connection.ts';
import type { Dice } from './dice.ts';
import { encodeRequest, type FuzzRequest } from './encode.ts';
import { Harvest } from './hints.ts';
import { InputMaker } from './inputs.ts';
import { type Models, operationOf, SERVICES } from './models.ts';
import { RECIPES } from './recipes.ts';
import { spoil } from './weird.ts';

/** How often each service is asked; the more its operations have to understand, the more often. */
const WEIGHTS: readonly (readonly [number, ServiceId])[] = [
  [3, 'sns'],
  [3, 'sqs'],
  [4, 'dynamodb'],
  [4, 's3'],
  [2, 'cloudwatch'],
  [2, 'logs'],
  [0.1, 'sts'],
];

/** Destroying what the others work on is tried too, though seldom. */
const DESTRUCTIVE = /^(Delete(Queue|Topic|Table|Bucket|LogGroup|LogStream|Alarms)|PurgeQueue|Unsubscribe)$/;
/** Members of answers that later requests may use. */
const HARVESTED =
  /"?\b(ReceiptHandle|SubscriptionArn|NextToken|nextToken|UploadId|TaskHandle|ContinuationToken)\b(?:"\s*:\s*"|>)([^"<]{1,2000})/g;

/** Requests made from the services' models: as they should be, or with something wrong at a place or two. */
export class StructuredRequests {
  readonly #dice: Dice;
  readonly #models: Models;
  readonly #harvest = new Harvest();
  readonly #makers: ReadonlyMap<ServiceId, InputMaker>;

  constructor(dice: Dice, models: Models) {
    this.#dice = dice;
    this.#models = models;
    this.#makers = new Map(SERVICES.map((id) => [id, new InputMaker(dice, models.get(id)!, this.#harvest)]));
  }

  next(spoiled = 0.5): FuzzRequest {
    const dice = this.#dice;
    if (dice.chance(0.4)) return this.#recipe(spoiled);
    const model = this.#models.get(dice.weighted(WEIGHTS))!;
    const names = [...model.operations.keys()];
    let name = dice.pick(names);
    if (DESTRUCTIVE.test(name) && dice.chance(0.9)) name = dice.pick(names);
    const operation = model.operations.get(name)!;
    const input = operation.input === undefined ? {} : this.#makers.get(model.id)!.input(operation.input);
    if (dice.chance(spoiled)) spoil(dice, input);
    return encodeRequest(model, operation, dice.pick(model.metadata.protocols), input);
  }

  #recipe(spoiled: number): FuzzRequest {
    const [service, name, sound] = this.#dice.pick(RECIPES);
    const { model, operation } = operationOf(this.#models, service, name);
    const input = structuredClone(sound);
    for (const [member, value] of Object.entries(input)) {
      if (typeof value === 'string' && value.startsWith('$'))
        input[member] = this.#harvest.some(this.#dice, value.slice(1)) ?? value;
    }
    if (this.#dice.chance(spoiled)) spoil(this.#dice, input);
    return encodeRequest(model, operation, this.#dice.pick(model.metadata.protocols), input);
  }

  /** Keeps what an answer gives for later. */
  learn(outcome: Outcome): void {
    if (!('response' in outcome) || outcome.response.status !== 200 || outcome.response.body.length > 20_000) return;
    for (const [, name, value] of outcome.response.body.toString('latin1').matchAll(HARVESTED)) {
      this.#harvest.add(name!, value!.replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
    }
  }
}
