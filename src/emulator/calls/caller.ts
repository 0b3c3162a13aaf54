/** Names kept per user agent and key; programs on one machine have few. */
const MOST_NAMES = 1000;

/** Access keys that say nothing of who calls. */
const SHARED_KEYS = /^(?:test|testing|dummy|local|localstack|mock|fake|foo|none|\d{12})$/i;

/** Key ids that AWS hands out begin so (IAM User Guide, Unique identifiers); they are shown in part only. */
const AWS_KEY = /^A(?:KIA|SIA)[A-Z0-9]{12,}$/;

/**
 * Names callers without any code of theirs: by `app/NAME` in the user agent, which every AWS SDK puts there from
 * AWS_SDK_UA_APP_ID; else by an access key id of their own; else by the SDK's name (`boto3`, `aws-sdk-js`).
 */
export function callerNames(): (userAgent: string | undefined, key: string | undefined) => string {
  const known = new Map<string, string>();
  // Mostly the same one calls again: comparing two texts is cheaper than looking one up.
  let latest = { userAgent: '', key: '', name: nameOf('', '') };
  return (userAgent = '', key = '') => {
    if (latest.userAgent === userAgent && latest.key === key) return latest.name;
    const both = `${userAgent}\n${key}`;
    let name = known.get(both);
    if (name === undefined) {
      name = nameOf(userAgent, key);
      if (known.size >= MOST_NAMES) known.clear();
      known.set(both, name);
    }
    latest = { userAgent, key, name };
    return name;
  };
}

function nameOf(userAgent: string, key: string): string {
  const app = /(?:^|\s)app\/([!-~]+)/.exec(userAgent)?.[1];
  // Powertools for AWS Lambda appends its own name to that of the application.
  if (app !== undefined) return app.replace(/-PT-.*$/, '').slice(0, 64);
  if (key !== '' && !SHARED_KEYS.test(key)) return shownKey(key);
  const product = /^[A-Za-z0-9_.-]+/.exec(userAgent)?.[0];
  return product === undefined ? 'unnamed' : product.toLowerCase().slice(0, 64);
}

function shownKey(key: string): string {
  if (AWS_KEY.test(key)) return `${key.slice(0, 4)}…${key.slice(-4)}`;
  return /^[!-~]{1,64}$/.test(key) ? key : 'unnamed';
}
