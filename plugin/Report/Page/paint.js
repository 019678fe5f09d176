// @ts-check
// Colours and patterns of groups, on canvases and as backgrounds of elements.

const PATTERNS = 6, COLOURS = 7;

function cssColour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

// A tile of 12 pixels: solid, /, dots, -, #, \.
function paintTile(c, kind, colour, mark) {
  c.fillStyle = colour;
  c.fillRect(0, 0, 12, 12);
  c.strokeStyle = c.fillStyle = mark;
  c.lineWidth = 1.6;
  c.beginPath();
  const line = (a, b, x, y) => { c.moveTo(a, b); c.lineTo(x, y); };
  if (kind === 1) for (let i = -12; i <= 12; i += 6) line(i, 12, i + 12, 0);
  if (kind === 2) for (const [x, y] of [[3, 3], [9, 9]]) { c.moveTo(x + 1.6, y); c.arc(x, y, 1.6, 0, 7); }
  if (kind === 3) for (const y of [3, 9]) line(0, y, 12, y);
  if (kind === 4) for (const i of [3, 9]) { line(0, i, 12, i); line(i, 0, i, 12); }
  if (kind === 5) for (let i = 0; i <= 24; i += 6) line(i - 12, 0, i, 12);
  if (kind === 2) c.fill(); else c.stroke();
}

class Palette {
  constructor() {
    this.groups = /** @type {string[]} */ ([]);
    this.tiles = new Map();
    this.fills = new Map();
    this.urls = new Map();
    this.refresh();
  }
  // After a change between light and dark.
  refresh() {
    this.ink = cssColour('--ink'); this.soft = cssColour('--soft');
    this.line = cssColour('--line'); this.strip = cssColour('--strip');
    this.strip2 = cssColour('--strip-2'); this.accent = cssColour('--accent');
    this.bad = cssColour('--bad'); this.band = cssColour('--band');
    this.paper = cssColour('--paper'); this.field = cssColour('--field');
    this.mark = cssColour('--pattern');
    this.groups = [];
    for (let i = 0; i < COLOURS; ++i) this.groups.push(cssColour('--g' + i));
    this.tiles = new Map();
    this.fills = new Map();
    this.urls = new Map();
  }
  key(group) { return (group % COLOURS) * PATTERNS + (group % PATTERNS); }
  tile(group) {
    const key = this.key(group);
    if (!this.tiles.has(key)) {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 12;
      paintTile(canvas.getContext('2d'), group % PATTERNS, this.groups[group % COLOURS], this.mark);
      this.tiles.set(key, canvas);
    }
    return this.tiles.get(key);
  }
  fill(context, group) {
    const key = this.key(group);
    if (!this.fills.has(key)) this.fills.set(key, context.createPattern(this.tile(group), 'repeat'));
    return this.fills.get(key);
  }
  colour(group) { return this.groups[group % COLOURS]; }
  url(group) {
    const key = this.key(group);
    if (!this.urls.has(key)) this.urls.set(key, `url(${this.tile(group).toDataURL()})`);
    return this.urls.get(key);
  }
}

// A, B, … Z, then numbers: what names a group where its colour does not.
function letterOf(group) { return group < 26 ? String.fromCharCode(65 + group) : String(group + 1); }

function swatch(palette, group) {
  if (group === NONE) return make('span', {className: 'swatch none', 'aria-hidden': 'true'});
  const s = make('span', {className: 'swatch', 'aria-hidden': 'true'}, make('b', {textContent: letterOf(group)}));
  s.style.backgroundImage = palette.url(group);
  return s;
}
