import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The licence texts of every package that went into the bundle. */
export function licences(metafile) {
  const roots = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match !== null) roots.add(match[1]);
  }
  const texts = [...roots].sort().map((root) => {
    const { name, version, license } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
    const file = readdirSync(root).find((each) => /^licen[cs]e/i.test(each));
    const text =
      file !== undefined && existsSync(`${root}/${file}`) ? readFileSync(`${root}/${file}`, 'utf8').trim() : '';
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return texts.join(`\n${'-'.repeat(78)}\n\n`);
}
