import type { EventEmitter } from 'node:events';
import type { Command } from 'commander';
import type { HelpPage, HelpPart } from '../views/help.ts';

/** What commander passes to those who add to a help. */
export interface HelpContext {
  write(part: HelpPart): void;
}

/** Hands on what commander would write for `--help`: the command's page as data, then what was added to it. */
export function explain(command: Command, write: (part: HelpPart) => void): void {
  write(pageOf(command));
  // An event emitter, of which commander's types tell the listeners only.
  (command as unknown as EventEmitter).emit('afterHelp', { error: false, command, write });
}

/** What commander's own `formatHelp` lays out. */
function pageOf(command: Command): HelpPage {
  const help = command.createHelp();
  const options = help.visibleOptions(command).map((option) => {
    const item = [help.optionTerm(option), help.optionDescription(option)] as const;
    return { title: option.helpGroupHeading ?? 'Options:', item };
  });
  const commands = help.visibleCommands(command);
  const members = commands.map((each) => {
    const item = [help.subcommandTerm(each), help.subcommandDescription(each)] as const;
    return { title: each.helpGroup() || 'Commands:', item };
  });
  const words = help.visibleArguments(command).map((argument) => {
    const item = [help.argumentTerm(argument), help.argumentDescription(argument)] as const;
    return { title: 'Arguments:', item };
  });
  return {
    usage: help.commandUsage(command),
    description: help.commandDescription(command),
    sections: [...grouped(words), ...grouped(options), ...grouped(members)],
    commands: commands.map((each) => each.name()),
  };
}

type Item = HelpPage['sections'][number]['items'][number];

function grouped(listed: readonly { title: string; item: Item }[]): HelpPage['sections'] {
  const titles = [...new Set(listed.map(({ title }) => title))];
  return titles.map((title) => ({
    title,
    items: listed.filter((each) => each.title === title).map(({ item }) => item),
  }));
}
