// @ts-check
// The page as a whole: what is chosen, what is shown, and who draws when.

class App {
  constructor(model) {
    this.model = model; this.chosen = NONE; this.reference = NONE;
    this.pending = 0; this.drawMs = 0; this.openMs = 0;
    this.showSelect = inputById('show');
    this.palette = new Palette();
    this.view = new View(Math.max(1, ...model.images.map((i) => i.span)));
    this.table = new Table(this);
    this.maps = model.images.map((image) => new CodeMap(this, image));
    this.build();
    this.listen();
    this.table.update();
    this.chooseReference(this.tightest(), false);
    this.fromHash();
  }

  build() {
    const m = this.model;
    byId('lead').replaceChildren(...leadText(m));
    showVerdict(m);
    showDiff(m);
    byId('maps').hidden = !this.maps.length;
    byId('canvases').append(...this.maps.map((map) => map.element));
    byId('ref-next').hidden = !m.references.count;
    const options = [['all', 'All functions'], ['claimed', 'Claimed by a rule'], ['moved', 'Moved'], ['short', 'With short references'], ['refused', 'Refused']];
    if (this.maps.length) options.push(['missing', 'Placed, not in the image']);
    this.showSelect.append(...options.map(([value, textContent]) => make('option', {value, textContent})));
    this.buildLegend();
    showNotes(m);
  }

  buildLegend() {
    const most = 24, legend = byId('legend'), m = this.model;
    legend.replaceChildren(...m.rules.slice(0, most).map((rule, i) => {
      const sums = `${grouped(rule.claimed)} claimed, ${grouped(rule.moved)} moved` + (rule.refused ? `, ${grouped(rule.refused)} refused` : '') + (m.images.length ? `, ${bytes(rule.bytes)}` : '');
      const b = make('button', {type: 'button', 'aria-pressed': String(this.table.onlyRule === i)}, swatch(this.palette, i), make('span', {className: 'name', textContent: rule.name}), make('span', {className: 'sums', textContent: sums}));
      b.addEventListener('click', () => this.filterRule(this.table.onlyRule === i ? NONE : i));
      return b;
    }));
    if (m.rules.length > most) legend.append(make('span', {className: 'quiet', textContent: `and ${m.rules.length - most} more rules, in the table`}));
  }

  listen() {
    const on = (id, event, action) => byId(id).addEventListener(event, action);
    const search = inputById('search');
    on('search', 'input', () => { this.table.query = search.value.trim().toLowerCase(); this.table.element.scrollTop = 0; this.table.update(); });
    on('search', 'keydown', (e) => {
      if (e.key === 'Enter' || e.key === 'ArrowDown') { e.preventDefault(); this.table.element.focus(); if (this.table.rows.length) this.choose(this.table.rows[0], {scroll: true}); }
    });
    on('show', 'change', () => { this.table.show = this.showSelect.value; this.table.element.scrollTop = 0; this.table.update(); });
    on('save', 'click', () => saveAs('functions.csv', this.table.csv()));
    on('zoom-in', 'click', () => this.zoom(.5));
    on('zoom-out', 'click', () => this.zoom(2));
    on('zoom-fit', 'click', () => { this.view.fit(); this.drawSoon(); });
    on('ref-next', 'click', () => this.stepReference(1));
    document.addEventListener('keydown', (e) => {
      if (e.key === '/' && !(e.target instanceof Element && /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName))) { e.preventDefault(); search.focus(); search.select(); }
    });
    window.addEventListener('resize', () => { this.drawSoon(); this.table.renderSoon(); });
    window.addEventListener('hashchange', () => this.fromHash());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.recolour());
  }

  recolour() {
    this.palette.refresh();
    this.buildLegend();
    this.table.render();
    showDetails(this);
    this.drawSoon();
  }

  filterRule(rule) {
    this.table.onlyRule = rule;
    this.table.element.scrollTop = 0;
    this.buildLegend();
    this.table.update();
  }

  drawSoon() {
    if (this.pending) return;
    this.pending = requestAnimationFrame(() => { this.pending = 0; this.draw(); });
  }
  draw() {
    const begun = performance.now();
    for (const map of this.maps) map.draw();
    this.drawMs = performance.now() - begun;
  }

  // The short reference that has the least of its reach left, anywhere.
  tightest() {
    let best = NONE, least = Infinity;
    for (const {spans} of this.model.images)
      if (spans.margin < least || (spans.margin === least && spans.tightest < best)) { least = spans.margin; best = spans.tightest; }
    return best;
  }

  choose(row, {scroll = false, keepReference = false} = {}) {
    if (row === undefined) return;
    this.chosen = row;
    const refs = row === NONE ? [] : this.model.referencesTo.get(row);
    if (!keepReference) this.reference = refs.length ? refs[0] : NONE;
    if (scroll && row !== NONE) this.table.scrollTo(row);
    this.table.render();
    if (row !== NONE) this.table.element.setAttribute('aria-activedescendant', 'row-' + row);
    showDetails(this);
    this.drawSoon();
  }

  chooseReference(ref, frame) {
    this.reference = ref;
    const spans = this.model.images.map((i) => spanOf(i, this.model.references, ref)).filter(Boolean);
    if (spans.length) {
      const ends = spans.flatMap((s) => [s.place, s.target]), low = Math.min(...ends), high = Math.max(...ends);
      if (frame || low < this.view.start || high > this.view.start + this.view.span) this.view.frame(low, high);
    }
    this.choose(ref === NONE ? NONE : this.model.references.to[ref], {scroll: true, keepReference: true});
  }

  stepReference(step) {
    const count = this.model.references.count;
    if (count) this.chooseReference((Math.max(this.reference, step < 0 ? 0 : -1) + step + count) % count, false);
  }

  zoom(factor) {
    const r = this.chosen, image = this.model.images.find((i) => r !== NONE && i.at[r] !== NONE);
    const middle = this.view.start + this.view.span / 2;
    this.view.zoom(factor, factor < 1 && image ? image.at[r] : middle);
    this.drawSoon();
  }

  zoomToChosen() {
    const last = this.model.images[this.model.images.length - 1];
    if (!last || this.chosen === NONE || last.at[this.chosen] === NONE) return;
    this.view.show(last.at[this.chosen], last.size[this.chosen]);
    this.drawSoon();
  }

  mapKey(e) {
    const actions = {
      'ArrowLeft': () => this.view.move(-.15), 'ArrowRight': () => this.view.move(.15),
      '+': () => this.zoom(.5), '=': () => this.zoom(.5), '-': () => this.zoom(2),
      '0': () => this.view.fit(), 'Home': () => this.view.fit(),
      'n': () => this.stepReference(1), 'p': () => this.stepReference(-1),
    };
    if (e.ctrlKey || e.metaKey || e.altKey || !(e.key in actions)) return;
    e.preventDefault();
    actions[e.key]();
    this.drawSoon();
  }

  hover(map, x, y, arc, row) {
    if (!arc && row === NONE) { this.hideTip(); return; }
    const m = this.model, tip = byId('tip');
    if (arc) {
      const {ref, span} = arc, {from, to, relocation, reach} = m.references;
      tip.replaceChildren(make('b', {textContent: `${nameOf(m, from[ref])} → ${nameOf(m, to[ref])}`}),
        make('div', {textContent: `${m.strings[relocation[ref]]}, ${bytes(span.distance)} of ${bytes(reach[ref])}: ` + (span.fits ? percent(span.margin) + ' left' : 'out of reach')}));
    } else {
      const rule = m.rule[row];
      tip.replaceChildren(make('b', {textContent: m.shown[row]}),
        make('div', {textContent: `${addressOf(map.image, row)}, ${grouped(map.image.size[row])} bytes`}),
        make('div', {}, rule === NONE ? reasonText(m, row) : make('span', {}, swatch(this.palette, rule), ` ${m.rules[rule].name}: ${reasonText(m, row)}`)));
    }
    tip.hidden = false;
    tip.style.left = Math.min(x + 14, innerWidth - tip.offsetWidth - 8) + 'px';
    tip.style.top = (y + 18 + tip.offsetHeight > innerHeight ? y - tip.offsetHeight - 10 : y + 18) + 'px';
  }
  hideTip() { byId('tip').hidden = true; }

  countChanged() {
    const shown = this.table.rows.length, all = this.model.n, last = this.model.images[this.model.images.length - 1];
    const count = shown === all ? `${grouped(all)} functions` : `${grouped(shown)} of ${grouped(all)} functions`;
    byId('count').textContent = count + (last ? `, ${grouped(this.table.rows.reduce((sum, r) => sum + last.size[r], 0))} bytes in the image` : '');
    this.drawSoon();
  }

  // `report.html#f=hyp_panic`: what the link beside a function's name says.
  fromHash() {
    const wanted = /^#f=(.+)$/.exec(location.hash);
    if (!wanted) return;
    let name = wanted[1];
    try { name = decodeURIComponent(name); } catch { /* As it stands. */ }
    let row = this.model.names.indexOf(name);
    if (row < 0) row = this.model.shown.indexOf(name);
    if (row >= 0) this.choose(row, {scroll: true});
  }
}

function leadText(m) {
  const moved = m.rules.reduce((sum, r) => sum + r.moved, 0), text = [];
  const strong = (s) => make('strong', {textContent: s});
  text.push(strong(grouped(moved) + (moved === 1 ? ' function' : ' functions')), ' moved by policy ', strong(m.policy), `, of ${grouped(m.n - m.parts)}.`);
  const last = m.images[m.images.length - 1];
  const {fits, tooFar: broken, margin} = last ? last.spans : {fits: 0, tooFar: 0, margin: 0}, count = fits + broken;
  if (count) {
    text.push(' ', strong(grouped(count) + (count === 1 ? ' short reference' : ' short references')), broken ? `, ${grouped(broken)} of them out of reach` : ', all in reach');
    const before = m.images.length > 1 ? m.images[0].spans.tooFar : 0;
    if (before) text.push(` (before: ${grouped(before)} out of reach)`);
    text.push(`; the tightest has ${broken ? 'none' : percent(margin)} of its reach left.`);
  }
  return text;
}

// What the page is opened for: which rules hold in the image, which do not, and
// which matched nothing.
function verdictOf(m, rule) {
  if (!rule.matched && !rule.claimed) return 'matched nothing';
  if (rule.inline && !rule.moved) return 'constrains, places nothing';
  return {yes: 'holds', no: 'does not hold', empty: 'not in the image', 'not-known': 'not known'}[rule.obeyed] || 'not known';
}

const listed = (names) => names.slice(0, 20).join(', ') + (names.length > 20 ? `, and ${names.length - 20} more` : '');

function showVerdict(m) {
  const lines = byId('verdict-lines'), has = m.images.length > 0, both = m.images.length > 1;
  const named = (verdict) => m.rules.filter((r) => verdictOf(m, r) === verdict).map((r) => r.name);
  const add = (verdict, text, bad) => {
    const names = named(verdict);
    if (names.length) lines.append(make('li', {className: bad ? 'bad-text' : ''}, text(names.length), make('span', {className: 'code', textContent: listed(names)})));
  };
  const {tooFar, tightest} = has ? m.images[m.images.length - 1].spans : {tooFar: 0, tightest: NONE};
  if (tooFar) {
    const {from, to} = m.references, ends = `${nameOf(m, from[tightest])} → ${nameOf(m, to[tightest])}`;
    lines.append(make('li', {className: 'bad-text'}, tooFar === 1 ? '1 short reference is out of reach: ' : `${grouped(tooFar)} short references are out of reach, the farthest: `, make('span', {className: 'code', textContent: ends})));
  }
  const rules = (n) => n === 1 ? '1 rule ' : `${grouped(n)} rules `;
  add('does not hold', (n) => rules(n) + (n === 1 ? 'does' : 'do') + ' not hold in the image, others stand between: ', true);
  add('not in the image', (n) => 'Nothing of ' + rules(n) + 'is in the image: ', true);
  add('matched nothing', (n) => rules(n) + 'matched nothing: ', true);
  add('holds', (n) => rules(n) + (n === 1 ? 'holds' : 'hold') + ' in the image: ');
  add('constrains, places nothing', (n) => rules(n) + (n === 1 ? 'constrains' : 'constrain') + ' and place nothing: ');
  add('not known', (n) => has ? rules(n) + 'may have others’ code between, or a section for each function, of which an image shows nothing: ' : 'Whether they hold is not known without an image (--image FILE): ');
  const ordered = has ? m.rules.filter((r) => r.ordered).map((r) => r.name) : [];
  if (ordered.length) lines.append(make('li', {}, `The order of ${rules(ordered.length)}is not judged here (section-placement verify does): `, make('span', {className: 'code', textContent: listed(ordered)})));
  const head = ['Rule', 'Verdict', 'Functions', ...(has ? [...(both ? ['Span before'] : []), 'Span', 'Bytes', 'Pieces'] : [])];
  const row = (cells, tag) => make('tr', {}, ...cells.map((textContent, i) => make(tag, {textContent, className: i > 1 ? 'number' : ''})));
  byId('verdict-rules').append(make('thead', {}, row(head, 'th')), make('tbody', {}, ...m.rules.slice(0, 200).map((r) =>
    row([r.name, verdictOf(m, r), grouped(r.claimed), ...(has ? [...(both ? [grouped(r.spanBefore)] : []), grouped(r.span), grouped(r.bytes), grouped(r.pieces)] : [])], 'td'))));
}

// The difference to the image before, as `section-placement diff` prints it.
function showDiff(m) {
  const d = m.diff;
  if (!d) return;
  byId('diff').hidden = false;
  const signed = (x) => (x < 0 ? '−' : '+') + grouped(Math.abs(x));
  const row = (cells, tag) => make('tr', {}, ...cells.map((textContent, i) => make(tag, {textContent, className: i < cells.length - 1 ? 'number' : ''})));
  const sizes = (title, all, key, nameless) => all.length ? make('details', {open: true}, make('summary', {textContent: title}), make('table', {},
    make('thead', {}, row(['Before', 'After', 'Change', ''], 'th')), make('tbody', {}, ...all.slice(0, 50).map((s) => row([grouped(s.old), grouped(s.new), signed(s.new - s.old), s[key] === null ? nameless : s[key]], 'td'))))) : null;
  const list = (title, count, all, amount) => count ? make('details', {}, make('summary', {textContent: `${title} (${grouped(count)})`}), make('table', {},
    make('tbody', {}, ...all.map((f) => row([signed(amount(f)), (f.demangled || f.function) + (f.source ? ' in ' + f.source : '')], 'td')))),
    count > all.length ? make('p', {className: 'quiet', textContent: `and ${grouped(count - all.length)} more: section-placement diff --all`}) : null) : null;
  byId('diff-lists').append(...[
    sizes('Bytes by directory', d.directories, 'directory', '(not known)'),
    sizes('Bytes by rule', d.rules, 'rule', '(no rule)'),
    list('Came', d.cameCount, d.came, (f) => f.new.size),
    list('Went', d.wentCount, d.went, (f) => -f.old.size),
    list('Grew or shrank', d.resizedCount, d.resized, (f) => f.new.size - f.old.size),
    list('Moved, by bytes', d.movedCount, d.moved, (f) => f.movedBy),
    list('Not known which is which, of one name', d.notKnownWhich.length, d.notKnownWhich.slice(0, 100), (f) => f.new.length - f.old.length),
  ].filter(Boolean));
}

function showNotes(m) {
  const list = (title, lines) => lines.length ? make('details', {open: lines.length <= 4},
    make('summary', {textContent: `${title} (${grouped(lines.length)})`}), make('ul', {}, ...lines.slice(0, 500).map((textContent) => make('li', {textContent})))) : null;
  byId('notes').append(...[
    list('Refused', m.refusals.map((r) => r.text)),
    list('Told', m.told),
    list('Named in the policy, and in none of the modules seen', m.unanswered),
  ].filter(Boolean));
}

async function start() {
  const app = new App(readModel(await readData()));
  app.draw();
  // For who tests the page, and who asks it in the browser's console.
  Object.assign(window, {sectionPlacement: app});
  requestAnimationFrame(() => setTimeout(() => { app.openMs = performance.now(); document.documentElement.dataset.ready = 'yes'; }));
}
start().catch((e) => { byId('lead').replaceChildren(make('span', {className: 'bad-text', textContent: 'The data cannot be shown: ' + e.message})); throw e; });
