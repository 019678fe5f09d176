// @ts-check
// Why the chosen function is where it is, in the words of the report.

function showDetails(app) {
  const box = byId('details'), m = app.model, r = app.chosen;
  box.scrollTop = 0;
  if (r === NONE) {
    box.replaceChildren(make('p', {className: 'quiet', textContent: 'Choose a function in the table or in the picture to see why it is where it is.'}));
    return;
  }
  const link = make('a', {href: '#f=' + encodeURIComponent(m.names[r]), textContent: '#', title: 'A link to this function', 'aria-label': 'A link to this function'});
  box.replaceChildren(make('h3', {}, m.shown[r] + ' ', link), ...reasons(app, r), facts(app, r), ...references(app, r));
}

function reasons(app, r) {
  const m = app.model, out = [];
  if (m.rule[r] !== NONE) {
    const quoted = "'" + m.shown[r] + "'";
    out.push(make('p', {}, m.strings[m.because[r]].replaceAll('\u0001', quoted).replaceAll('\u0002', "'" + m.strings[m.section[r]] + "'").replace(/^./, (c) => c.toUpperCase()) + '.'));
    const later = m.also.get(r);
    if (later) out.push(make('p', {className: 'quiet', textContent: 'Would be claimed later by: ' + later.map((i) => m.rules[i].name).join(', ') + '.'}));
  } else if (m.state[r] === 'a') {
    out.push(make('p', {textContent: 'Several functions have this name, and the reports say different things of them; the image does not tell which is which.'}));
  } else if (m.state[r] === 'u') {
    out.push(make('p', {textContent: 'No rule claims it; it stays as it was.'}));
  } else {
    out.push(make('p', {textContent: 'No report mentions it: it is native code, or its module has no report.'}));
  }
  for (const refusal of m.refusals)
    if (refusal.row === r) out.push(make('p', {}, make('span', {className: 'bad-text', textContent: 'Refused: '}), refusal.text));
  return out;
}

function facts(app, r) {
  const m = app.model, list = make('dl');
  const add = (term, text) => { if (text) list.append(make('dt', {textContent: term}), make('dd', {className: 'code', textContent: text})); };
  if (m.rule[r] !== NONE) {
    const rule = m.rules[m.rule[r]];
    list.append(make('dt', {textContent: 'Rule'}), make('dd', {}, swatch(app.palette, m.rule[r]), ' ', make('span', {className: 'code', textContent: rule.name}), rule.line ? make('div', {className: 'code quiet', textContent: m.policy + ':' + rule.line}) : null));
  }
  if (m.shown[r] !== m.names[r]) add('Linked as', m.names[r]);
  add('Pattern', m.strings[m.pattern[r]]);
  add('Section', m.strings[m.section[r]]);
  add('Source', m.strings[m.source[r]]);
  if (m.module[r] !== NONE) add('Module', m.modules[m.module[r]]);
  for (const image of m.images)
    add(m.images.length > 1 ? image.label : 'Address', image.at[r] === NONE ? 'not in the image' : `${addressOf(image, r)}  ${grouped(image.size[r])} bytes`);
  return list;
}

function references(app, r) {
  const m = app.model, found = m.referencesTo.get(r);
  if (!found.length) return [];
  const list = make('ul');
  for (const i of found.subarray(0, 50)) {
    const {from, to, relocation, object, offset, reach} = m.references;
    const title = make('button', {type: 'button', textContent: `${m.strings[relocation[i]]}  reach ±${bytes(reach[i])}`});
    title.addEventListener('click', () => app.chooseReference(i, true));
    const item = make('li', {}, title, make('div', {className: 'quiet code', textContent: `${m.strings[object[i]]}${offset[i] ? '+0x' + offset[i].toString(16) : ''}: ${nameOf(m, from[i])} → ${nameOf(m, to[i])}`}));
    for (const image of m.images) {
      const span = spanOf(image, m.references, i);
      if (span) item.append(meter(image, reach[i], span, m.images.length > 1));
    }
    list.append(item);
  }
  return [make('h2', {textContent: 'Short references'}), list];
}

function nameOf(m, row) { return row === NONE ? '?' : m.shown[row]; }

function meter(image, reach, span, withLabel) {
  const used = Math.min(1, span.distance / reach), bar = make('i');
  bar.style.width = Math.max(1, used * 100) + '%';
  const label = withLabel ? image.label + ': ' : '';
  const text = span.fits ? `${label}${grouped(span.distance)} bytes away, ${percent(span.margin)} of the reach left`
                         : `${label}${grouped(span.distance)} bytes away, out of reach by ${grouped(span.distance - reach)}`;
  return make('div', {}, make('div', {className: span.fits ? '' : 'bad-text', textContent: (span.fits ? '' : '✕ ') + text}),
    make('div', {className: 'meter' + (span.fits ? '' : ' bad'), 'aria-hidden': 'true'}, bar));
}
