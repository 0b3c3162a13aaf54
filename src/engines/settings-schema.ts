import { CliffracerError } from '../errors.ts';
import { ENGINE_CHOICES } from './kinds.ts';

export type SettingName = 'engine' | 'image' | 'port' | 'endpoint_url' | 'region' | 'stack' | 'wait';

/** What can be set, and by which flag and variables; the project file names it as `name` does. */
export interface SettingSchema {
  name: SettingName;
  flag: string;
  /** In the order in which they count; the SDK's own names where there are such. */
  variables: readonly string[];
  /** Used when nobody says anything, for `config show`. */
  fallback: string;
  /** Written as a number in the project file. */
  number?: boolean;
  /** Ends the sentence "NAME must be ...". */
  wants: string;
  holds(value: string): boolean;
}

const wholeNumber = (least: number, most: number) => (value: string) =>
  /^\d{1,6}$/.test(value) && Number(value) >= least && Number(value) <= most;

export const SETTINGS: readonly SettingSchema[] = [
  {
    ...{ name: 'engine', flag: '--engine', variables: ['CLIFFRACER_ENGINE'], fallback: 'auto' },
    wants: `one of ${ENGINE_CHOICES.join(', ')}`,
    holds: (value) => (ENGINE_CHOICES as readonly string[]).includes(value),
  },
  {
    ...{ name: 'image', flag: '--image', variables: ['CLIFFRACER_IMAGE'], fallback: "the engine's own" },
    wants: 'the name of a container image, such as localstack/localstack:4.14.0',
    // Docker's reference grammar, loosely; no leading hyphen, which would make it an option of `docker run`.
    holds: (value) => /^[a-z0-9][a-z0-9._/:@-]*$/i.test(value) && value.length <= 255,
  },
  {
    ...{ name: 'port', flag: '--port', variables: ['CLIFFRACER_PORT'], fallback: '4566', number: true },
    wants: 'a whole number from 1 to 65535',
    holds: wholeNumber(1, 65_535),
  },
  {
    ...{ name: 'endpoint_url', flag: '--endpoint-url', variables: ['AWS_ENDPOINT_URL'], fallback: '' },
    wants: 'a URL such as http://127.0.0.1:4566',
    // parseEndpoint says more precisely what is wrong.
    holds: (value) => value !== '',
  },
  {
    ...{ name: 'region', flag: '--region', variables: ['AWS_REGION', 'AWS_DEFAULT_REGION'], fallback: 'us-east-1' },
    wants: 'an AWS region such as eu-west-1',
    holds: (value) => /^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(value),
  },
  {
    ...{ name: 'stack', flag: '--stack', variables: ['CLIFFRACER_STACK'], fallback: 'default' },
    wants: 'a name of lower-case letters, digits and single hyphens',
    holds: (value) => /^[a-z]([a-z0-9]|-(?=[a-z0-9])){0,15}$/.test(value),
  },
  {
    ...{ name: 'wait', flag: '--wait', variables: ['CLIFFRACER_WAIT'], fallback: "the engine's own", number: true },
    wants: 'seconds, from 1 to 86400',
    holds: wholeNumber(1, 86_400),
  },
];

/** What the value should be, when it is something else. */
export function settingFault(setting: SettingSchema, value: string): string | undefined {
  return setting.holds(value) ? undefined : setting.wants;
}

/** Refuses a value that came from a flag or a variable. */
export function checkSetting(setting: SettingSchema, value: string, origin: string): void {
  if (setting.holds(value)) return;
  throw new CliffracerError('usage', `${origin} ${JSON.stringify(value)} is not ${setting.wants}`, {
    hint: `give ${setting.flag} ${setting.wants}`,
  });
}
