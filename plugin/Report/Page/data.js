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

// Large data are written as a zlib stream, in base64: to read through the file is
// what takes a browser longest.
async function readData() {
  const text = byId('data').textContent;
  if (text.startsWith('{')) return JSON.parse(text);
  if (!('DecompressionStream' in window)) throw new Error('this browser cannot unpack the data: open the page in Chrome 80, Firefox 113, Safari 16.4, or a later one');
  const packed = atob(text), data = new Uint8Array(packed.length);
  for (let i = 0; i < data.length; ++i) data[i] = packed.charCodeAt(i);
  return new Response(new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate'))).json();
}

function readModel(d) {
  const n = d.state.length, rows = fromSteps(d.claimed.row);
  const spread = (key) => {
    const to = new Int32Array(n).fill(key === 'rule' || key === 'module' ? NONE : 0), from = d.claimed[key];
    for (let i = 0; i < rows.length; ++i) to[rows[i]] = from[i];
    return to;
  };
  const references = readReferences(d.references), names = n ? d.names.split('\n') : [];
  return {
    n, parts: d.parts, names, shown: readShown(d.shown, names), policy: d.policy, output: d.output, rules: d.rules,
    told: d.told, unanswered: d.unanswered, refusals: d.refusals,
    modules: d.modules, strings: d.strings, state: d.state, diff: d.diff,
    rule: spread('rule'), reason: spread('reason'), section: spread('section'), because: spread('because'),
    pattern: spread('pattern'), source: spread('source'), module: spread('module'),
    also: new Map(d.also), images: d.images.map((image) => readImage(image, n, references)),
    references, referencesTo: indexReferences(references, n),
    refusedRows: new Set(d.refusals.map((r) => r.row)),
  };
}

// What people read in place of the names as they are linked: the names themselves
// where none is mangled.
function readShown(text, names) {
  return text ? text.split('\n').map((line, r) => line || names[r]) : names;
}

// Numbers of which each was written as the step from the one before.
function fromSteps(steps) {
  const numbers = new Float64Array(steps.length);
  for (let i = 0, last = 0; i < steps.length; ++i) numbers[i] = last += steps[i];
  return numbers;
}

// The functions of an image stand in the order of their addresses.
function readImage(d, n, references) {
  const order = Int32Array.from(fromSteps(d.row)), positions = fromSteps(d.at);
  const image = {
    name: d.name, label: d.label, span: d.span, isRelocatable: d.relocatable, order, positions,
    sections: d.sections.map(([name, address, base, size]) => ({name, address: BigInt(address), base, size})),
    at: new Float64Array(n).fill(NONE), size: new Float64Array(n), section: new Int32Array(n).fill(NONE),
  };
  for (let i = 0, section = 0; i < order.length; ++i) {
    section += d.section[i];
    image.at[order[i]] = positions[i]; image.size[order[i]] = d.size[i]; image.section[order[i]] = section;
  }
  return {...image, spans: measure(image, references)};
}

function readReferences(d) {
  return {
    count: d.from.length, from: Int32Array.from(d.from), to: Int32Array.from(d.to),
    relocation: Int32Array.from(d.relocation), object: Int32Array.from(d.object),
    offset: Float64Array.from(d.offset), fromOffset: Float64Array.from(d.fromOffset), reach: Float64Array.from(d.reach),
  };
}

// Those of each function, from it or to it: in `all` from begin[row] to
// begin[row + 1].
function indexReferences(references, n) {
  const {count, from, to} = references, begin = new Uint32Array(n + 2);
  for (let i = 0; i < count; ++i) {
    if (from[i] !== NONE) ++begin[from[i] + 2];
    if (to[i] !== NONE && to[i] !== from[i]) ++begin[to[i] + 2];
  }
  for (let r = 2; r < n + 2; ++r) begin[r] += begin[r - 1];
  const all = new Uint32Array(begin[n + 1]);
  for (let i = 0; i < count; ++i) {
    if (from[i] !== NONE) all[begin[from[i] + 1]++] = i;
    if (to[i] !== NONE && to[i] !== from[i]) all[begin[to[i] + 1]++] = i;
  }
  return {has: (r) => begin[r] < begin[r + 1], get: (r) => all.subarray(begin[r], begin[r + 1])};
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

// Whether each reference gets to its target in an image: NONE where the image
// lacks an end, or where their distance is not yet fixed: two sections of a
// relocatable object.
const FITS = 1, TOO_FAR = 2;
function measure(image, references) {
  const {count, from, to, fromOffset, reach} = references, {at, section, isRelocatable} = image;
  const result = {how: new Int8Array(count).fill(NONE), fits: 0, tooFar: 0, tightest: NONE, margin: Infinity};
  for (let i = 0; i < count; ++i) {
    const a = from[i], b = to[i];
    if (a === NONE || b === NONE || at[a] === NONE || at[b] === NONE) continue;
    if (isRelocatable && section[a] !== section[b]) continue;
    const distance = Math.abs(at[b] - at[a] - fromOffset[i]), margin = (reach[i] - distance) / reach[i];
    if (distance <= reach[i]) { result.how[i] = FITS; ++result.fits; } else { result.how[i] = TOO_FAR; ++result.tooFar; }
    if (margin < result.margin) { result.margin = margin; result.tightest = i; }
  }
  return result;
}

// Where reference `i` stands and ends in an image, and whether it gets there.
// Null where that was not measured.
function spanOf(image, references, i) {
  if (i === NONE || image.spans.how[i] === NONE) return null;
  const target = image.at[references.to[i]], place = image.at[references.from[i]] + references.fromOffset[i];
  const distance = Math.abs(target - place), reach = references.reach[i];
  return {place, target, distance, margin: (reach - distance) / reach, fits: distance <= reach};
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
