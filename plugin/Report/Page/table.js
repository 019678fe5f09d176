// @ts-check
// The functions as a table of any length: only the rows in sight exist.

const ROW = 28;

// What a column shows of a row: a text, or an element; what stands over a text that
// the pointer rests on, and what it is sorted by, where that is not the text.
/** @typedef {{title: string, wide: string, code?: boolean, number?: boolean,
 *   isAddress?: boolean, text: (r: number) => string, hint?: (r: number) => string,
 *   cell?: (r: number) => HTMLElement, key?: (r: number) => number}} Column */

class Table {
  constructor(app) {
    this.app = app; this.model = app.model;
    this.element = byId('table');
    this.columns = this.makeColumns();
    this.heads = /** @type {{head: HTMLElement, button: HTMLButtonElement}[]} */ ([]);
    // By address, the order in which the data come.
    this.sorted = {column: Math.max(0, this.columns.findIndex((c) => c.isAddress)), down: false};
    this.query = ''; this.onlyRule = NONE; this.show = 'all';
    this.rows = new Int32Array(0);
    this.shown = new Uint8Array(this.model.n).fill(1);
    this.ranks = new Map();
    this.lower = /** @type {string[]} */ ([]);  // The names, as shown and as linked, once something is searched.
    this.build();
  }

  makeColumns() {
    const m = this.model, text = (array) => (r) => m.strings[array[r]];
    const last = m.images[m.images.length - 1], first = m.images.length > 1 ? m.images[0] : null;
    /** @type {Column[]} */
    const columns = [
      {title: 'Function', wide: '2.4fr', code: true, text: (r) => m.shown[r], hint: (r) => m.shown[r] === m.names[r] ? m.names[r] : m.shown[r] + '\n' + m.names[r]},
      {title: 'Rule', wide: '1.7fr', key: (r) => m.rule[r] === NONE ? 1e9 : m.rule[r], text: (r) => m.rule[r] === NONE ? '' : m.rules[m.rule[r]].name, cell: (r) => this.ruleCell(r)},
      {title: 'Section', wide: '1.5fr', code: true, text: text(m.section)},
      {title: 'Why', wide: '1.5fr', text: (r) => reasonText(m, r)},
    ];
    if (last) columns.push(
      {title: 'Bytes', wide: '1fr', number: true, key: (r) => last.at[r] === NONE ? -1 : last.size[r], text: (r) => last.at[r] === NONE ? '' : grouped(last.size[r])},
      {title: first ? 'After' : 'Address', wide: '1.35fr', code: true, number: true, isAddress: true, key: (r) => last.at[r] === NONE ? last.span : last.at[r], text: (r) => addressOf(last, r)});
    if (first) columns.push({title: 'Before', wide: '1.35fr', code: true, number: true, key: (r) => first.at[r] === NONE ? first.span : first.at[r], text: (r) => addressOf(first, r)});
    columns.push({title: 'Module', wide: '1.8fr', code: true, text: (r) => m.module[r] === NONE ? '' : m.modules[m.module[r]]});
    return columns;
  }

  ruleCell(r) {
    const rule = this.model.rule[r];
    if (rule === NONE) return make('span', {className: 'quiet', textContent: '—'});
    return make('span', {}, swatch(this.app.palette, rule), this.model.rules[rule].name);
  }

  build() {
    const grid = this.columns.map((c) => `minmax(0, ${c.wide})`).join(' ');
    this.head = make('div', {className: 'head', role: 'row', 'aria-rowindex': 1});
    this.head.style.gridTemplateColumns = this.grid = grid;
    this.heads = this.columns.map((c, i) => {
      const button = make('button', {type: 'button', textContent: c.title});
      button.addEventListener('click', () => this.sortBy(i));
      const head = make('div', {role: 'columnheader', className: c.number ? 'num' : ''}, button);
      this.head.append(head);
      return {head, button};
    });
    this.body = make('div', {id: 'body', role: 'rowgroup'});
    this.empty = make('div', {id: 'empty', hidden: true, textContent: 'No function is like that.'});
    this.element.append(make('div', {role: 'rowgroup', className: 'heads'}, this.head), this.empty, this.body);
    this.element.setAttribute('aria-colcount', String(this.columns.length));
    this.element.addEventListener('scroll', () => this.renderSoon());
    this.element.addEventListener('keydown', (e) => this.key(e));
    this.body.addEventListener('click', (e) => {
      const row = e.target.closest('.row');
      if (row) this.app.choose(Number(row.dataset.row), {scroll: false});
    });
    this.body.addEventListener('dblclick', () => this.app.zoomToChosen());
  }

  sortBy(column) {
    this.sorted = {column, down: this.sorted.column === column && !this.sorted.down};
    this.update();
  }

  // Sorting a hundred thousand words again and again is what would stutter: each
  // distinct text is ranked once, and from then on numbers are compared.
  keys(column) {
    const c = this.columns[column];
    if (this.ranks.has(column)) return this.ranks.get(column);
    const keys = new Float64Array(this.model.n);
    if (c.key) {
      for (let r = 0; r < keys.length; ++r) keys[r] = c.key(r);
    } else {
      const texts = Array.from(keys, (unused, r) => c.text(r)), ranks = new Map();
      for (const text of Array.from(new Set(texts)).sort()) if (text) ranks.set(text, ranks.size);
      for (let r = 0; r < keys.length; ++r) keys[r] = texts[r] ? ranks.get(texts[r]) : ranks.size;
    }
    this.ranks.set(column, keys);
    return keys;
  }

  holds(r) {
    const m = this.model;
    if (this.onlyRule !== NONE && m.rule[r] !== this.onlyRule) return false;
    switch (this.show) {
      case 'claimed': return m.rule[r] !== NONE;
      case 'moved': return m.rule[r] !== NONE && m.section[r] !== 0;
      case 'short': return m.referencesTo.has(r);
      case 'refused': return m.refusedRows.has(r);
      case 'missing': return m.rule[r] !== NONE && m.images[m.images.length - 1].at[r] === NONE;
      default: return true;
    }
  }

  update() {
    const m = this.model, query = this.query, hit = m.strings.map((s) => query && s.toLowerCase().includes(query));
    if (query && !this.lower.length) this.lower = m.names.map((name, r) => (m.shown[r] === name ? name : m.shown[r] + '\n' + name).toLowerCase());
    const rows = new Int32Array(m.n);
    let count = 0;
    for (let r = 0; r < m.n; ++r) {
      const is = this.holds(r) && (!query || this.lower[r].includes(query) || hit[m.section[r]] || hit[m.source[r]]);
      this.shown[r] = is;
      if (is) rows[count++] = r;
    }
    this.rows = sortRows(rows.subarray(0, count), this.keys(this.sorted.column), this.sorted.down ? -1 : 1);
    this.columns.forEach((c, i) => {
      const is = i === this.sorted.column;
      const {head, button} = this.heads[i];
      head.setAttribute('aria-sort', !is ? 'none' : this.sorted.down ? 'descending' : 'ascending');
      button.textContent = c.title + (!is ? '' : this.sorted.down ? ' ▾' : ' ▴');
    });
    this.element.setAttribute('aria-rowcount', String(count + 1));
    this.body.style.height = count * ROW + 'px';
    this.empty.hidden = count > 0;
    this.render();
    this.app.countChanged();
  }

  isShown(r) { return this.shown[r] === 1; }

  // What is shown, as it is sorted: for a spreadsheet. A number has no spaces there.
  csv() {
    const quoted = (text) => /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
    const literal = (text) => /^[=+@\t\r-]/.test(text) ? "'" + text : text; // No formula.
    const cell = (c, r) => quoted(c.number && !c.code ? c.text(r).replaceAll(' ', '') : literal(c.text(r)));
    /** @type {Column} */
    const linked = {title: 'Linked as', wide: '', code: true, text: (r) => this.model.names[r]};
    const columns = this.model.shown === this.model.names ? this.columns : [...this.columns, linked];
    const lines = [columns.map((c) => c.title).join(',')];
    for (const r of this.rows) lines.push(columns.map((c) => cell(c, r)).join(','));
    return lines.join('\n') + '\n';
  }

  renderSoon() {
    if (this.pending) return;
    this.pending = requestAnimationFrame(() => { this.pending = 0; this.render(); });
  }

  render() {
    const top = this.element.scrollTop, tall = this.element.clientHeight || 460;
    const first = Math.max(0, Math.floor(top / ROW) - 4), end = Math.min(this.rows.length, Math.ceil((top + tall) / ROW) + 4);
    const rows = [];
    for (let i = first; i < end; ++i) rows.push(this.renderRow(i, this.rows[i]));
    this.body.replaceChildren(...rows);
  }

  renderRow(i, r) {
    const is = r === this.app.chosen;
    const row = make('div', {className: 'row', role: 'row', id: 'row-' + r, 'aria-rowindex': i + 2, 'aria-selected': String(is)});
    row.dataset.row = r;
    row.style.top = i * ROW + 'px';
    row.style.gridTemplateColumns = this.grid;
    for (const c of this.columns) {
      const cell = make('div', {role: 'gridcell', className: (c.code ? 'code ' : '') + (c.number ? 'num' : '')});
      if (c.cell) cell.append(c.cell(r)); else { cell.textContent = c.text(r); cell.title = c.hint ? c.hint(r) : c.text(r); }
      row.append(cell);
    }
    return row;
  }

  scrollTo(r) {
    const i = this.rows.indexOf(r);
    if (i < 0) return;
    const top = i * ROW, tall = this.element.clientHeight - 40;
    if (top < this.element.scrollTop || top > this.element.scrollTop + tall - ROW)
      this.element.scrollTop = Math.max(0, top - tall / 2);
  }

  key(e) {
    if (e.target !== this.element) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW) - 2);
    const steps = {ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity};
    if (e.key === 'Enter') { e.preventDefault(); this.app.zoomToChosen(); return; }
    if (!(e.key in steps) || !this.rows.length) return;
    e.preventDefault();
    const at = this.rows.indexOf(this.app.chosen);
    const next = at < 0 ? 0 : Math.max(0, Math.min(this.rows.length - 1, at + steps[e.key]));
    this.app.choose(this.rows[next], {scroll: true});
  }
}

// `rows`, which ascend, by their keys. A sort of numbers needs no call for each two:
// where they fit, key and place are one number. `sign` is -1 for a sort down.
function sortRows(rows, keys, sign) {
  const n = rows.length;
  let isSorted = true, low = Infinity, high = -Infinity;
  for (let i = 0; i < n; ++i) {
    const key = sign * keys[rows[i]];
    isSorted = isSorted && key >= high;
    low = Math.min(low, key); high = Math.max(high, key);
  }
  if (isSorted) return rows;
  if ((high - low + 1) * n > Number.MAX_SAFE_INTEGER || !Number.isInteger(low)) return rows.sort((a, b) => sign * (keys[a] - keys[b]) || a - b);
  const packed = new Float64Array(n).map((unused, i) => (sign * keys[rows[i]] - low) * n + i).sort();
  return Int32Array.from(packed, (p) => rows[p % n]);
}

function saveAs(name, text) {
  const href = URL.createObjectURL(new Blob([text], {type: 'text/csv'}));
  make('a', {href, download: name}).click();
  setTimeout(() => URL.revokeObjectURL(href), 60000);
}

// The reason in a few words; the details have the sentence.
function reasonText(m, r) {
  const state = m.state[r];
  if (m.rule[r] !== NONE) {
    const reason = m.strings[m.reason[r]];
    return {
      'matched': 'matched', 'grown-along-branch': 'short reference', 'grown-along-call': 'call',
      'grown-to-caller': 'calls it',
      'split-from-parent': 'split off', 'keeps-section': 'keeps its section', 'left': 'left alone',
    }[reason] || reason;
  }
  return {u: 'no rule', n: 'not reported', a: 'ambiguous name'}[state] || '';
}
