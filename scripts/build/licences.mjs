import { readdirSync, readFileSync } from 'node:fs';

const RULE = '-'.repeat(78);
/** The texts of licences that a package may name without bringing its text along. */
const TEXTS = { 'Apache-2.0': new URL('../../licences/Apache-2.0.txt', import.meta.url) };

/**
 * Name, version, licence and notices of every package that went into the bundle, and NOTICE before them. Throws when a package has no
 * licence text: nothing is shipped without one.
 */
export function licences(metafile, notice = readFileSync('NOTICE', 'utf8')) {
  return [notice, ...packages(metafile).map(packageText)].join(`\n${RULE}\n\n`);
}

/** Folders of the packages that have a part in the bundle, in order. */
export function packages(metafile) {
  const roots = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match !== null) roots.add(match[1]);
  }
  return [...roots].sort();
}

function packageText(root) {
  const { name, version, license } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  const files = readdirSync(root);
  const licence = files.find((each) => /^licen[cs]e/i.test(each));
  const text = licence === undefined ? textOf(license, name) : readFileSync(`${root}/${licence}`, 'utf8');
  const notices = files.filter((each) => /^notice/i.test(each)).map((each) => readFileSync(`${root}/${each}`, 'utf8'));
  if (text.trim() === '') throw new Error(`${name} ${version}: its licence is empty`);
  return `${name} ${version} (${license})\n\n${[...notices, text].map((each) => each.trim()).join('\n\n')}\n`;
}

function textOf(license, name) {
  const file = TEXTS[license];
  if (file === undefined)
    throw new Error(`${name} (${license}) is bundled and brings no licence text; add it to licences/`);
  return readFileSync(file, 'utf8');
}
