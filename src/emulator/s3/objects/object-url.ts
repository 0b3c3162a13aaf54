/** The URL of an object in the style, path or virtual host, in which the client addressed the bucket. */
export function objectUrl(endpoint: string, bucket: string, encodedKey: string): string {
  const base = endpoint.includes(`//${bucket}.`) ? endpoint : `${endpoint}/${bucket}`;
  return `${base}/${encodedKey}`;
}
