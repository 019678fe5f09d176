// @ts-check
'use strict';
// What HtmlPage.cpp wrote, spread into arrays that have one entry a function.
// Everything else reads these and nothing of the page's JSON.

const NONE = -1;

// What the page itself has, and what is made of the JSON in it.
/** @param {string} id @returns {HTMLElement} */
function byId(id) {
  const e = document.getElementById(id);
  if (!e) throw new Error('the page has no ' + id);
  return e;
}
/** @param {string} id @returns {HTMLInputElement} */
function inputById(id) { return /** @type {HTMLInputElement} */ (byId(id)); }

function readModel(d) {
  const n = d.names.length;
  const m = {
    n, names: d.names, policy: d.policy, output: d.output, rules: d.rules,
    told: d.told, unanswered: d.unanswered, refusals: d.refusals,
    modules: d.modules, strings: d.strings, state: d.state, diff: d.diff,
    rule: new Int32Array(n).fill(NONE), reason: new Int32Array(n),
    section: new Int32Array(n), because: new Int32Array(n), pattern: new Int32Array(n),
    source: new Int32Array(n), module: new Int32Array(n).fill(NONE),
    also: new Map(), images: /** @type {ReturnType<typeof readImage>[]} */ ([]),
    references: /** @type {ReturnType<typeof readReference>[]} */ ([]), referencesTo: new Map(), refusedRows: new Set(),
  };
  let row = 0;
  d.claimed.row.forEach((step, i) => {
    row += step;
    for (const key of ['rule', 'reason', 'section', 'because', 'pattern', 'source', 'module'])
      m[key][row] = d.claimed[key][i];
  });
  for (const [r, later] of d.also) m.also.set(r, later);
  for (const image of d.images) m.images.push(readImage(image, n));
  m.references = d.references.map(readReference);
  m.references.forEach((ref, i) => {
    for (const end of new Set([ref.to, ref.from])) {
      if (!m.referencesTo.has(end)) m.referencesTo.set(end, []);
      m.referencesTo.get(end).push(i);
    }
  });
  m.refusedRows = new Set(m.refusals.map((r) => r.row));
  return m;
}

function readImage(d, n) {
  const image = {
    name: d.name, label: d.label, span: d.span, isRelocatable: d.relocatable,
    sections: d.sections.map(([name, address, base, size]) => ({name, address: BigInt(address), base, size})),
    at: new Float64Array(n).fill(NONE), size: new Float64Array(n), section: new Int32Array(n).fill(NONE),
  };
  let row = 0, at = 0, section = 0;
  for (let i = 0; i < d.row.length; ++i) {
    row += d.row[i]; at += d.at[i]; section += d.section[i];
    image.at[row] = at; image.size[row] = d.size[i]; image.section[row] = section;
  }
  const order = [];
  for (let r = 0; r < n; ++r) if (image.at[r] !== NONE) order.push(r);
  order.sort((a, b) => image.at[a] - image.at[b]);
  image.order = Int32Array.from(order);
  image.positions = Float64Array.from(order, (r) => image.at[r]);
  return image;
}

function readReference([from, to, relocation, object, offset, fromOffset, reach]) {
  return {from, to, relocation, object, offset, fromOffset, reach};
}

// The first index in `sorted` whose value is not below `value`.
function lowerBound(sorted, value) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1; else high = middle;
  }
  return low;
}

// Where a reference stands and ends in an image, and whether it gets there.
// Null where the image lacks an end, or where their distance is not yet fixed:
// two sections of a relocatable object.
function spanOf(image, ref) {
  if (ref.from === NONE || ref.to === NONE) return null;
  const from = image.at[ref.from], to = image.at[ref.to];
  if (from === NONE || to === NONE) return null;
  if (image.isRelocatable && image.section[ref.from] !== image.section[ref.to]) return null;
  const place = from + ref.fromOffset, distance = Math.abs(to - place);
  return {place, target: to, distance, margin: (ref.reach - distance) / ref.reach, fits: distance <= ref.reach};
}

function addressOf(image, row) {
  if (image.at[row] === NONE) return '';
  const s = image.sections[image.section[row]];
  const address = '0x' + (s.address + BigInt(image.at[row] - s.base)).toString(16);
  return image.isRelocatable ? s.name + '+' + address : address;
}

// A reach is a byte less than a power of two, and read as that power.
function bytes(count) {
  if (count < 1023.5) return count + ' B';
  if (count < 1023.95 * 1024) return trim(count / 1024) + ' KiB';
  return trim(count / 1048576) + ' MiB';
}
function trim(x) { return x.toFixed(x < 10 ? 2 : x < 100 ? 1 : 0).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''); }
function grouped(x) { return String(x).replace(/\B(?=(\d{3})+$)/g, ' '); }
// What is nearly all is not all.
function percent(x) { return x > .995 && x < 1 ? 'over 99 %' : trim(Math.abs(x) * 100) + ' %'; }

// An element with properties and children, text as text.
function make(tag, properties = {}, ...children) {
  const e = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key in e && key !== 'style') e[key] = value; else e.setAttribute(key, value);
  }
  e.append(...children.filter((c) => c !== null && c !== undefined));
  return e;
}
