import { actionsFor } from './actions.ts';
import { follows, listRows, type Seen, selectedIndex, systemRows } from './rows.ts';
import { inPane, LISTS, type ListName, type Request, type Step, type Ui } from './ui.ts';

const PAGE = 10;
const LONGEST_TYPED = 200;

/** Rows that a key moves the selection by. */
const MOVES: Readonly<Record<string, number>> = {
  ...{ up: -1, k: -1, down: 1, j: 1, pageup: -PAGE, pagedown: PAGE },
  ...{ home: Number.NEGATIVE_INFINITY, g: Number.NEGATIVE_INFINITY },
  ...{ end: Number.POSITIVE_INFINITY, G: Number.POSITIVE_INFINITY },
};

/**
 * What becomes of the screen's state with a key: `up`, `return`, `ctrl-c`, or the character itself. `mostTop` is how far the
 * right pane can be scrolled. Pure.
 */
export function press(key: string, seen: Seen, before: Ui, mostTop: number): Step {
  const { notice: _, ...ui } = before;
  if (ui.question !== undefined) return answer(key, ui);
  if (ui.typing !== undefined) return typed(key, ui);
  if (ui.help) return key === 'ctrl-c' ? quit(ui) : { ui: { ...ui, help: false }, requests: [] };
  const action = actionsFor(seen, ui).find(({ keys }) => keys.includes(key));
  if (action !== undefined) return action.run();
  const by = MOVES[key];
  return { ui: by === undefined ? ui : moved(by, seen, ui, mostTop), requests: [] };
}

const quit = (ui: Ui): Step => ({ ui, requests: [{ kind: 'quit' }] });

function answer(key: string, { question, ...ui }: Ui): Step {
  if (key === 'ctrl-c') return quit(ui);
  const requests: Request[] = /^[yY]$/.test(key) ? [question!.request] : [];
  return { ui, requests };
}

function moved(by: number, seen: Seen, ui: Ui, mostTop: number): Ui {
  if (ui.pane === 'detail') return { ...ui, top: Math.max(0, Math.min(mostTop, ui.top + by)) };
  const pane = ui.pane;
  const newest = pane === 'list' && follows(ui);
  const all = pane === 'list' ? listRows(seen, ui) : systemRows(seen, ui);
  const current = all[selectedIndex(all, ui.selected[pane], newest)];
  const rows = all.filter(({ id }) => id !== undefined);
  if (current === undefined) return ui;
  const to = Math.max(0, Math.min(rows.length - 1, rows.indexOf(current) + by));
  const { [pane]: __, ...others } = ui.selected;
  // At its end the list follows what happens again.
  const selected = newest && to === rows.length - 1 ? others : { ...others, [pane]: rows[to]!.id };
  const { pinned: ___, ...rest } = ui;
  return { ...rest, selected, top: 0 };
}

function typed(key: string, ui: Ui): Step {
  const { typing, ...rest } = ui;
  const { what, text } = typing!;
  const at = (next: string): Step => {
    const kept = { ...ui, typing: { what, text: next.slice(0, LONGEST_TYPED) } };
    return { ui: what === 'filter' ? filtered(kept, kept.typing.text) : kept, requests: [] };
  };
  switch (key) {
    case 'ctrl-c':
    case 'escape':
      return { ui: what === 'filter' ? filtered(rest, '') : rest, requests: [] };
    case 'return':
      return what === 'filter' ? { ui: rest, requests: [] } : command(text, rest);
    case 'backspace':
      return text === '' ? { ui: rest, requests: [] } : at([...text].slice(0, -1).join(''));
    case 'ctrl-u':
      return at('');
    case 'tab':
      return at(what === 'command' ? (LISTS.find((name) => name.startsWith(text)) ?? text) : text);
    case 'space':
      return at(`${text} `);
    default:
      return [...key].length === 1 ? at(text + key) : { ui, requests: [] };
  }
}

const filtered = (ui: Ui, text: string): Ui => ({
  ...ui,
  filters: { ...ui.filters, [ui.from]: text },
});

/** `:tables`, or the beginning of it; `:trace ID`; `:q`. */
function command(text: string, ui: Ui): Step {
  const [name = '', id] = text.trim().split(/\s+/);
  if (name === '') return { ui, requests: [] };
  if (name === 'trace' && id !== undefined) {
    return { ui: inPane({ ...ui, pinned: { kind: 'trace', id }, top: 0 }, 'detail'), requests: [] };
  }
  if ('quit'.startsWith(name)) return quit(ui);
  const list = LISTS.find((each) => each.startsWith(name));
  return list === undefined ? unknown(name, ui) : { ui: opened(list, ui), requests: [] };
}

function opened(list: ListName, { pinned: _, ...ui }: Ui): Ui {
  const { list: __, ...selected } = ui.selected;
  return inPane({ ...ui, list, selected, top: 0, filters: { ...ui.filters, list: '' } }, 'list');
}

function unknown(name: string, ui: Ui): Step {
  const known = [...LISTS, 'trace ID', 'quit'].map((each) => `:${each}`).join(' ');
  return { ui: { ...ui, notice: { text: `no command :${name}; there are ${known}`, tone: 'yellow' } }, requests: [] };
}
