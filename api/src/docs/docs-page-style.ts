export const PAGE_STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --soft: color-mix(in srgb, currentColor 7%, transparent); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
h1 small { font-weight: normal; opacity: .7; }
h2 { margin: 2rem 0 .5rem; text-transform: capitalize; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .4rem 0; }
summary { cursor: pointer; padding: .5rem .75rem; display: flex; gap: .75rem; align-items: baseline; flex-wrap: wrap; }
summary:focus-visible, button:focus-visible, input:focus-visible, textarea:focus-visible { outline: 2px solid #2b7de9; outline-offset: 1px; }
.method { font: 600 12px ui-monospace, monospace; min-width: 4.5em; }
code, pre, textarea { font: 13px/1.45 ui-monospace, monospace; }
.body { padding: 0 .75rem .75rem; }
pre, textarea { background: var(--soft); padding: .6rem; border-radius: 4px; overflow: auto; max-height: 26rem; }
textarea { width: 100%; box-sizing: border-box; min-height: 7rem; border: 1px solid var(--line); color: inherit; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-top: 1px solid var(--line); }
input { font: inherit; padding: .2rem .4rem; margin-right: 1rem; }
button { font: inherit; padding: .25rem .9rem; cursor: pointer; }
`;
