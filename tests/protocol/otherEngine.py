"""
A draft's client on yrs, an implementation of Yjs of its own: it knows docs/PROTOCOL.md and pycrdt.
One order a line comes in on stdin as JSON, one answer a line goes out on stdout:
  join {url, token}   connects and waits until the draft is there        -> {"joined": true}
  edit {count}        so many edits at random, sent where connected      -> {"done": count}
  cut                 drops the line without a word                      -> {"cut": true}
  settle              waits until all that was sent is safe              -> {"settled": true}
  text                the draft, a line for each paragraph               -> {"text": ...}
Every answer names `closed`, the code the server closed with, and `clientId`.
"""

import asyncio
import json
import random
import sys

from pycrdt import Decoder, Doc, XmlElement, XmlFragment, XmlText, create_sync_message, create_update_message, handle_sync_message
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

WORDS = ["harbour", "gate", "300 metres", "shall", "may not", "by the council", ", ", ". "]


class Client:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.doc = Doc()
        self.draft = self.doc.get("draft", type=XmlFragment)
        self.socket = None
        self.reader = None
        self.closed = None
        self.synced = asyncio.Event()
        self.sent = 0
        self.saved = 0
        self.safe = asyncio.Event()
        self.outgoing = []
        self.doc.observe(self.changed)
        self.applying = False

    def changed(self, event):
        if not self.applying:
            self.outgoing.append(create_update_message(event.update))

    async def join(self, url, token):
        self.socket = await connect(url, additional_headers={"Authorization": f"Bearer {token}"}, max_size=None)
        self.synced.clear()
        self.sent = self.saved = 0
        self.outgoing.clear()
        self.reader = asyncio.create_task(self.read(self.socket))
        await self.socket.send(create_sync_message(self.doc))
        await self.synced.wait()

    async def read(self, socket):
        try:
            async for frame in socket:
                await self.take(socket, frame)
        except ConnectionClosed:
            pass
        if socket is self.socket:
            self.closed = socket.close_code
            self.synced.set()
            self.safe.set()

    async def take(self, socket, frame):
        if frame[0] == 0:
            self.applying = True
            try:
                reply = handle_sync_message(frame[1:], self.doc)
            finally:
                self.applying = False
            if reply is not None:
                self.sent += 1
                await socket.send(reply)
            if frame[1] == 1:
                self.synced.set()
        elif frame[0] == 120:
            self.saved = Decoder(frame[1:]).read_var_uint()
        self.safe.set()

    async def flush(self):
        if self.socket is None:
            self.outgoing.clear()
            return
        for message in self.outgoing:
            self.sent += 1
            await self.socket.send(message)
        self.outgoing.clear()

    async def settle(self):
        while self.socket is not None and self.closed is None and self.saved < self.sent:
            self.safe.clear()
            await self.safe.wait()

    async def edit(self, count):
        for _ in range(count):
            with self.doc.transaction():
                self.one_edit()
            await self.flush()
            # The others are heard between two edits.
            await asyncio.sleep(0)

    def one_edit(self):
        paragraphs = list(self.draft.children)
        dice = self.random.random()
        if not paragraphs or dice < 0.05:
            paragraph = self.draft.children.insert(self.random.randint(0, len(paragraphs)), XmlElement("paragraph"))
            paragraph.children.append(XmlText(self.random.choice(WORDS)))
            return
        if dice < 0.07 and len(paragraphs) > 3:
            del self.draft.children[self.random.randrange(len(paragraphs))]
            return
        texts = [child for paragraph in paragraphs for child in paragraph.children if isinstance(child, XmlText)]
        if not texts:
            return
        text = self.random.choice(texts)
        length = len(text)
        if dice < 0.35 and length > 1:
            at = self.random.randrange(length)
            del text[at : min(length, at + self.random.randint(1, 4))]
        elif dice < 0.45 and length > 4:
            at = self.random.randrange(length - 3)
            text.format(at, at + 3, {"bold": self.random.choice([{}, None])})
        else:
            text.insert(self.random.randint(0, length), self.random.choice(WORDS))

    def text(self):
        lines = []
        for paragraph in self.draft.children:
            runs = [words for child in paragraph.children for words, _ in child.diff()]
            lines.append("".join(runs))
        return "\n".join(lines)


async def main():
    client = Client(int(sys.argv[1]))
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        answer = {}
        match order["do"]:
            case "join":
                await client.join(order["url"], order["token"])
                answer = {"joined": True}
            case "edit":
                await client.edit(order["count"])
                answer = {"done": order["count"]}
            case "cut":
                socket, client.socket = client.socket, None
                socket.transport.abort()
                await client.reader
                answer = {"cut": True}
            case "settle":
                await client.settle()
                answer = {"settled": True}
            case "text":
                answer = {"text": client.text()}
        print(json.dumps({**answer, "closed": client.closed, "clientId": client.doc.client_id}), flush=True)


asyncio.run(main())
