#!/usr/bin/env python3
"""Opens the report's page in a browser and uses it as its readers do.

    run.py FOLDER DEMO-PAGE LARGE-PAGE

Screenshots are left in FOLDER. How long the large page takes to open is
printed and not judged: a busy machine is no fault of the page.
"""

import os
import sys

from webdriver import Browser

FOLDER, DEMO, LARGE = sys.argv[1], sys.argv[2], sys.argv[3]
ROWS = "return sectionPlacement.table.rows.length"
CHOSEN = "const a = sectionPlacement; return a.chosen < 0 ? '' : a.model.names[a.chosen]"
DETAILS = "return document.getElementById('details').innerText"
FIRST = "return document.querySelector('#body .row .code').textContent"


def check(what, got, wanted):
    if got != wanted:
        raise SystemExit("%s: got %r, wanted %r" % (what, got, wanted))
    print("ok: " + what)


def check_in(what, part, whole):
    if part not in whole:
        raise SystemExit("%s: %r is not in %r" % (what, part, whole))
    print("ok: " + what)


def header(title):
    return "return [...document.querySelectorAll('.head button')].find((b) => b.textContent.startsWith('%s'))" % title


def sort(b, title):
    b.run(header(title) + ".click()")
    return b.run(header(title) + ".parentElement.getAttribute('aria-sort')")


def opens(b):
    check("what was said at first is the reference that was out of reach", b.run(CHOSEN), "hyp_panic")
    check_in("before, it was too far", "before: 1 312 016 bytes away, out of reach by 263 440", b.run(DETAILS))
    check_in("after, it is near", "after: 12 bytes away", b.run(DETAILS))
    lead = b.run("return document.getElementById('lead').innerText")
    check_in("the first line tells the story", "2 short references, all in reach (before: 2 out of reach)", lead)
    check("two images are drawn", b.run("return document.querySelectorAll('canvas').length"), 2)
    painted = "const c = document.querySelector('canvas'); const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; return new Set(new Uint32Array(d.buffer)).size > 20"
    check("and not blank", b.run(painted), True)


def searches(b):
    b.press("/")
    check("/ goes to the search", b.run("return document.activeElement.id"), "search")
    b.press(*"other_41")
    b.wait(ROWS + " === 10")
    count = "return document.getElementById('count').textContent"
    check_in("the count is said", "10 of 324 functions, ", b.run(count))
    summed = "const a = sectionPlacement, m = a.model.images[1]; return [...a.table.rows].reduce((sum, r) => sum + m.size[r], 0)"
    check_in("and their bytes", ", %s bytes in the image" % grouped(b.run(summed)), b.run(count))
    b.press("Enter")
    check("Enter goes to the first", b.run(CHOSEN), "other_410")
    check("and into the table", b.run("return document.activeElement.id"), "table")
    b.press("Down", "Down")
    check("arrows walk", b.run(CHOSEN), "other_412")
    check_in("and the details follow", "No rule claims it", b.run(DETAILS))
    active = "const t = document.getElementById('table'); return document.getElementById(t.getAttribute('aria-activedescendant')).getAttribute('aria-selected')"
    check("a screen reader is told which", b.run(active), "true")
    b.press("End")
    check("End goes to the last", b.run(CHOSEN), "other_419")
    before = b.run("return sectionPlacement.view.span")
    b.press("Enter")
    check("Enter zooms to it", b.run("return sectionPlacement.view.span") < before, True)
    b.run("const s = document.getElementById('search'); s.value = ''; s.dispatchEvent(new Event('input'))")
    b.wait(ROWS + " === 324")
    b.type("#search", "no such function")
    check("nothing found is said", b.run("return document.getElementById('empty').hidden"), False)
    b.run("const s = document.getElementById('search'); s.value = ''; s.dispatchEvent(new Event('input'))")


def grouped(number):
    return "{:,}".format(number).replace(",", " ")


def links(b):
    b.run("sectionPlacement.choose(sectionPlacement.model.names.indexOf('other_412'))")
    b.click("#details h3 a")
    check("the link beside a name is in the address", b.run("return location.hash"), "#f=other_412")
    b.run("sectionPlacement.choose(-1)")
    b.open(DEMO + "#f=hyp_panic")
    b.wait("return sectionPlacement.chosen >= 0")
    check("and whoever opens it sees that function", b.run(CHOSEN), "hyp_panic")
    b.open(DEMO)


def saves(b):
    b.type("#search", "other_41")
    b.wait(ROWS + " === 10")
    b.run("const create = URL.createObjectURL; URL.createObjectURL = (blob) => { blob.text().then((text) => { window.saved = text; }); return create.call(URL, blob); }")
    b.click("#save")
    b.wait("return Boolean(window.saved)")
    lines = b.run("return window.saved").splitlines()
    check("what is shown is saved, under its titles", (len(lines), lines[0]), (11, "Function,Rule,Section,Why,Bytes,After,Before,Module"))
    check_in("in the order of the table", b.run(FIRST) + ",,", lines[1])
    check("a comma is quoted", b.run("const t = sectionPlacement.table, c = t.columns[0], text = c.text; c.text = () => 'f(int, \"x\")'; const line = t.csv().split('\\n')[1]; c.text = text; return line.slice(0, 18)"), '"f(int, ""x"")",,,')
    check("a name is no formula", b.run("const t = sectionPlacement.table, c = t.columns[0], text = c.text; c.text = () => '=1+1'; const line = t.csv().split('\\n')[1]; c.text = text; return line.slice(0, 5)"), "'=1+1")
    b.run("const s = document.getElementById('search'); s.value = ''; s.dispatchEvent(new Event('input'))")


def sorts(b):
    check("a click sorts up", sort(b, "Bytes"), "ascending")
    check("the smallest is first", b.run(FIRST), "_start")
    check("another sorts down", sort(b, "Bytes"), "descending")
    check_in("the largest is first", "other_", b.run(FIRST))
    check("by address", sort(b, "After"), "ascending")
    check("the lowest is first", b.run(FIRST), "__guest_enter")


def filters(b):
    b.click("#legend button")
    check("a rule's button filters", b.run(ROWS), 1)
    check("and says so", b.run("return document.querySelector('#legend button').getAttribute('aria-pressed')"), "true")
    b.click("#legend button")
    check("and off again", b.run(ROWS), 324)
    b.run("const s = document.getElementById('show'); s.value = 'short'; s.dispatchEvent(new Event('change'))")
    check("what has short references", b.run(ROWS), 2)
    b.run("const s = document.getElementById('show'); s.value = 'all'; s.dispatchEvent(new Event('change'))")


def points(b):
    b.click("#zoom-fit")
    place = b.run(
        "const a = sectionPlacement, m = a.maps[1], r = m.canvas.getBoundingClientRect();"
        "const row = a.model.names.indexOf('hyp_panic');"
        "return [r.left + a.view.x(m.image.at[row]) + 1, r.top + 130]"
    )
    b.point_at(*place)
    check_in("a pointer over the code tells", "hyp_panic", b.run("return document.getElementById('tip').innerText"))
    b.run("sectionPlacement.choose(-1)")
    b.point_at(*place, click=True)
    check("a click chooses", b.run(CHOSEN), "hyp_panic")
    b.run("document.querySelector('canvas').focus()")
    whole = b.run("return sectionPlacement.view.span")
    b.press("+", "+")
    check("+ zooms in", b.run("return sectionPlacement.view.span") < whole, True)
    start = b.run("return sectionPlacement.view.start")
    b.press("Right")
    check("an arrow moves", b.run("return sectionPlacement.view.start") > start, True)
    b.press("0")
    check("0 shows all", b.run("return sectionPlacement.view.span"), whole)
    b.press("n", "n")
    check("n walks along the references", b.run("const {model: m, reference} = sectionPlacement; return m.strings[m.references.relocation[reference]][0]"), "R")


def wheels(b):
    b.click("#zoom-fit")
    span, start = "return sectionPlacement.view.span", "return sectionPlacement.view.start"
    wheel = (
        "const c = document.querySelector('canvas'), r = c.getBoundingClientRect();"
        "const e = new WheelEvent('wheel', {deltaY: %d, ctrlKey: %s, clientX: r.left + r.width / 2, clientY: r.top + 20, cancelable: true});"
        "c.dispatchEvent(e); return e.defaultPrevented"
    )
    whole = b.run(span)
    check("where all is in sight the wheel scrolls the page", b.run(wheel % (100, "false")), False)
    check("with Ctrl it is the map's", b.run(wheel % (-200, "true")), True)
    near, at = b.run(span), b.run(start)
    check("and zooms in", near < whole, True)
    check("then the wheel is the map's", b.run(wheel % (100, "false")), True)
    check("and moves it", b.run(start) > at, True)
    check("without a zoom", b.run(span), near)
    pointers = (
        "const c = document.querySelector('canvas'), r = c.getBoundingClientRect(); c.setPointerCapture = () => {};"
        "const go = (type, id, x) => c.dispatchEvent(new PointerEvent(type, {pointerId: id, clientX: r.left + x, clientY: r.top + 130}));"
        "go('pointerdown', 1, 300); go('pointerdown', 2, 400); go('pointermove', 2, 500); go('pointerup', 2, 500); go('pointerup', 1, 300);"
    )
    b.run(pointers)
    check("two fingers that part zoom in", abs(b.run(span) - near / 2) < 65, True)
    b.click("#zoom-fit")


def is_narrow(b):
    b.resize(400, 900)
    b.open(DEMO)
    check("nothing is wider than 400 pixels", b.run("return document.documentElement.scrollWidth"), 400)
    cut = (
        "return [...document.querySelectorAll('button, select, input, h1, h2, h3, p, th, canvas, summary')].filter((e) =>"
        " e.offsetParent && !e.closest('#table') && (e.getBoundingClientRect().right > 401 || e.getBoundingClientRect().left < -1))"
        ".map((e) => e.id || e.textContent.slice(0, 30))"
    )
    check("and nothing is cut", b.run(cut), [])
    b.screenshot(os.path.join(FOLDER, "narrow.png"))
    b.unsized()


def shows_both_schemes(b):
    paper = "return getComputedStyle(document.documentElement).backgroundColor"
    light = b.run(paper)
    b.run("document.activeElement.blur(); window.scrollTo(0, 0); sectionPlacement.chooseReference(sectionPlacement.tightest(), false)")
    b.screenshot(os.path.join(FOLDER, "light.png"))
    b.emulate("dark")
    b.wait(paper.replace("return ", "return '%s' !== " % light))
    b.wait("return sectionPlacement.palette.paper !== '#ffffff'")
    b.run("sectionPlacement.draw()")
    b.screenshot(os.path.join(FOLDER, "dark.png"))
    b.emulate("light")
    print("ok: light and dark")


def is_quick(b):
    b.busy()
    b.open(LARGE)
    busy = b.busy()
    check("the large page has the window's width", b.run("return innerWidth"), 1280)
    check("as many rows as functions", b.run(ROWS), 500001)
    check("of which few exist", b.run("return document.querySelectorAll('.row').length < 60"), True)
    check_in("the first line counts what is out of reach", "1 638 of them out of reach", b.run("return document.getElementById('lead').innerText"))
    check_in("and the verdict begins with it", "1 638 short references are out of reach", b.run("return document.querySelector('#verdict-lines li').innerText"))
    ms = "const t = performance.now(); %s; return Math.round(performance.now() - t)"
    print("500,000 functions, 200,000 short references: open after %d ms, of which its thread computed %d; drawn in %d ms, sorted in %d ms, searched in %d ms, scrolled in %d ms" % (
        b.run("return sectionPlacement.openMs"), busy * 1000,
        b.run(ms % "sectionPlacement.draw()"),
        b.run(ms % "sectionPlacement.table.sortBy(4)"),
        b.run(ms % "sectionPlacement.table.query = 'f999'; sectionPlacement.table.update()"),
        b.run(ms % "sectionPlacement.table.element.scrollTop = 1e5; sectionPlacement.table.render()"),
    ))
    b.run("sectionPlacement.table.query = ''; sectionPlacement.table.update(); sectionPlacement.table.element.scrollTop = 0")
    b.screenshot(os.path.join(FOLDER, "large.png"))


with Browser(1280, 1080) as browser:
    browser.open(DEMO)
    for step in (opens, searches, sorts, links, saves, filters, points, wheels, shows_both_schemes, is_narrow, is_quick):
        step(browser)
    check("the browser complained of nothing", browser.complaints(), [])
