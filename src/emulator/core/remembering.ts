/** Texts that are remembered; programs on one machine have few hosts, credentials and names. */
const MOST = 1000;
/** Longer ones are not remembered: what a client makes up must not stay in memory. */
const LONGEST = 512;

/** A function of a text that remembers what it gave: the same few texts come with every call. */
export function remembering<T>(find: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  // Mostly the same one comes again: comparing two texts is cheaper than looking one up.
  let latest: { text: string; value: T } | undefined;
  return (text) => {
    if (text === latest?.text) return latest.value;
    if (text.length > LONGEST) return find(text);
    let value = known.get(text);
    if (value === undefined) {
      // A part of a text keeps the whole of it alive: the head of a request.
      const own = Buffer.from(text).toString();
      value = find(own);
      if (known.size >= MOST) known.clear();
      known.set(own, value);
    }
    latest = { text, value };
    return value;
  };
}
