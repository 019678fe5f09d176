// @ts-check
// One image's code as a strip, to scale, with the short references as arcs over
// it. Before and after share one View, so that a pixel is as many bytes in both.

const ARCS = 116, STRIP = 34, AXIS = 24, HEIGHT = ARCS + STRIP + AXIS, EDGE = 12;

class View {
  constructor(span) { this.whole = Math.max(span, 1); this.start = 0; this.span = this.whole; this.width = 1; }
  fit() { this.start = 0; this.span = this.whole; }
  x(position) { return EDGE + (position - this.start) / this.span * (this.width - 2 * EDGE); }
  position(x) { return this.start + (x - EDGE) / (this.width - 2 * EDGE) * this.span; }
  zoom(factor, around) {
    const span = Math.min(this.whole, Math.max(64, this.span * factor));
    this.start = around - (around - this.start) * span / this.span;
    this.span = span;
    this.clamp();
  }
  move(part) { this.start += part * this.span; this.clamp(); }
  show(position, size) {
    this.span = Math.min(this.span, Math.max(4096, size * 24));
    this.start = position + size / 2 - this.span / 2;
    this.clamp();
  }
  // So that both ends are in sight, with air around them.
  frame(low, high) {
    this.span = Math.min(this.whole, Math.max(256, (high - low) * 1.25));
    this.start = (low + high) / 2 - this.span / 2;
    this.clamp();
  }
  clamp() { this.start = Math.max(0, Math.min(this.whole - this.span, this.start)); }
}

class CodeMap {
  constructor(app, image) {
    this.app = app; this.image = image; this.model = app.model; this.view = app.view;
    this.canvas = make('canvas', {tabIndex: 0, 'aria-describedby': 'map-help', role: 'img'});
    this.canvas.setAttribute('aria-label', this.describe());
    this.title = make('h3', {}, make('b', {textContent: image.label}), ' ' + image.name);
    this.element = make('div', {className: 'map'}, this.canvas, this.title);
    this.context = this.canvas.getContext('2d');
    this.arcs = /** @type {{ref: number, span: any, path: any}[]} */ ([]);
    this.claimed = image.order.filter((r) => this.model.rule[r] !== NONE);
    this.listen();
  }

  describe() {
    const {fits, tooFar} = this.image.spans;
    return `${this.image.label} ${this.image.name}: ${bytes(this.image.span)} of code, ${this.image.order.length} functions, ` +
      `${fits + tooFar} short references, ${tooFar} of them out of reach`;
  }

  draw() {
    const ratio = window.devicePixelRatio || 1, width = this.element.clientWidth;
    if (this.canvas.width !== Math.round(width * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(HEIGHT * ratio);
      this.canvas.style.height = HEIGHT + 'px';
    }
    this.view.width = width;
    const c = this.context;
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, width, HEIGHT);
    this.drawReach();
    this.drawSections();
    this.drawFunctions();
    this.drawArcs();
    this.drawAxis();
    this.drawChosen();
  }

  drawSections() {
    const c = this.context, p = this.app.palette;
    for (const s of this.image.sections) {
      const x = this.view.x(s.base), w = this.view.x(s.base + s.size) - x;
      if (x > this.view.width || x + w < 0) continue;
      c.fillStyle = p.strip;
      c.fillRect(x, ARCS, Math.max(w, 1), STRIP);
    }
  }

  // The rows whose code may be in sight, as a range of `rows`.
  visible(rows) {
    const low = this.view.position(0), high = this.view.position(this.view.width);
    const at = this.image.at;
    let a = 0, b = rows.length;
    while (a < b) { const m = (a + b) >> 1; if (at[rows[m]] < low) a = m + 1; else b = m; }
    let end = a;
    for (let n = rows.length; end < n;) { // Not beyond the right edge.
      const m = (end + n) >> 1;
      if (at[rows[m]] <= high) end = m + 1; else n = m;
    }
    return [Math.max(0, a - 1), end];
  }

  drawFunctions() {
    const c = this.context, p = this.app.palette, {at, size} = this.image;
    const [from, to] = this.visible(this.image.order);
    if ((to - from) * 4 < this.view.width) { // Wide enough to be told apart.
      for (let i = from; i < to; ++i) {
        const r = this.image.order[i], x = this.view.x(at[r]), w = this.view.x(at[r] + size[r]) - x;
        c.fillStyle = p.strip2;
        c.fillRect(x, ARCS, Math.max(w - 1, .5), STRIP);
      }
    }
    this.drawGroups();
    this.drawHits();
    this.drawNames();
  }

  // At least three pixels each, or a group would be lost in a large image.
  drawGroups() {
    const c = this.context, p = this.app.palette, {at, size} = this.image;
    const [first, end] = this.visible(this.claimed);
    const runs = [];
    let last = -10, group = NONE;
    for (let i = first; i < end; ++i) {
      const r = this.claimed[i], x = this.view.x(at[r]);
      const w = Math.max(3, this.view.x(at[r] + size[r]) - x);
      if (group === this.model.rule[r] && x + w < last + 1) continue;
      if (group !== this.model.rule[r] || x > last + 2) runs.push({group: this.model.rule[r], from: x, to: x});
      group = this.model.rule[r];
      runs[runs.length - 1].to = last = x + w;
      c.globalAlpha = this.app.table.isShown(r) ? 1 : .25;
      c.fillStyle = p.fill(c, group);
      c.fillRect(x, ARCS, w, STRIP);
    }
    c.globalAlpha = 1;
    this.drawLetters(runs);
  }

  // The letter of each run of a group that has room for it.
  drawLetters(runs) {
    const c = this.context;
    c.font = '700 11px ui-monospace, "DejaVu Sans Mono", monospace';
    c.textBaseline = 'middle';
    for (const run of runs) {
      const letter = letterOf(run.group), wide = c.measureText(letter).width + 5;
      const from = Math.max(0, run.from), to = Math.min(this.view.width, run.to);
      if (to - from < wide + 1) continue;
      c.fillStyle = 'rgba(255, 255, 255, .9)';
      c.fillRect((from + to - wide) / 2, ARCS + STRIP - 16, wide, 13);
      c.fillStyle = '#000';
      c.fillText(letter, (from + to - wide) / 2 + 2.5, ARCS + STRIP - 9);
    }
  }

  // Beneath the strip a tick for each function that the search has found.
  drawHits() {
    const {table, palette} = this.app, c = this.context;
    if (!table.query || table.rows.length > 5000) return;
    c.fillStyle = palette.accent;
    for (const r of table.rows) {
      if (this.image.at[r] === NONE) continue;
      const x = this.view.x(this.image.at[r]);
      c.beginPath(); c.moveTo(x, ARCS + STRIP); c.lineTo(x - 4, ARCS + STRIP + 6); c.lineTo(x + 4, ARCS + STRIP + 6); c.fill();
    }
  }

  // Inside a function's code its name, where there is room.
  drawNames() {
    const c = this.context, {at, size, order} = this.image;
    const [from, to] = this.visible(order);
    if (to - from > 60) return;
    c.font = '11px ui-monospace, "DejaVu Sans Mono", monospace';
    c.textBaseline = 'middle';
    for (let i = from; i < to; ++i) {
      const r = order[i], name = this.model.shown[r];
      const left = Math.max(0, this.view.x(at[r])), w = this.view.x(at[r] + size[r]) - left;
      const wide = c.measureText(name).width;
      if (w < wide + 10) continue;
      c.fillStyle = this.model.rule[r] === NONE ? 'transparent' : this.app.palette.paper;
      c.fillRect(left + 3, ARCS + 9, wide + 4, 16);
      c.fillStyle = this.app.palette.ink;
      c.fillText(name, left + 5, ARCS + STRIP / 2 + .5);
    }
  }

  drawReach() {
    const ref = this.app.reference, span = spanOf(this.image, this.model.references, ref);
    if (!span) return;
    const c = this.context, p = this.app.palette, reach = this.model.references.reach[ref];
    const low = this.view.x(span.place - reach), high = this.view.x(span.place + reach);
    c.fillStyle = p.band;
    c.fillRect(low, 24, high - low, HEIGHT - AXIS - 24);
    c.strokeStyle = c.fillStyle = p.accent;
    c.lineWidth = 1;
    c.font = '11px system-ui, "DejaVu Sans", sans-serif';
    c.textBaseline = 'alphabetic';
    for (const [x, sign] of [[low, '−'], [high, '+']]) {
      if (x < -200 || x > this.view.width + 200) continue;
      c.beginPath(); c.moveTo(x + .5, 24); c.lineTo(x + .5, HEIGHT - AXIS); c.stroke();
      // Outside of the band, so that those of a narrow one do not meet.
      const text = `reach ${sign}${bytes(reach)}`, wide = c.measureText(text).width;
      const isLeft = sign === '−' ? x - wide - 6 > 0 : x + wide + 6 > this.view.width;
      c.fillText(text, isLeft ? x - wide - 5 : x + 5, 36);
    }
  }

  path(span) {
    const a = this.view.x(span.place), b = this.view.x(span.target);
    const wide = Math.max(Math.abs(b - a), 14), middle = (a + b) / 2;
    const height = Math.min(ARCS - 34, 16 + Math.sqrt(wide) * 3.2), side = b < a ? -1 : 1;
    const near = Math.abs(b - a) < 14;
    return {a, b, p: near ? middle - side * 11 : a + (b - a) * .1, q: near ? middle + side * 11 : b - (b - a) * .1, y: ARCS - height};
  }

  // At a small scale near ones fall together; one of them is drawn, and one that
  // is out of reach before one that is not.
  arcsInSight(chosen) {
    const {from, to, fromOffset} = this.model.references, {at, spans: {how}} = this.image, view = this.view;
    const scale = (view.width - 2 * EDGE) / view.span, left = EDGE - view.start * scale;
    const drawn = new Map();
    let last = NONE, lastPlace = NONE;
    for (let i = 0; i < how.length; ++i) {
      if (how[i] === NONE) continue;
      const a = (at[from[i]] + fromOffset[i]) * scale + left, b = at[to[i]] * scale + left;
      if ((a < -20 && b < -20) || (a > view.width + 20 && b > view.width + 20)) continue;
      const place = i === chosen ? NONE : Math.round(a / 2) * 65536 + Math.round(b / 2);
      if (place === lastPlace && how[last] >= how[i]) continue;  // Neighbours, mostly.
      const other = drawn.get(place);
      if (other === undefined || how[other] < how[i]) drawn.set(place, i);
      last = drawn.get(place); lastPlace = place;
    }
    return drawn.values();
  }

  drawArcs() {
    const c = this.context, p = this.app.palette;
    const chosen = this.app.reference;
    this.arcs = [...this.arcsInSight(chosen)].map((ref) => {
      const span = spanOf(this.image, this.model.references, ref);
      return {ref, span, path: this.path(span)};
    });
    for (const fits of [true, false])
      for (const arc of this.arcs) if (arc.span.fits === fits && arc.ref !== chosen) this.drawArc(arc, false);
    for (const arc of this.arcs) if (arc.ref === chosen) this.drawArc(arc, true);
    c.setLineDash([]);
    c.fillStyle = p.ink;
  }

  drawArc({ref, span, path}, isChosen) {
    const c = this.context, p = this.app.palette;
    c.strokeStyle = c.fillStyle = span.fits ? (isChosen ? p.accent : p.soft) : p.bad;
    c.lineWidth = isChosen ? 2.25 : 1.1;
    c.setLineDash(span.fits ? [] : [6, 4]);
    c.beginPath();
    c.moveTo(path.a, ARCS);
    c.bezierCurveTo(path.p, path.y, path.q, path.y, path.b, ARCS - 1);
    c.stroke();
    c.setLineDash([]);
    c.beginPath(); c.arc(path.a, ARCS, isChosen ? 3.5 : 2, 0, 7); c.fill();
    if (span.fits) {
      c.beginPath(); c.moveTo(path.b, ARCS); c.lineTo(path.b - 4, ARCS - 8); c.lineTo(path.b + 4, ARCS - 8); c.fill();
    } else { // A cross: no colour is needed to see that it does not get there.
      c.lineWidth = 2.25;
      c.beginPath(); c.moveTo(path.b - 5, ARCS - 11); c.lineTo(path.b + 5, ARCS - 1); c.moveTo(path.b + 5, ARCS - 11); c.lineTo(path.b - 5, ARCS - 1); c.stroke();
    }
    if (isChosen) this.labelArc(ref, span, path);
  }

  labelArc(ref, span, path) {
    const c = this.context, p = this.app.palette;
    const {from, to, reach} = this.model.references, ends = `${nameOf(this.model, from[ref])} → ${nameOf(this.model, to[ref])}: `;
    const away = `${bytes(span.distance)} away, ` + (span.fits ? `${percent(span.margin)} of the reach left` : `${bytes(span.distance - reach[ref])} too far`);
    c.font = '600 12px system-ui, "DejaVu Sans", sans-serif';
    c.textBaseline = 'alphabetic';
    // The details have the names; a narrow page has no room for them here.
    const text = c.measureText(ends + away).width < this.view.width - 16 ? ends + away : away;
    const wide = c.measureText(text).width, middle = Math.max(0, Math.min(this.view.width, (path.a + path.b) / 2));
    const x = Math.max(8, Math.min(this.view.width - wide - 8, middle - wide / 2));
    const y = Math.max(54, path.y + (ARCS - path.y) * .25 - 6);
    c.fillStyle = p.field;
    c.fillRect(x - 4, y - 12, wide + 8, 17);
    c.fillStyle = span.fits ? p.accent : p.bad;
    c.fillText(text, x, y);
  }

  drawChosen() {
    const r = this.app.chosen, c = this.context;
    if (r === NONE || this.image.at[r] === NONE) return;
    const x = this.view.x(this.image.at[r]), w = Math.max(4, this.view.x(this.image.at[r] + this.image.size[r]) - x);
    c.strokeStyle = this.app.palette.ink;
    c.lineWidth = 2;
    c.strokeRect(x - 1, ARCS - 1, w + 2, STRIP + 2);
  }

  drawAxis() {
    const c = this.context, p = this.app.palette;
    let step = 16;
    while (step / this.view.span * this.view.width < 110) step *= 2;
    c.strokeStyle = p.line;
    c.fillStyle = p.soft;
    c.lineWidth = 1;
    c.font = '11px system-ui, "DejaVu Sans", sans-serif';
    c.textBaseline = 'alphabetic';
    for (let at = Math.max(0, Math.floor(this.view.start / step) * step); at <= this.view.start + this.view.span; at += step) {
      const x = Math.round(this.view.x(at)) + .5;
      c.beginPath(); c.moveTo(x, ARCS + STRIP); c.lineTo(x, ARCS + STRIP + 5); c.stroke();
      const text = '+' + (at < 1048576 ? bytes(at) : at / 1048576 + ' MiB');
      if (x + c.measureText(text).width + 6 < this.view.width) c.fillText(text, x + 3, HEIGHT - 7);
    }
    for (const s of this.image.sections) this.labelSection(s);
  }

  labelSection(s) {
    const c = this.context, x = Math.max(this.title.offsetWidth + 24, this.view.x(s.base)), end = this.view.x(s.base + s.size);
    if (x > this.view.width || end - x < c.measureText(s.name).width + 8) return;
    c.textAlign = 'right';
    c.fillText(s.name, Math.min(end, this.view.width - EDGE), 17);
    c.textAlign = 'left';
  }

  rowAt(x) {
    const {at, size, order, positions} = this.image;
    for (const [rows, slack] of [[this.claimed, 3], [order, 0]]) {
      const low = this.view.position(x - slack - 1), high = this.view.position(x + 1);
      const [from, to] = rows === order ? [Math.max(0, lowerBound(positions, low) - 2), lowerBound(positions, high) + 1] : this.visible(rows);
      for (let i = Math.min(to, rows.length) - 1; i >= from; --i) {
        const r = rows[i];
        if (at[r] <= high && at[r] + Math.max(size[r], slack * this.view.span / this.view.width) >= low) return r;
      }
    }
    return NONE;
  }

  arcAt(x, y) {
    let best = 7, found = null;
    for (const arc of this.arcs || []) {
      const {a, b, p, q, y: top} = arc.path;
      for (let t = 0; t <= 1; t += 1 / 32) {
        const u = 1 - t;
        const cx = u * u * u * a + 3 * u * u * t * p + 3 * u * t * t * q + t * t * t * b;
        const cy = (u * u * u + t * t * t) * ARCS + 3 * u * t * top;
        const distance = Math.hypot(cx - x, cy - y);
        if (distance < best) { best = distance; found = arc; }
      }
    }
    return found;
  }

  listen() {
    const canvas = this.canvas, app = this.app;
    const point = (e) => { const r = canvas.getBoundingClientRect(); return [e.clientX - r.left, e.clientY - r.top]; };
    let drag = null;
    const touches = new Map();  // Of two fingers, by pointerId: where they are.
    const apart = () => { const [a, b] = [...touches.values()]; return Math.max(1, Math.abs(a - b)); };
    canvas.addEventListener('wheel', (e) => {
      // A pinch on a touch pad is the wheel with ctrl, too.
      if (e.ctrlKey || e.metaKey) this.view.zoom(Math.exp(Math.max(-1, Math.min(1, e.deltaY / 200))), this.view.position(point(e)[0]));
      else {
        const lines = e.deltaMode === 1 ? 16 : 1, before = this.view.start;
        this.view.move(lines * (Math.abs(e.deltaX) > Math.abs(e.deltaY) ? e.deltaX : e.deltaY) / this.view.width);
        if (this.view.start === before) return;  // At its end the page scrolls.
      }
      e.preventDefault();
      app.drawSoon();
    }, {passive: false});
    canvas.addEventListener('pointerdown', (e) => {
      touches.set(e.pointerId, e.clientX);
      drag = {x: e.clientX, moved: touches.size > 1};
      canvas.setPointerCapture(e.pointerId);
    });
    canvas.addEventListener('pointermove', (e) => {
      const [x, y] = point(e);
      if (touches.size === 2 && touches.has(e.pointerId)) {
        const before = apart(), left = canvas.getBoundingClientRect().left;
        touches.set(e.pointerId, e.clientX);
        const [a, b] = [...touches.values()];
        this.view.zoom(before / apart(), this.view.position((a + b) / 2 - left));
        app.drawSoon();
      } else if (drag) {
        touches.set(e.pointerId, e.clientX);
        if (Math.abs(e.clientX - drag.x) < 3 && !drag.moved) return;
        drag.moved = true; canvas.classList.add('dragging');
        this.view.move((drag.x - e.clientX) / this.view.width);
        drag.x = e.clientX;
        app.drawSoon();
      } else app.hover(this, e.clientX, e.clientY, y < ARCS ? this.arcAt(x, y) : null, y >= ARCS && y < ARCS + STRIP + 6 ? this.rowAt(x) : NONE);
    });
    const lift = (e) => {
      touches.delete(e.pointerId);
      const moved = !drag || drag.moved;
      // What is left of a pinch goes on as a drag, from where that finger is.
      drag = touches.size ? {x: [...touches.values()][0], moved: true} : null;
      if (!drag) canvas.classList.remove('dragging');
      return moved;
    };
    canvas.addEventListener('pointercancel', lift);
    canvas.addEventListener('pointerup', (e) => {
      const [x, y] = point(e);
      if (lift(e)) return;
      const arc = y < ARCS ? this.arcAt(x, y) : null;
      if (arc) app.chooseReference(arc.ref, false);
      else if (y >= ARCS) app.choose(this.rowAt(x), {scroll: true});
    });
    canvas.addEventListener('pointerleave', () => app.hideTip());
    canvas.addEventListener('dblclick', (e) => { this.view.zoom(.25, this.view.position(point(e)[0])); app.drawSoon(); });
    canvas.addEventListener('keydown', (e) => app.mapKey(e));
  }
}
