"""Plain HTTP services on loopback, which Apprise is told to hand messages to."""

import json

from posted import PostServer


class Service(PostServer):
    """Takes what Apprise posts; the path of a request says which service it is for."""

    def __init__(self, **script):
        self.script = script
        self.taken = []
        super().__init__()

    def answer(self, request):
        body = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
        name = request.path.strip("/")
        answers = self.script.get(name, [])
        status = answers.pop(0) if answers else 200
        if status == 200:
            self.taken.append((name, body))
        request.send_response(status)
        request.send_header("Content-Length", "0")
        request.end_headers()

    def address(self, name):
        return f"{self.url.replace('http', 'json')}/{name}?secret=sesame"
