// The page of the console: one file with its script and style in it, which the server allows by their hashes.
import { buildSync } from 'esbuild';

/** The page, and what went into it; throws with what is wrong in its sources. */
export function consolePage(folder = 'src/console/page') {
  const { outputFiles, metafile } = buildSync({
    entryPoints: { page: `${folder}/main.ts` },
    outdir: 'dist',
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome120', 'firefox120', 'safari17'],
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
    metafile: true,
    write: false,
  });
  const text = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text.trim();
  const [script, style] = [text('.js'), text('.css')];
  // Neither may end the element that it stands in.
  if (/<\/?script|<!--/i.test(script)) throw new Error('the script of the console holds a tag');
  const head =
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>cliffracer</title>';
  const icon = '<link rel="icon" href="data:,">';
  const html = `<!doctype html>\n<html lang="en"><head>${head}${icon}<style>${style}</style></head><body><div id="app"></div><script>${script}</script></body></html>\n`;
  return { html, metafile };
}
