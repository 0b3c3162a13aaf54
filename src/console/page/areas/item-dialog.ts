import { useState } from 'preact/hooks';
import type { StoredItem } from '../../../lab/calls/call.ts';
import type { TableInfo } from '../../../lab/stores/port.ts';
import { go } from '../data/route.ts';
import { html } from '../html.ts';
import { Button, Copy, TextArea } from '../parts/controls.ts';
import { Dialog } from '../parts/dialog.ts';
import { change } from '../parts/notice.ts';

interface Props {
  info: TableInfo;
  /** Null for a new one. */
  item: StoredItem | null;
  onClose(): void;
  after(): void;
}

/** One item in DynamoDB's JSON, which loses nothing; it is only written where nobody changed it meanwhile. */
export function ItemDialog({ info, item, onClose, after }: Props) {
  const { table, keys } = info;
  const empty = Object.fromEntries(keys.map(({ name, type }) => [name, { [type]: type === 'N' ? '0' : '' }]));
  const [text, setText] = useState(JSON.stringify(item ?? empty, undefined, 2));
  const [deleting, setDeleting] = useState(false);
  const parsed = itemOf(text);
  const save = async () => {
    if (await change('tables/put', { table, item: parsed, was: item }, 'The item was written')) onClose();
    after();
  };
  const key = item === null ? {} : Object.fromEntries(keys.map(({ name }) => [name, item[name]]));
  const remove = async () => {
    if (!deleting) return setDeleting(true);
    if (await change('tables/delete', { table, key }, 'The item was deleted')) onClose();
    after();
  };
  const keyText = keys.map(({ name }) => Object.values(item?.[name] ?? {})[0]).join('/');
  return html`<${Dialog} title=${item === null ? `New item of ${table}` : `${table}/${keyText}`} onClose=${onClose}>
    <${TextArea} label="Item, in DynamoDB's JSON" value=${text} onInput=${setText} rows=${18} />
    ${parsed === undefined && html`<p class="problem">This is no item yet: each attribute has a type, as <code>{"name": {"S": "text"}}</code>.</p>`}
    <div class="bar end">${
      item !== null &&
      html`<${Button} look="danger" writes onClick=${remove}>${deleting ? 'Really delete' : 'Delete'}</><${Button} laboratory onClick=${() => {
        onClose();
        go('tables', [table], { history: keyText });
      }}>History</>`
    }<${Copy} text=${text} /><span class="grow"></span><${Button} onClick=${onClose}>Cancel</><${Button} look="primary" writes disabled=${parsed === undefined} onClick=${save}>Save</></div>
  </>`;
}

const TYPES = /^(S|N|B|BOOL|NULL|L|M|SS|NS|BS)$/;

function itemOf(text: string): StoredItem | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const isValue = (each: unknown) =>
    typeof each === 'object' && each !== null && Object.keys(each).length === 1 && TYPES.test(Object.keys(each)[0]!);
  return Object.values(value).every(isValue) ? (value as StoredItem) : undefined;
}
