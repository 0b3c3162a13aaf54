import { Command, Option } from 'commander';
import type { App } from '../app.ts';
import { collect, completing } from '../cli/arguments.ts';
import { SCRIPTS, SHELLS, type Shell } from '../completion/scripts.ts';
import { CliffracerError } from '../errors.ts';
import type { CommandTree } from './entry.ts';

export interface CompletionOptions {
  words?: boolean;
}

export function completionCommand(app: App, tree: CommandTree): Command {
  return new Command('completion')
    .usage('[options] <shell>')
    .argument('[shell...]', `whose script to print: ${SHELLS.join(', ')}`, completing(SHELLS, collect))
    .addOption(new Option('--words', 'print what may stand for the last of the words after --').hideHelp())
    .addHelpText(
      'after',
      `
Examples, each for the file that the shell reads when it starts:
  $ eval "$(cliffracer completion bash)"       # ~/.bashrc
  $ eval "$(cliffracer completion zsh)"        # ~/.zshrc, after compinit
  $ cliffracer completion fish | source        # ~/.config/fish/config.fish
  $ cliffracer completion powershell | Out-String | Invoke-Expression    # $PROFILE`,
    )
    .action(async (words: string[] = [], options: CompletionOptions) => {
      if (options.words === true) return completeWords(app, tree, words);
      const shell = shellOf(words);
      const script = SCRIPTS[shell];
      if (app.globals.json) await app.print.result({ shell, script }, () => '');
      else await app.print.raw(script);
    });
}

function shellOf(words: readonly string[]): Shell {
  const shell = SHELLS.find((name) => words.length === 1 && words[0] === name);
  if (shell !== undefined) return shell;
  const given = words.length === 0 ? 'which shell' : `completion for ${JSON.stringify(words.join(' '))}`;
  throw new CliffracerError('usage', `${given}? There are scripts for ${SHELLS.join(', ')}.`, {
    hint: 'cliffracer completion bash',
  });
}

/**
 * Answers a script: the words of a line, the last one being typed. One candidate a line, with a description after a tab;
 * `:files` where a file is wanted.
 */
async function completeWords(app: App, tree: CommandTree, words: readonly string[]): Promise<void> {
  const { candidates } = await import('../completion/candidates.ts');
  const found = await candidates(app, tree, words);
  await app.print.raw(found.map(({ value, description }) => `${value}\t${description}\n`).join(''));
}
