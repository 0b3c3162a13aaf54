import { useState } from 'preact/hooks';
import { html } from '../html.ts';
import { Button, Field, TextArea } from '../parts/controls.ts';
import { Dialog } from '../parts/dialog.ts';
import { change } from '../parts/notice.ts';

/** A message of one's own, with attributes as `name=value` a line. */
export function SendDialog({ queue, onClose, after }: { queue: string; onClose(): void; after(): void }) {
  const [body, setBody] = useState('{}');
  const [lines, setLines] = useState('');
  const [group, setGroup] = useState('');
  const send = async () => {
    const attributes = lines.split('\n').flatMap((line) => {
      const [, name, value] = /^\s*([^=\s]+)\s*=(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [{ name, type: 'String', value: value!.trim() }];
    });
    const input = { queue, body, attributes, ...(group !== '' && { group }) };
    if (await change('queues/send', input, 'It was sent')) onClose();
    after();
  };
  return html`<${Dialog} title=${`Send to ${queue}`} onClose=${onClose}><${TextArea} label="Body" value=${body} onInput=${setBody} /><${TextArea} label="Attributes, a line each: name=value" value=${lines} onInput=${setLines} rows=${3} />${queue.endsWith('.fifo') && html`<${Field} label="Group" value=${group} onInput=${setGroup} />`}<div class="bar end"><${Button} onClick=${onClose}>Cancel</><${Button} look="primary" writes onClick=${send}>Send</></div></>`;
}
