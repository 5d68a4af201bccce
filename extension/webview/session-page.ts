// The only script of a session's page. It replaces changed sections, and keeps scroll, focus and selection.

interface Editor {
  getState(): { readonly scrollY: number } | undefined;
  setState(state: { readonly sessionId: string | undefined; readonly scrollY: number }): void;
  postMessage(message: unknown): void;
}
declare function acquireVsCodeApi(): Editor;

/** Only the extension sends messages: a page has no other frame. */
type Update = MessageEvent<{ readonly sections: Readonly<Record<string, string>> }>;

const editor = acquireVsCodeApi();
const main = document.querySelector('main');
const announcement = document.querySelector('#announcement');
const drawn = new Map<string, string>();
let sections: Update['data']['sections'] = {};

const stateName = () => document.querySelector('.state strong')?.textContent ?? '';
/** The scroll position to restore. Until the tasks are there, the page may be too short for it. */
let wantedY = editor.getState()?.scrollY ?? 0;
const keep = () => editor.setState({ sessionId: main?.dataset['session'], scrollY: Math.max(window.scrollY, wantedY) });

function scrollBack(): void {
  if (wantedY === 0) return;
  window.scrollTo(0, wantedY);
  if (window.scrollY >= Math.floor(wantedY)) wantedY = 0;
}

/** Stops restoring the scroll position when the person scrolls. */
function stayHere(): void {
  wantedY = 0;
}

/** A section with selected text is not replaced: the person may be about to copy it. */
function isSelectedIn(section: Element): boolean {
  const selection = document.getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(section, true);
}

function drawSection(section: Element, text: string): void {
  const focused = section.contains(document.activeElement) ? document.activeElement?.id : undefined;
  section.innerHTML = text;
  drawn.set(section.id, text);
  if (focused === undefined) return;
  const next = document.getElementById(focused) ?? section.querySelector<HTMLElement>('button, a');
  next?.focus({ preventScroll: true });
}

function draw(): void {
  const before = stateName();
  for (const [name, text] of Object.entries(sections)) {
    const section = document.getElementById(name);
    if (section !== null && drawn.get(name) !== text && !isSelectedIn(section)) drawSection(section, text);
  }
  scrollBack();
  if (announcement !== null && stateName() !== before) announcement.textContent = stateName();
}

window.addEventListener('message', ({ data }: Update) => {
  sections = data.sections;
  draw();
  // Before the first drawing a click would reach nobody, or what it began on would be replaced before it ends.
  main?.removeAttribute('inert');
});
document.addEventListener('selectionchange', draw);
document.addEventListener('scroll', keep, { passive: true });
document.addEventListener('wheel', stayHere, { passive: true });
document.addEventListener('keydown', stayHere);
document.addEventListener('click', (event) => {
  const wanted = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-command]') : null;
  if (wanted === null) return;
  event.preventDefault();
  editor.postMessage({ command: wanted.dataset['command'], sessionId: wanted.dataset['session'] });
});

scrollBack();
keep();
editor.postMessage({ ready: true });
