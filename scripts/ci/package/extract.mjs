// node extract.mjs PAGE FOLDER: writes the blocks of a page that are files, as `<!-- file: NAME -->` above each says.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , page, folder] = process.argv;
const blocks = [...readFileSync(page, 'utf8').matchAll(/^<!-- file: (\S+) -->\n```\w+\n(.*?)^```$/gms)];
if (blocks.length === 0) throw new Error(`${page} has no files`);
for (const [, name, text] of blocks) writeFileSync(join(folder, name), text);
console.log(`${blocks.length} files from ${page}: ${blocks.map(([, name]) => name).join(', ')}`);
