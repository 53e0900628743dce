/** The page as it is served: a frame of sections that its script fills. Nothing in it comes from anywhere else. */
export const pageHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>srklab-tutor · the talk</title>
<link rel="stylesheet" href="page.css">
<link rel="icon" href="data:,">
<script src="page.js" defer></script>
</head>
<body>
<header><strong>srklab-tutor</strong><div id="status"></div><output id="link" class="pending">connecting …</output></header>
<main>
<section id="slide" class="card" aria-live="polite"></section>
<section class="card"><h2>Topology</h2><div id="topology"></div></section>
<section class="card"><h2>Where flows go</h2><div id="ecmp"></div></section>
<section class="card"><h2>Routes</h2><div id="routes"></div></section>
<section class="card"><h2>Timeline</h2><div id="timeline"></div></section>
<section class="card"><h2>BGP sessions</h2><div id="sessions"></div></section>
</main>
<noscript>This page follows the presenter with a small script of its own; please allow it.</noscript>
</body>
</html>
`;

/** Makes elements out of data, never markup out of text. The browser reconnects the stream by itself. */
export const pageScript = `'use strict';
const svgTags = new Set(['svg', 'g', 'line', 'rect', 'text', 'title']);
function make(node, inSvg) {
  if (typeof node === 'string') return document.createTextNode(node);
  const svg = (inSvg || node.tag === 'svg') && svgTags.has(node.tag);
  const made = svg
    ? document.createElementNS('http://www.w3.org/2000/svg', node.tag)
    : document.createElement(node.tag);
  for (const [name, value] of Object.entries(node.attributes || {})) made.setAttribute(name, value);
  for (const child of node.children || []) made.appendChild(make(child, svg));
  return made;
}
const link = document.getElementById('link');
const stream = new EventSource('events');
stream.onopen = () => { link.textContent = '● live'; link.className = 'up'; };
stream.onerror = () => {
  link.textContent = stream.readyState === EventSource.CLOSED
    ? '○ the talk is over, or goes on under a new link'
    : '○ reconnecting …';
  link.className = 'down';
};
stream.addEventListener('section', event => {
  const { name, content } = JSON.parse(event.data);
  const place = document.getElementById(name);
  if (place !== null) place.replaceChildren(...content.map(node => make(node, false)));
});
`;

export const pageStyle = `:root { color-scheme: dark light; --ground: #0d1117; --card: #161b22; --line: #30363d; --text: #e6edf3; --quiet: #8b949e;
  --accent: #5cb8e6; --up: #6cc070; --down: #f47067; --pending: #e0a84e; }
@media (prefers-color-scheme: light) { :root { --ground: #f6f8fa; --card: #ffffff; --line: #d0d7de; --text: #1f2328;
  --quiet: #59636e; --accent: #0969a8; --up: #1a7f37; --down: #c21f2c; --pending: #9a6700; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .2rem 1rem; align-items: baseline;
  padding: .5rem 1rem; background: var(--card); border-bottom: 1px solid var(--line); }
#status { display: flex; flex-wrap: wrap; gap: .1rem 1rem; flex: 1; font-variant-numeric: tabular-nums; }
main { display: grid; gap: 1rem; padding: 1rem; grid-template-columns: repeat(12, minmax(0, 1fr)); max-width: 1700px; margin: auto; }
.card { grid-column: span 12; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.2rem; overflow-x: auto; }
@media (min-width: 900px) {
  .card { grid-column: span 6; }
  #slide { grid-row: span 2; }
}
@media (min-width: 1400px) { .card { grid-column: span 4; } #slide { grid-column: span 5; } #slide + .card { grid-column: span 7; }
  #slide + .card + .card { grid-column: span 7; } }
@media (max-width: 600px) {
  header { position: static; } main { padding: .6rem; gap: .6rem; } .card { padding: .8rem; } table { font-size: .8rem; } td, th { white-space: nowrap; }
  .share { grid-template-columns: minmax(6rem, 1fr) 1fr 3rem; font-size: .85rem; }
}
.share span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
h1 { font-size: clamp(1.7rem, 4vw, 2.6rem); line-height: 1.15; margin: .2rem 0 1rem; }
h2 { font-size: .85rem; letter-spacing: .06em; text-transform: uppercase; color: var(--quiet); margin: 0 0 .6rem; }
h3 { font-size: 1rem; margin: .8rem 0 .3rem; }
h3 small, .quiet, time { color: var(--quiet); font-weight: normal; }
#slide { font-size: clamp(1.05rem, 1.6vw, 1.3rem); }
#slide .quiet { font-size: .9rem; margin: 0; }
p { margin: 0 0 .8rem; } ul, ol { padding-left: 1.4rem; margin: 0 0 .8rem; }
pre { background: var(--ground); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem; overflow-x: auto; font-size: .85em; margin: 0 0 .8rem; }
pre.command, .deed { color: var(--accent); } .question { font-weight: 600; } .black { padding: 3rem 0; text-align: center; color: var(--quiet); }
ul.check, ol.events { list-style: none; padding: 0; }
ol.events li { padding: .15rem 0; font-size: .92rem; } code, time, .number { font-family: ui-monospace, monospace; font-size: .9em; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; } th { text-align: left; color: var(--quiet); font-weight: normal; }
th, td { padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.share { display: grid; grid-template-columns: minmax(8rem, 1fr) 2fr 3.2rem; gap: .6rem; align-items: center; font-size: .92rem; }
.share .number { text-align: right; } meter { width: 100%; height: 1rem; }
.up { color: var(--up); } .down { color: var(--down); } .pending { color: var(--pending); }
svg { width: 100%; height: auto; max-height: 62vh; font: 14px system-ui, sans-serif; }
svg text { fill: var(--text); } svg .state { font-size: 12px; fill: var(--quiet); } svg .name { font-weight: 600; }
.node rect { fill: var(--card); stroke: var(--line); stroke-width: 2; } .node.up rect { stroke: var(--up); }
.node.down rect { stroke: var(--down); stroke-dasharray: 6 4; } .node.pending rect { stroke: var(--pending); } .node.absent { opacity: .5; }
.node.down .state { fill: var(--down); } .node.pending .state { fill: var(--pending); }
.link line { stroke: var(--quiet); stroke-width: 2; } .link.busy line { stroke: var(--accent); stroke-width: 4; }
.link.down line { stroke: var(--down); stroke-dasharray: 3 7; stroke-width: 3; } .link.pending line { stroke: var(--pending); }
.link.absent line { stroke: var(--line); stroke-dasharray: 2 6; }
.link text { font-size: 13px; paint-order: stroke; stroke: var(--card); stroke-width: 5px; } .link.down text { fill: var(--down); }
`;
