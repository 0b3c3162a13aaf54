import { RULES } from '../../src/lab/lint/lint.ts';

const HEAD = `# Lint

<!-- Made by \`npm run docs\` from src/lab/lint. -->

\`cliffracer lint\` says what will go wrong on AWS: over what exists on the engine or in the account, or with \`--template FILE\` over a CloudFormation, SAM or CDK
template ([templates.md](templates.md)), where it also knows functions and their event source mappings. Nothing is changed. On an engine with a call log, filter policies are
compared with the attributes of the messages that were published. Exit code 1 when there is an error, 0 otherwise.

    cliffracer lint
    cliffracer lint --template template.yaml --json

An *error* does not work on AWS, or loses messages; a *warning* works until it does not; a *note* is worth knowing. An engine may take what AWS refuses, and a
template has not been deployed yet: that is what errors of the kind "is refused" are for. Policies are read as far as they say who may send: action, principal, resource, and conditions about
the source; statements that deny are not looked at. A delay above the visibility timeout is no finding: the one begins when the other has ended.
`;

/** docs/lint.md. */
export function lintPage(): string {
  const rules = RULES.map(({ code, severity, about, happens, remedy, page }) =>
    [
      `## ${code}\n`,
      `**${severity}**: ${about}.\n`,
      `- On AWS: ${happens}.`,
      `- Remedy: ${remedy}.`,
      `- ${page}`,
      '',
    ].join('\n'),
  );
  return [HEAD, ...rules].join('\n');
}
