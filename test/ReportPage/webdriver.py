"""A browser, driven over WebDriver by Python's own library: chromium and
chromium-driver are Debian's packages, and nothing else is needed."""

import base64
import json
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

# Without these it looks for servers of its maker at each start.
CHROMIUM = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
    "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
]
KEYS = {
    "Enter": "\ue007", "Down": "\ue015", "Up": "\ue013", "End": "\ue010",
    "Home": "\ue011", "Tab": "\ue004", "Right": "\ue014",
}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    def __init__(self, width=1400, height=1180):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.profile = tempfile.TemporaryDirectory()
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=%d" % port], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.base, self.session = "http://127.0.0.1:%d" % port, ""
        self.wait_until_up()
        options = {
            "binary": "/usr/bin/chromium",
            "args": CHROMIUM + ["--user-data-dir=" + self.profile.name, "--window-size=%d,%d" % (width, height)],
        }
        made = self.call("POST", "/session", {
            "capabilities": {"alwaysMatch": {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}
        })
        self.session = "/session/" + made["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        try:
            self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()
            self.profile.cleanup()

    def wait_until_up(self):
        for unused in range(300):
            try:
                return self.call("GET", "/status")
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        raise SystemExit("chromedriver does not come up")

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            self.base + self.session + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as e:
            raise SystemExit("webdriver: %s" % e.read().decode()[:600]) from e

    def open(self, path):
        self.call("POST", "/url", {"url": "file://" + path})
        self.wait("return document.documentElement.dataset.ready === 'yes'")

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def wait(self, script):
        for unused in range(400):
            if self.run(script):
                return
            time.sleep(0.025)
        raise AssertionError("never true: " + script)

    def element(self, selector):
        found = self.call("POST", "/element", {"using": "css selector", "value": selector})
        return "/element/" + found[ELEMENT]

    def click(self, selector):
        self.call("POST", self.element(selector) + "/click", {})

    def type(self, selector, text):
        self.call("POST", self.element(selector) + "/value", {"text": text})

    def press(self, *keys):
        """To whatever has the focus."""
        actions = []
        for key in keys:
            value = KEYS.get(key, key)
            actions += [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def point_at(self, x, y, click=False):
        actions = [{"type": "pointerMove", "x": int(x), "y": int(y), "duration": 0}]
        if click:
            actions += [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self.call("POST", "/actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": actions}]})

    def emulate(self, scheme):
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def devtools(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def resize(self, width, height):
        """The page's own size in pixels; until unsized()."""
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def unsized(self):
        self.devtools("Emulation.clearDeviceMetricsOverride")

    def busy(self):
        """Seconds that the page's thread has computed since the page was opened,
        whatever else ran. To be asked once before it is opened, too."""
        self.devtools("Performance.enable", timeDomain="threadTicks")
        return {m["name"]: m["value"] for m in self.devtools("Performance.getMetrics")["metrics"]}["ThreadTime"]

    def screenshot(self, path):
        with open(path, "wb") as f:
            f.write(base64.b64decode(self.call("GET", "/screenshot")))

    def complaints(self):
        return [entry["message"] for entry in self.call("POST", "/se/log", {"type": "browser"})]
