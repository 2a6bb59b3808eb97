"""Small programs, one construct each: lines marked ``# leak`` send the card number away, ``# clean`` ones do not."""

CASES = {
    "defaults": """
        CARD = vault.get_card()
        def shown(card=CARD, *, again=vault.get_card(), other=1):
            log.info(card)  # leak
            log.info(again)  # leak
            log.info(other)  # clean
    """,
    "aliases": """
        out = log.info
        get = vault.get_card
        out(get())  # leak
        out("x")  # clean
        def send(write=print):
            write(vault.get_card())  # leak
        tell = [log.info, print][0]
        tell(vault.get_card())  # leak
    """,
    "wrapper": """
        import functools
        def loud(function):
            @functools.wraps(function)
            def inner(*args, **kwargs):
                result = function(*args, **kwargs)
                log.info(result)  # leak
                log.info(len(result))  # clean
                return result
            return inner
        @loud
        def load():
            return vault.get_card()
        log.info(load())  # leak
    """,
    "wrapper with arguments": """
        def labelled(name):
            def make(function):
                def inner(*args):
                    log.info(name)  # clean
                    return function(*args)
                return inner
            return make
        @labelled("cards")
        def load():
            return vault.get_card()
        def show():
            log.info(load())  # leak
    """,
    "class decorator": """
        class Traced:
            def __init__(self, function):
                self.function = function
            def __call__(self, *args):
                result = self.function(*args)
                log.info(result)  # leak
                return result
        @Traced
        def load():
            return vault.get_card()
        load()
    """,
    "vars": """
        class Pay:
            def __init__(self, card, name):
                self.card = card
                self.name = name
        pay = Pay(vault.get_card(), "ada")
        log.info(vars(pay))  # leak
        log.info(pay.__dict__)  # leak
        log.info(vars(pay)["card"])  # leak
        log.info(vars(pay)["name"])  # clean
        log.info(pay.name)  # clean
        log.info(pay)  # clean
    """,
    "classmethods": """
        class Pay:
            def __init__(self, card):
                self.card = card
            @classmethod
            def load(cls):
                return cls.of(vault.get_card())
            @classmethod
            def of(cls, card):
                return cls(card)
            @staticmethod
            def plain(card):
                return Pay("x")
        log.info(Pay.load().card)  # leak
        log.info(Pay.plain(vault.get_card()).card)  # clean
    """,
    "returned function": """
        def make():
            return vault.get_card
        def lazy():
            return lambda: vault.get_card()
        log.info(make()())  # leak
        log.info(lazy()())  # leak
        log.info(str(lazy))  # clean
    """,
    "positions": """
        def both():
            return vault.get_card(), "name"
        card, name = both()
        log.info(card)  # leak
        log.info(name)  # clean
        log.info(both()[1])  # clean
        log.info(both()[0])  # leak
        data = {"a": {"card": card, "name": name}}
        log.info(data["a"]["name"])  # clean
        log.info(data["a"]["card"])  # leak
        log.info(data["a"])  # leak
    """,
    "truth": """
        card = vault.get_card()
        log.info(bool(card))  # clean
        log.info(len(card))  # clean
        log.info(card is None)  # clean
        log.info(card == "4")  # clean
        log.info(isinstance(card, str))  # clean
        log.info(not card)  # clean
        log.info("4" in card)  # clean
        log.info(card.startswith("4"))  # clean
        log.info("yes" if card else "no")  # clean
        log.info(type(card))  # clean
        log.info(card and 1)  # leak
    """,
    "dropped parameter": """
        def drop(card, name):
            return name.upper()
        def swap(a, b):
            return b, a
        log.info(drop(vault.get_card(), "x"))  # clean
        log.info(drop("x", vault.get_card()))  # leak
        first, second = swap(vault.get_card(), "n")
        log.info(first)  # clean
        log.info(second)  # leak
    """,
    "mutated": """
        def fill(rows):
            rows.append(vault.get_card())
        def put(row, key):
            row[key] = vault.get_card()
        rows = []
        fill(rows)
        log.info(rows)  # leak
        row = {}
        put(row, "card")
        log.info(row["card"])  # leak
        other = {}
        log.info(other)  # clean
        fresh = []
        fresh.append("x")
        log.info(fresh)  # clean
    """,
    "late in objects": """
        class Box: pass
        box = Box()
        same = box
        same.card = vault.get_card()
        log.info(box.card)  # leak
        box.card = "x"
        log.info(same.card)  # clean
        two = Box()
        two.card = "y"
        log.info(two.card)  # clean
    """,
    "closures": """
        def outer():
            card = vault.get_card()
            seen = None
            def inner():
                log.info(card)  # leak
            def keep(value):
                nonlocal seen
                seen = value
            inner()
            log.info(seen)  # clean
            keep(card)
            log.info(seen)  # leak
    """,
    "generators": """
        def cards():
            for _ in range(3):
                yield vault.get_card()
        def again():
            yield from cards()
            return "done"
        def names():
            yield "x"
        for one in again():
            log.info(one)  # leak
        for one in names():
            log.info(one)  # clean
        log.info(next(cards()))  # leak
        log.info([n for n in names()])  # clean
        log.info(",".join(str(c) for c in cards()))  # leak
    """,
    "context managers": """
        from contextlib import contextmanager
        class Held:
            def __enter__(self):
                return vault.get_card()
            def __exit__(self, *exc):
                pass
        @contextmanager
        def held():
            yield vault.get_card()
        with Held() as one, held() as two:
            log.info(one)  # leak
            log.info(two)  # leak
        with open("x") as file:
            log.info(file)  # clean
    """,
    "exceptions": """
        class Bad(Exception):
            def __init__(self, text, card):
                super().__init__(text)
                self.card = card
        def fail():
            raise Bad("no", vault.get_card())  # leak
        try:
            fail()
        except Bad as error:
            log.info(error.card)  # leak
            log.info(error)  # clean
        def other():
            raise ValueError("nothing")  # clean
        try:
            raise ValueError(vault.get_card()) from None  # leak
        except ValueError as error:
            log.info(f"{error}")  # leak
            log.info(error.args)  # leak
    """,
    "async": """
        import asyncio
        async def load():
            return vault.get_card()
        async def name():
            return "x"
        async def main():
            card, plain = await asyncio.gather(load(), name())
            log.info(card)  # leak
            log.info(plain)  # clean
            task = asyncio.create_task(load())
            log.info(await task)  # leak
            async with asyncio.timeout(3):
                log.info(await asyncio.wait_for(load(), 1))  # leak
            async for one in stream():
                log.info(one)  # leak
            log.info(await asyncio.to_thread(vault.get_card))  # leak
        async def stream():
            yield await load()
    """,
    "functional": """
        import functools, operator
        def shout(text, card):
            log.info(text)  # clean
            log.info(card)  # leak
        functools.partial(shout, "x")(vault.get_card())
        log.info(functools.reduce(lambda a, b: a + b, ["x", vault.get_card()]))  # leak
        log.info(list(map(str, [vault.get_card()])))  # leak
        log.info(sorted([vault.get_card()], key=len))  # leak
        class Row:
            def __init__(self):
                self.card = vault.get_card()
                self.name = "n"
        log.info(operator.attrgetter("card")(Row()))  # leak
        log.info(operator.attrgetter("name")(Row()))  # clean
        log.info(operator.itemgetter("b")({"a": vault.get_card(), "b": 1}))  # clean
        for index, one in enumerate([vault.get_card()]):
            log.info(index)  # clean
            log.info(one)  # leak
        @functools.lru_cache(maxsize=None)
        def cached():
            return vault.get_card()
        log.info(cached())  # leak
    """,
    "records": """
        import dataclasses, json
        from typing import NamedTuple
        from pydantic import BaseModel
        @dataclasses.dataclass
        class Order:
            number: int
            card: str
            note: str = ""
        class Pair(NamedTuple):
            card: str
            name: str
        class Model(BaseModel):
            card: str
            name: str
        order = Order(1, vault.get_card())
        log.info(order.number)  # clean
        log.info(order)  # leak
        log.info(dataclasses.asdict(order)["card"])  # leak
        log.info(dataclasses.asdict(order)["number"])  # clean
        log.info(dataclasses.replace(order, card="x"))  # clean
        pair = Pair(vault.get_card(), "n")
        card, name = pair
        log.info(name)  # clean
        log.info(card)  # leak
        log.info(pair._replace(card="x").card)  # clean
        model = Model(card=vault.get_card(), name="n")
        log.info(model.name)  # clean
        log.info(model.model_dump()["card"])  # leak
        log.info(model.model_dump_json())  # leak
        log.info(json.dumps({"n": model.name}))  # clean
        log.info(json.dumps(model.dict()))  # leak
    """,
    "properties": """
        class Pay:
            shared = vault.get_card()
            limit = 3
            @property
            def card(self):
                return vault.get_card()
            @property
            def name(self):
                return "x"
            def __getitem__(self, key):
                return vault.get_card()
            def __str__(self):
                return self.card
            def __repr__(self):
                return "Pay()"
        pay = Pay()
        log.info(pay.card)  # leak
        log.info(pay.name)  # clean
        log.info(pay["x"])  # leak
        log.info(f"{pay}")  # leak
        log.info(Pay.shared)  # leak
        log.info(Pay.limit)  # clean
    """,
    "inheritance": """
        class Base:
            def __init__(self, card):
                self.card = card
            def load(self):
                return self.card
            def run(self):
                self.write(self.load())
            def write(self, text):
                pass
        class Loud(Base):
            def write(self, text):
                log.info(text)  # leak
        class Calm(Base):
            def load(self):
                return "x"
            def write(self, text):
                log.info(text)  # clean
        Loud(vault.get_card()).run()
        Calm(vault.get_card()).run()
        class Other(Base):
            def __init__(self):
                super().__init__(vault.get_card())
            def show(self):
                log.info(super().load())  # leak
    """,
    "globals": """
        CACHE = {}
        LAST = None
        def remember(user):
            global LAST
            LAST = CACHE[user] = vault.get_card()
        def show(user):
            log.info(CACHE.get(user))  # leak
            log.info(LAST)  # leak
        NAMES = {}
        def names(user):
            NAMES[user] = user
            log.info(NAMES)  # clean
    """,
    "dispatch": """
        def card(): return vault.get_card()
        def name(): return "x"
        TABLE = {"card": card, "name": name}
        log.info(TABLE["card"]())  # leak
        log.info(TABLE["name"]())  # clean
        def run(key):
            log.info(TABLE[key]())  # leak
        def on(event, callback):
            callback(event)
        on(vault.get_card(), lambda e: log.info(e))  # leak
        on("x", lambda e: log.info(e))  # clean
    """,
    "splats": """
        def show(*args, **kwargs):
            log.info(args[0])  # leak
            log.info(args[1])  # clean
            log.info(kwargs["card"])  # leak
            log.info(kwargs["name"])  # clean
        show(vault.get_card(), "x", card=vault.get_card(), name="n")
        def keyword(*, card, name):
            log.info(card)  # leak
            log.info(name)  # clean
        keyword(**{"card": vault.get_card(), "name": "n"})
        def forward(*args, **kwargs):
            return keyword(*args, **kwargs)
        forward(card=vault.get_card(), name="x")
    """,
    "recursion": """
        def deep(n, card):
            if n == 0:
                return card
            return deep(n - 1, card)
        def even(n, card):
            return card if n == 0 else odd(n - 1, card)
        def odd(n, card):
            return even(n - 1, card)
        log.info(deep(3, vault.get_card()))  # leak
        log.info(even(4, vault.get_card()))  # leak
        log.info(deep(3, "x"))  # clean
    """,
    "text": """
        card = vault.get_card()
        log.info("%s" % card)  # leak
        log.info("%s %s" % ("a", card))  # leak
        log.info("{0}".format(card))  # leak
        log.info(f"{card!r:>10}")  # leak
        log.info("".join(["a", card]))  # leak
        log.info(card[-4:])  # leak
        log.info(card.replace("1", "2").strip())  # leak
        log.info("%s" % "x")  # clean
        a, *rest = card, "b", card
        log.info(a)  # leak
        log.info(rest[0])  # clean
        log.info(rest)  # leak
        if (found := vault.get_card()):
            log.info(found)  # leak
    """,
    "overwritten": """
        card = vault.get_card()
        card = mask_pan(card)
        log.info(card)  # clean
        row = {"card": vault.get_card()}
        row["card"] = mask_pan(row["card"])
        log.info(row)  # clean
        row = {"card": vault.get_card(), "n": 1}
        del row["card"]
        log.info(row)  # clean
        row = {"card": vault.get_card(), "n": 1}
        row.pop("card")
        log.info(row)  # clean
        rows = [vault.get_card()]
        rows.clear()
        log.info(rows)  # clean
    """,
    "shadowed reclassifier": """
        def one():
            mask_pan = lambda text: text
            log.info(mask_pan(vault.get_card()))  # leak
        def two(mask_pan):
            log.info(mask_pan(vault.get_card()))  # leak
        def three():
            def mask_pan(text):
                return text
            log.info(mask_pan(vault.get_card()))  # leak
        def four():
            log.info(mask_pan(vault.get_card()))  # clean
        def five():
            hide = mask_pan
            log.info(hide(vault.get_card()))  # clean
        def six():
            log.info([mask_pan(c) for c in [vault.get_card()]])  # clean
            log.info(list(map(mask_pan, [vault.get_card()])))  # clean
    """,
    "match": """
        def show(row):
            match row:
                case {"card": card, "name": name}:
                    log.info(card)  # leak
                    log.info(name)  # clean
                case [first, second]:
                    log.info(second)  # clean
                case _:
                    pass
        show({"card": vault.get_card(), "name": "x"})
        match vault.get_card():
            case str() as text:
                log.info(text)  # leak
    """,
    "loops": """
        last = "x"
        for one in range(3):
            log.info(last)  # leak
            last = vault.get_card()
        while True:
            text = vault.get_card()
            if text:
                break
        log.info(text)  # leak
        for one in [1, 2]:
            card = vault.get_card()
            continue
        else:
            card = "done"
        log.info(card)  # clean
    """,
    "tries": """
        try:
            card = vault.get_card()
        except OSError:
            card = None
        finally:
            log.info("done")  # clean
        log.info(card)  # leak
        def load():
            try:
                return vault.get_card()
            finally:
                log.info("x")  # clean
        log.info(load())  # leak
    """,
    "containers": """
        import collections, itertools, copy
        rows = [{"card": vault.get_card(), "name": "x"}]
        log.info([row["name"] for row in rows])  # clean
        log.info([row["card"] for row in rows])  # leak
        log.info({row["name"]: row["card"] for row in rows})  # leak
        log.info(list(rows[0].keys()))  # clean
        log.info(list(rows[0].values()))  # leak
        for key, value in rows[0].items():
            log.info(key)  # clean
            log.info(value)  # leak
        for a, b in zip(["x"], [vault.get_card()]):
            log.info(a)  # clean
            log.info(b)  # leak
        log.info(list(itertools.chain([1], [vault.get_card()])))  # leak
        twin = copy.deepcopy(rows)
        log.info(twin[0]["card"])  # leak
        both = {**rows[0], "card": "x"}
        log.info(both)  # clean
        more = rows[0] | {"z": 1}
        log.info(more["card"])  # leak
        queue = collections.deque()
        queue.append(vault.get_card())
        log.info(queue.popleft())  # leak
        s = {vault.get_card()}
        log.info(s)  # leak
    """,
    "attributes by name": """
        class Box: pass
        box = Box()
        setattr(box, "card", vault.get_card())
        log.info(getattr(box, "card"))  # leak
        log.info(getattr(box, "name", None))  # clean
        log.info(box.card)  # leak
    """,
    "own logger": """
        import logging
        class Service:
            def __init__(self):
                self.logger = logging.getLogger(__name__)
                self._out = logging.getLogger("x").getChild("y")
            def run(self):
                self.logger.warning(vault.get_card())  # leak
                self._out.info("%s", vault.get_card())  # leak
                self.logger.info("x")  # clean
    """,
    "http clients": """
        import requests, httpx, aiohttp
        URL = "https://psp.example/charge"
        def one():
            with requests.Session() as session:
                session.post("https://other.example/", json={"c": vault.get_card()})  # leak
                session.post("https://psp.example/", json={"c": vault.get_card()})  # clean
            requests.post(URL, json=vault.get_card())  # clean
            requests.post(f"{URL}/x", json=vault.get_card())  # clean
            requests.post("https://psp.example.evil/", json=vault.get_card())  # leak
            requests.post(url="https://other.example/", json=vault.get_card())  # leak
        async def two():
            async with httpx.AsyncClient() as client:
                await client.post("https://other.example/", json=vault.get_card())  # leak
        def send(url, data):
            requests.post(url, data=data)  # clean
        def three():
            send("https://psp.example/a", vault.get_card())
    """,
    "declared": """
        from typing import Annotated
        def keyed(row, thing):
            log.info(row["card_number"])  # leak
            log.info(row.get("card_number"))  # leak
            log.info(row["name"])  # clean
            log.info(thing.card_number)  # leak
            log.info(thing.number)  # clean
        def typed(a: CardNumber, b: Annotated[str, Zone("user.financial.credit_card")], c: str):
            log.info(a)  # leak
            log.info(b)  # leak
            log.info(c)  # clean
        class Paid:
            number: CardNumber
            name: str
        def fields(paid: Paid):
            log.info(paid.number)  # leak
            log.info(paid.name)  # clean
        def parameter(card_no):
            log.info(card_no)  # leak
        @vault.card_data
        def marked():
            return db()
        log.info(marked())  # leak
        x: CardNumber = read()
        log.info(x)  # leak
    """,
    "handlers": """
        @app.get("/card")
        def one():
            return {"card": vault.get_card()}  # leak
        @app.get("/none")
        def two():
            return {"card": mask_pan(vault.get_card())}  # clean
        @router.post("/x")
        async def three(card_no: str):
            return card_no  # leak
        def plain():
            return vault.get_card()
    """,
    "implicit": """
        if vault.get_card():
            log.info("has card")  # clean
        for one in vault.get_card():
            log.info("digit")  # clean
    """,
    "threads": """
        import threading
        from concurrent.futures import ThreadPoolExecutor
        def work(card, name):
            log.info(card)  # leak
            log.info(name)  # clean
        threading.Thread(target=work, args=(vault.get_card(), "x")).start()
        with ThreadPoolExecutor() as pool:
            done = pool.submit(vault.get_card)
            log.info(done.result())  # leak
    """,
    "orm": """
        from sqlalchemy import select
        from db import Base, session
        class User(Base):
            email = Column(String)
            name = Column(String)
        class Dog(Base):
            email = Column(String)
        def a(session, request):
            user = session.query(User).filter(User.name == "x").first()
            log.info(user.name)  # clean
            log.info(user.email)  # leak
            log.info(session.get(User, 1).email)  # leak
            for row in session.scalars(select(User)):
                log.info(row.email)  # leak
            log.info([u.email for u in User.objects.filter(name="x")])  # leak
            log.info(User.objects.get(pk=1).email)  # leak
            log.info(User.query.first().email)  # leak
            log.info(session.query(Dog).first().email)  # clean
            log.info(session.query(User.email).all())  # leak
        def b(u: User, d: Dog, many: list[User], maybe: User | None, f: "User"):
            log.info(u.email)  # leak
            log.info(d.email)  # clean
            log.info(many[0].email)  # leak
            log.info(maybe.email)  # leak
            log.info(f.email)  # leak
        async def c(session):
            result = await session.execute(select(User).where(User.name == "x"))
            user = result.scalar_one()
            log.info(user.email)  # leak
            users = result.scalars().all()
            log.info(users[0].email)  # leak
    """,
    "self typed": """
        class Repo:
            def __init__(self, client: "Client"):
                self.client = client
            def card(self):
                return self.client.fetch()
        class Client:
            def fetch(self):
                return vault.get_card()
            def ping(self):
                return "ok"
        def make(repo: Repo):
            log.info(repo.card())  # leak
            log.info(repo.client.ping())  # clean
    """,
    "nested class, enum": """
        import enum
        class Kind(enum.Enum):
            CARD = "card"
        class Outer:
            class Inner:
                def load(self):
                    return vault.get_card()
            def show(self):
                inner = self.Inner()
                log.info(inner.load())  # leak
                log.info(Kind.CARD)  # clean
                log.info(Kind.CARD.value)  # clean
    """,
    "iterators": """
        class Cards:
            def __init__(self, cards):
                self.cards = cards
            def __iter__(self):
                return iter(self.cards)
            def __len__(self):
                return len(self.cards)
            def __contains__(self, x):
                return x in self.cards
        cards = Cards([vault.get_card()])
        for card in cards:
            log.info(card)  # leak
        log.info(len(cards))  # clean
        log.info("x" in cards)  # clean
        class Counter:
            def __init__(self):
                self.n = 0
            def __next__(self):
                self.n += 1
                return vault.get_card()
            def __iter__(self):
                return self
        for c in Counter():
            log.info(c)  # leak
        log.info(Counter().n)  # clean
    """,
    "builder": """
        class Message:
            def __init__(self):
                self.parts = []
                self.count = 0
            def add(self, part):
                self.parts.append(part)
                self.count += 1
                return self
            def text(self):
                return " ".join(self.parts)
        log.info(Message().add("x").add(vault.get_card()).text())  # leak
        log.info(Message().add("x").text())  # clean
        m = Message().add(vault.get_card())
        log.info(m.count)  # clean
        log.info(m.parts)  # leak
    """,
    "conditionals": """
        def f(flag):
            card = vault.get_card()
            if flag:
                card = mask_pan(card)
            else:
                card = "none"
            log.info(card)  # clean
            if flag:
                return
            other = vault.get_card()
            while flag:
                other = "x"
            log.info(other)  # leak
            x = None
            for i in range(2):
                if i:
                    x = vault.get_card()
            log.info(x)  # leak
            y = vault.get_card() if flag else None
            if y is None:
                y = ""
            log.info(y)  # leak
            del y
            z = vault.get_card()
            z = None
            log.info(z)  # clean
    """,
    "string io": """
        import io, queue, base64, hashlib, urllib.parse
        buf = io.StringIO()
        buf.write(vault.get_card())
        log.info(buf.getvalue())  # leak
        q = queue.Queue()
        q.put(vault.get_card())
        log.info(q.get())  # leak
        log.info(base64.b64encode(vault.get_card().encode()))  # leak
        log.info(urllib.parse.quote(vault.get_card()))  # leak
        import re
        log.info(re.sub("x", "y", vault.get_card()))  # leak
        m = re.match("x", vault.get_card())
        log.info(m.group(0))  # leak
        log.info(int(vault.get_card()) % 10)  # leak
        print("a", vault.get_card(), sep="")  # leak
        print(f"{len(vault.get_card())}")  # clean
        print(*[vault.get_card()])  # leak
        print(*["x"])  # clean
    """,
    "logging extras": """
        try:
            pass
        except Exception:
            log.exception("x", extra={"card": vault.get_card()})  # leak
        log.log(10, "%s", vault.get_card())  # leak
        logging.getLogger("x").info(vault.get_card())  # leak
        adapter = logging.LoggerAdapter(log, {})
        adapter.info(vault.get_card())  # leak
        logging.root.info(vault.get_card())  # leak
        from logging import getLogger as gl, info
        info(vault.get_card())  # leak
        own = gl()
        own.info(vault.get_card())  # leak
        def f(logger=log):
            logger.info(vault.get_card())  # leak
        def g(logger: logging.Logger):
            logger.info(vault.get_card())  # leak
        def h(thing):
            thing.info(vault.get_card())  # clean
        def make():
            return logging.getLogger("x")
        made = make()
        made.info(vault.get_card())  # leak
    """,
    "methods as values": """
        class Pay:
            def card(self):
                return vault.get_card()
            def name(self):
                return "x"
            handlers = {"c": card}
            def run(self, what):
                fn = getattr(self, what)
                table = {"card": self.card, "name": self.name}
                log.info(table["card"]())  # leak
                log.info(table["name"]())  # clean
                return table[what]()
        pay = Pay()
        get = pay.card
        log.info(get())  # leak
        log.info(pay.name())  # clean
        log.info(pay.run("card"))  # leak
        log.info([f() for f in (pay.card,)])  # leak
    """,
    "factories": """
        import functools
        class Pay:
            registry = {}
            def __init__(self, card=None):
                self.card = card
            @classmethod
            def register(cls, key, card):
                cls.registry[key] = card
            @functools.cached_property
            def number(self):
                return vault.get_card()
        def make(card):
            return Pay(card)
        a = make(vault.get_card())
        b = make("x")
        log.info(a.card)  # leak
        log.info(b.card)  # clean
        Pay.register("x", vault.get_card())
        log.info(Pay.registry)  # leak
        log.info(b.number)  # leak
        both = [make(vault.get_card()), make("x")]
        log.info(both[1].card)  # clean
        log.info(both[0].card)  # leak
    """,
    "typed dict, attrs": """
        import attr, attrs
        from typing import TypedDict
        class Row(TypedDict):
            card: str
            name: str
        @attr.s
        class Old:
            card = attr.ib()
            name = attr.ib()
        @attrs.define
        class New:
            card: str
            name: str
        row = Row(card=vault.get_card(), name="x")
        log.info(row["name"])  # clean
        log.info(row["card"])  # leak
        old = Old(card=vault.get_card(), name="x")
        log.info(old.name)  # clean
        log.info(old.card)  # leak
        new = New(vault.get_card(), "x")
        log.info(new.name)  # clean
        log.info(new.card)  # leak
        import collections
        P = collections.namedtuple("P", "card name")
        p = P(vault.get_card(), "x")
        log.info(p.name)  # clean
        log.info(p.card)  # leak
    """,
    "star and walrus": """
        a, (b, c), *d = "x", (vault.get_card(), "y"), "z"
        log.info(a)  # clean
        log.info(b)  # leak
        log.info(c)  # clean
        log.info(d)  # clean
        x = y = vault.get_card()
        log.info(y)  # leak
        [p, q] = [1, vault.get_card()]
        log.info(p)  # clean
        log.info(q)  # leak
        p, q = q, p
        log.info(p)  # leak
        log.info(q)  # clean
        if any((hit := c) for c in [vault.get_card()]):
            log.info(hit)  # leak
        n = 0
        n += len(vault.get_card())
        log.info(n)  # clean
        s = "a"
        s += vault.get_card()
        log.info(s)  # leak
        l = ["a"]
        l += [vault.get_card()]
        log.info(l)  # leak
        t = ("x", vault.get_card())
        log.info(t[0])  # clean
        log.info(t[-1])  # leak
        log.info(t[:1])  # clean
        log.info(t[1:])  # leak
    """,
    "decorated method": """
        def traced(function):
            def inner(self, *args):
                log.info(args)  # leak
                return function(self, *args)
            return inner
        class A:
            @traced
            def run(self, card):
                return card
        log.info(A().run(vault.get_card()))  # leak
    """,
    "contextvar": """
        import contextvars
        current = contextvars.ContextVar("c")
        def set_it():
            current.set(vault.get_card())
        def show():
            log.info(current.get())  # leak
    """,
    "fastapi": """
        from fastapi import Depends, FastAPI
        app = FastAPI()
        def dep():
            return vault.get_card()
        @app.get("/")
        def handler(card=Depends(dep), other=Depends(lambda: 1)):
            log.info(card)  # leak
            log.info(other)  # clean
            return {"ok": True}  # clean
        @app.post("/x")
        async def post(card: CardNumber):
            return {"c": card}  # leak
    """,
    "conditional import": """
        try:
            from masking import mask_pan as hide
        except ImportError:
            hide = None
        log.info(hide(vault.get_card()))  # clean
    """,
    "local import and class attr": """
        class Config:
            card = None
            def load(self):
                self.card = vault.get_card()
            def show(self):
                log.info(self.card)  # leak
        class Other:
            card = None
            def show(self):
                log.info(self.card)  # clean
    """,
    "list of objects": """
        class Item:
            def __init__(self, card, name):
                self.card, self.name = card, name
        items = [Item(vault.get_card(), n) for n in "ab"]
        for item in items:
            log.info(item.name)  # clean
            log.info(item.card)  # leak
        by = {i.name: i for i in items}
        log.info(by["a"].card)  # leak
        log.info(by["a"].name)  # clean
        log.info([i.card for i in by.values()])  # leak
        best = max(items, key=lambda i: i.name)
        log.info(best.name)  # clean
        log.info(sorted(i.card for i in items))  # leak
        log.info(next(i.card for i in items))  # leak
        log.info(next((i.name for i in items), None))  # clean
    """,
    "answers of sinks": """
        import requests
        import httpx
        import aiohttp
        def post():
            answer = requests.post("https://api.example", json={"card": vault.get_card()})  # leak
            log.info(answer.status_code)  # clean
            log.info(answer.text)  # clean
            body = answer.json()
            log.info("answered %s", body["id"])  # clean
            return body
        def accepted():
            answer = requests.post("https://psp.example/pay", json={"card": vault.get_card()})  # clean
            answer.raise_for_status()
            log.info(answer.headers["x-id"])  # clean
            log.info(answer.content)  # clean
        async def pay(card_no):
            async with aiohttp.post("https://psp.example/pay", data={"n": card_no}) as answer:  # clean
                log.info(await answer.text())  # clean
                log.info(answer.reason, card_no)  # leak
        async def later(card_no):
            async with httpx.AsyncClient() as client:
                answer = await client.post("https://psp.example/pay", json={"n": card_no})  # clean
                log.info(answer.json())  # clean
        class Gateway:
            def __init__(self, session=None):
                self.session = session or aiohttp.ClientSession()
            async def charge(self, card_no):
                async with self.session.post("https://psp.example/pay", json={"n": card_no}) as answer:  # clean
                    body = await answer.json()
                log.info("charged %s", body)  # clean
                return body["id"]
            async def show(self, card_no):
                log.info(await self.charge(card_no))  # clean
        def send(card_no, client: httpx.Client):
            response = client.post("https://psp.example/a", json={"n": card_no})  # clean
            log.info(f"answer {response.text}")  # clean
            if response.status_code != 200:
                raise ValueError(response.text)  # clean
        log.info(post())  # clean
    """,
    "keys of mappings": """
        class Cache:
            def __init__(self):
                self._items = {}
            def put(self, key, value):
                self._items[key] = value
            def get(self, key):
                return self._items.get(key)
            def keys(self):
                return self._items.keys()
            def names(self):
                return list(self._items)
            def size(self):
                return len(self._items)
            def all(self):
                return list(self._items.values())
            def pairs(self):
                return [(name, value) for name, value in self._items.items()]
            def __iter__(self):
                return iter(self._items)
        class Service:
            def __init__(self, cache: Cache):
                self.cache = cache
            def save(self, user):
                self.cache.put(user.id, vault.get_card())
                log.info(list(self.cache.keys()))  # clean
                log.info(self.cache.names())  # clean
                log.info(self.cache.size())  # clean
                log.info(self.cache.get(user.id))  # leak
                log.info(self.cache.all())  # leak
                for key in self.cache:
                    log.info(key)  # clean
                for name, value in self.cache.pairs():
                    log.info(name)  # clean
                    log.info(value)  # leak
        cache = Cache()
        cache.put("a", vault.get_card())
        log.info(cache.keys())  # clean
        log.info(sorted(cache.names()))  # clean
        log.info(",".join(cache.names()))  # clean
        log.info(cache.get("a"))  # leak
        other = Cache()
        other.put(vault.get_card(), 1)
        log.info(other.keys())  # leak
        log.info(list(other.names()))  # leak
        def plain(rows):
            seen = {}
            for row in rows:
                seen[row.id] = vault.get_card()
            log.info(list(seen))  # clean
            log.info(seen.keys())  # clean
            log.info(set(seen))  # clean
            log.info(tuple(seen.keys()))  # clean
            log.info(sorted(seen, key=len))  # clean
            log.info(seen)  # leak
            first, *more = seen
            log.info(first)  # clean
            log.info(more)  # clean
            for key in seen:
                log.info(key)  # clean
                log.info(seen[key])  # leak
            return seen
        def use(rows):
            for key in plain(rows):
                log.info(key)  # clean
            log.info([name for name, _ in plain(rows).items()])  # clean
            log.info([card for _, card in plain(rows).items()])  # leak
        def passed(mapping):
            log.info(list(mapping))  # clean
            log.info(", ".join(mapping.keys()))  # clean
            log.info(mapping.values())  # leak
        passed({"a": vault.get_card()})
        STORE: dict[str, str] = {}
        def keep(name):
            STORE[name] = vault.get_card()
        def tell():
            log.info(list(STORE))  # clean
            log.info(STORE.keys())  # clean
            log.info([STORE[name] for name in STORE])  # leak
        class Typed:
            items: dict[str, str]
            def __init__(self, items: dict[str, str] | None = None):
                self.items = items or {}
            def add(self, name, card_no):
                self.items[name] = card_no
            def report(self):
                log.info(self.items.keys())  # clean
                log.info([n for n in self.items])  # clean
                log.info(self.items)  # leak
    """,
    "tuples in lists": """
        class Audit:
            def __init__(self):
                self.events = []
            def note(self, kind, text):
                self.events.append((kind, text))
            def kinds(self):
                return [kind for kind, _ in self.events]
            def texts(self):
                return [text for _, text in self.events]
            def firsts(self):
                return [event[0] for event in self.events]
            def last(self):
                return self.events[-1]
            def flush(self):
                for kind, text in self.events:
                    log.info(kind)  # clean
                    log.info(text)  # leak
                self.events.clear()
        def run(audit: Audit):
            audit.note("paid", vault.get_card())
            log.info(audit.kinds())  # clean
            log.info(audit.texts())  # leak
            log.info(audit.firsts())  # clean
            kind, text = audit.last()
            log.info(kind)  # clean
            log.info(text)  # leak
        audit = Audit()
        audit.note("paid", vault.get_card())
        log.info(audit.kinds())  # clean
        log.info(audit.texts())  # leak
        class Dicts:
            def __init__(self):
                self.rows = []
            def add(self, name, card):
                self.rows.append({"name": name, "card": card})
            def names(self):
                return [row["name"] for row in self.rows]
            def cards(self):
                return [row["card"] for row in self.rows]
            def queue(self):
                while self.rows:
                    row = self.rows.pop()
                    log.info(row["name"])  # clean
                    log.info(row["card"])  # leak
        def go():
            rows = Dicts()
            rows.add("a", vault.get_card())
            log.info(rows.names())  # clean
            log.info(rows.cards())  # leak
            rows.queue()
        def local():
            found = []
            for i in range(3):
                found.append((i, vault.get_card()))
            found.extend([(4, vault.get_card())])
            found += [(5, vault.get_card())]
            log.info([i for i, _ in found])  # clean
            log.info([c for _, c in found])  # leak
            log.info(dict(found).keys())  # clean
            log.info(dict(found))  # leak
            numbers, cards = zip(*found)
            log.info(numbers)  # clean
            log.info(cards)  # leak
            for place, (number, card) in enumerate(found):
                log.info(place, number)  # clean
                log.info(card)  # leak
            found.sort(key=lambda pair: pair[0])
            log.info(found[0][0])  # clean
            log.info(max(found, key=lambda pair: pair[0])[0])  # clean
        from collections import deque
        from dataclasses import dataclass, field
        @dataclass
        class Log:
            lines: list[tuple[str, str]] = field(default_factory=list)
            tail: deque = field(default_factory=lambda: deque(maxlen=3))
            def add(self, level, words):
                self.lines.append((level, words))
                self.tail.append((level, words))
            def levels(self):
                return {level for level, _ in self.lines} | {level for level, _ in self.tail}
            def words(self):
                return [words for _, words in self.tail]
        def write(lines: Log):
            lines.add("info", vault.get_card())
            log.info(lines.levels())  # clean
            log.info(lines.words())  # leak
    """,
    "class registry": """
        class Plugin:
            registry: dict[str, "Plugin"] = {}
            kinds = {}
            def __init__(self, key):
                self.key = key
                self.card = vault.get_card()
                Plugin.registry[key] = self
            def __init_subclass__(cls, **kwargs):
                super().__init_subclass__(**kwargs)
                Plugin.kinds[cls.__name__] = cls
            def load(self):
                return self.card
            def name(self):
                return self.key
        def use(key):
            log.info(Plugin.registry[key].load())  # leak
            log.info(Plugin.registry[key].name())  # clean
            plugin = Plugin.registry.get(key)
            log.info(plugin.card)  # leak
            log.info(list(Plugin.registry))  # clean
            for one in Plugin.registry.values():
                log.info(one.load())  # leak
                log.info(one.name())  # clean
        class Base:
            handlers = {}
            @classmethod
            def register(cls, name):
                def wrap(handler):
                    cls.handlers[name] = handler
                    return handler
                return wrap
            @classmethod
            def get(cls, name):
                return cls.handlers[name]
        @Base.register("loud")
        class Loud:
            def handle(self, card):
                log.info(card)  # leak
        @Base.register("quiet")
        class Quiet:
            def handle(self, card):
                log.info(len(card))  # clean
        def run(name):
            Base.get(name)().handle(vault.get_card())
        class Session:
            _open = []
            def __init__(self, card_no):
                self.card_no = card_no
                self._open.append(self)
            def text(self):
                return self.card_no
        def all_open():
            for one in Session._open:
                log.info(one.text())  # leak
                log.info(len(one.text()))  # clean
        class Single:
            _instance = None
            def __init__(self):
                self.card = vault.get_card()
            @classmethod
            def get(cls):
                if cls._instance is None:
                    cls._instance = cls()
                return cls._instance
        def single():
            log.info(Single.get().card)  # leak
            log.info(Single._instance.card)  # leak
    """,
    "pools": """
        import asyncio
        import multiprocessing
        import threading
        import concurrent.futures
        from concurrent.futures import ThreadPoolExecutor, ProcessPoolExecutor, as_completed, wait
        def load(key):
            return vault.get_card()
        def name(key):
            return "name"
        def tell(card):
            log.info(card)  # leak
            return len(card)
        def pair(card, other):
            log.info(card)  # leak
            log.info(other)  # clean
            return other
        def drop(card, other):
            return other
        def mapped(keys):
            with ThreadPoolExecutor(max_workers=4) as pool:
                for found in pool.map(load, keys):
                    log.info(found)  # leak
                for found in pool.map(name, [vault.get_card()]):
                    log.info(found)  # clean
                log.info(list(pool.map(load, keys)))  # leak
                log.info(list(pool.map(tell, [vault.get_card()])))  # clean
                log.info(list(pool.map(pair, [vault.get_card()], keys)))  # clean
        def submitted(keys):
            with ThreadPoolExecutor() as pool:
                future = pool.submit(load, 1)
                log.info(future.result())  # leak
                log.info(future.done())  # clean
                log.info(pool.submit(name, vault.get_card()).result())  # clean
                futures = [pool.submit(load, key) for key in keys]
                for future in as_completed(futures):
                    log.info(future.result())  # leak
                clean = {pool.submit(name, vault.get_card()): key for key in keys}
                for future in concurrent.futures.as_completed(clean):
                    log.info(clean[future], future.result())  # clean
                named = {pool.submit(load, key): key for key in keys}
                for future in as_completed(named):
                    log.info(named[future])  # clean
                    log.info(future.result())  # leak
                done, left = wait(futures)
                for future in done:
                    log.info(future.result())  # leak
        def threads():
            thread = threading.Thread(target=tell, args=(vault.get_card(),), daemon=True)
            thread.start()
            threading.Thread(target=pair, args=(vault.get_card(), 1)).start()
            threading.Thread(target=pair, kwargs={"card": vault.get_card(), "other": 2}).start()
            threading.Timer(3, tell, [vault.get_card()]).start()
            log.info(thread.name)  # clean
        async def tasks():
            log.info(await asyncio.to_thread(load, 1))  # leak
            log.info(await asyncio.to_thread(name, vault.get_card()))  # clean
            loop = asyncio.get_running_loop()
            log.info(await loop.run_in_executor(None, load, 2))  # leak
            log.info(await loop.run_in_executor(None, drop, vault.get_card(), 2))  # clean
            log.info(await loop.run_in_executor(None, drop, 1, vault.get_card()))  # leak
        def processes(keys):
            with multiprocessing.Pool(4) as pool:
                log.info(pool.map(load, keys))  # leak
                log.info(pool.map(name, [vault.get_card()]))  # clean
                log.info(pool.apply(load, (1,)))  # leak
                log.info(pool.apply(drop, (vault.get_card(), 1)))  # clean
                log.info(pool.starmap(drop, [(vault.get_card(), "n")]))  # clean
                log.info(pool.starmap(drop, [("n", vault.get_card())]))  # leak
                log.info(pool.apply_async(load, (1,)).get())  # leak
                for found in pool.imap_unordered(load, keys):
                    log.info(found)  # leak
            multiprocessing.Process(target=tell, args=(vault.get_card(),)).start()
        class Jobs:
            def __init__(self):
                self.pool = ThreadPoolExecutor(2)
            def work(self, card):
                log.info(card)  # leak
                return "done"
            def run(self):
                future = self.pool.submit(self.work, vault.get_card())
                log.info(future.result())  # clean
                self.pool.map(self.work, [vault.get_card()])
    """,
    "hooks": """
        class Bus:
            def __init__(self):
                self.hooks = []
                self.named = {}
                self.many = {}
            def on(self, hook):
                self.hooks.append(hook)
                return hook
            def subscribe(self, name, handler):
                self.named[name] = handler
            def listen(self, name, handler):
                self.many.setdefault(name, []).append(handler)
            def fire(self, data):
                for hook in self.hooks:
                    hook(data)
            def publish(self, name, data):
                handler = self.named.get(name)
                if handler:
                    handler(data)
            def emit(self, name, data):
                for handler in self.many.get(name, ()):
                    handler(data)
        bus = Bus()
        @bus.on
        def heard(data):
            log.info(data)  # leak
            log.info(len(data))  # clean
        def named(data):
            log.info(data)  # leak
        def listened(data):
            log.info(data)  # leak
        def unheard(data):
            log.info(data)  # clean
        bus.subscribe("a", named)
        bus.listen("b", listened)
        def act():
            card = vault.get_card()
            bus.fire(card)
            bus.publish("a", card)
            bus.emit("b", card)
        class Worker:
            def __init__(self, bus: Bus):
                self.bus = bus
                bus.on(self.seen)
            def seen(self, data):
                log.info(data)  # leak
        worker = Worker(bus)
        from collections import defaultdict
        class Signals:
            def __init__(self):
                self._handlers = defaultdict(list)
            def connect(self, event):
                def wrap(handler):
                    self._handlers[event].append(handler)
                    return handler
                return wrap
            def send(self, event, **payload):
                return [handler(**payload) for handler in self._handlers[event]]
        signals = Signals()
        @signals.connect("paid")
        def paid(card, name):
            log.info(card)  # leak
            log.info(name)  # clean
        def pay():
            signals.send("paid", card=vault.get_card(), name="x")
        HOOKS = []
        def register(hook):
            HOOKS.append(hook)
        def one(data):
            log.info(data)  # leak
        register(one)
        register(lambda data: log.info(data))  # leak
        def run_hooks():
            for hook in HOOKS:
                hook(vault.get_card())
        def filters(value, steps):
            for step in steps:
                value = step(value)
            return value
        log.info(filters(vault.get_card(), [str.strip, str.upper]))  # leak
        log.info(filters(vault.get_card(), [mask_pan]))  # leak
        class Steps:
            def __init__(self, *steps):
                self.steps = list(steps)
            def run(self, value):
                for step in self.steps:
                    step.handle(value)
        class Tell:
            def handle(self, value):
                log.info(value)  # leak
        class Quiet:
            def handle(self, value):
                log.info("quiet")  # clean
        def chain():
            Steps(Tell(), Quiet()).run(vault.get_card())
    """,
    "handlers with dependencies": """
        from fastapi import Depends, FastAPI
        from typing import Annotated
        app = FastAPI()
        class Patient:
            blood: Annotated[str, "x"]
            name: str
            card: CardNumber
        def current(token: str) -> Patient:
            return find(token)
        @app.get("/a")
        def show(full: bool, patient: Patient = Depends(current)):
            result = {"name": patient.name}
            if full:
                result["card"] = patient.card
            return result  # leak
        @app.get("/b")
        def small(patient: Patient = Depends(current)):
            result = {"name": patient.name}
            if patient.name:
                result["size"] = len(patient.card)
            return result  # clean
        @app.get("/c")
        async def annotated(patient: Annotated[Patient, Depends(current)]):
            log.info(patient.name)  # clean
            return {"card": patient.card}  # leak
        class Query:
            def __init__(self, page: int = 1):
                self.page = page
                self.card = vault.get_card()
        @app.get("/d")
        def query(query: Query = Depends()):
            return {"page": query.page, "card": query.card}  # leak
        @app.get("/e")
        def page(query: Annotated[Query, Depends()]):
            return {"page": query.page}  # clean
        class Repo:
            def load(self, key):
                return vault.get_card()
            def name(self, key):
                return "x"
        def repo():
            return Repo()
        def repo_yield():
            found = Repo()
            try:
                yield found
            finally:
                pass
        @app.get("/f")
        def loaded(key, repo=Depends(repo)):
            return repo.load(key)  # leak
        @app.get("/g")
        def named(key, repo=Depends(repo)):
            return repo.name(key)  # clean
        @app.get("/h")
        def given(key, repo=Depends(repo_yield)):
            log.info(repo.name(key))  # clean
            return {"a": {"b": repo.load(key)}}  # leak
        @app.get("/i")
        def annotated_repo(key, repo: Annotated[Repo, Depends(repo_yield)]):
            return [repo.load(key)]  # leak
        @app.get("/j")
        def untyped(key, repo: Annotated[object, Depends(repo_yield)]):
            return [repo.load(key)]  # leak
        RepoDep = Annotated[Repo, Depends(repo)]
        @app.get("/k")
        def alias(key, repo: RepoDep):
            return [repo.load(key)]  # leak
        @app.post("/l")
        def body(patient: Patient):
            found = dict(name=patient.name)
            try:
                found.update(card=patient.card)
            except KeyError:
                pass
            return found  # leak
        @app.post("/m")
        def listed(patients: list[Patient]):
            rows = []
            for one in patients:
                row = {"name": one.name}
                if one.name:
                    row["card"] = one.card
                rows.append(row)
            return rows  # leak
        @app.post("/n")
        def names(patients: list[Patient]):
            rows = []
            for one in patients:
                row = {"name": one.name}
                rows.append(row)
            return {"rows": rows}  # clean
    """,
    "sent into generators": """
        def sink():
            while True:
                card = yield
                log.info(card)  # leak
                log.info(len(card))  # clean
        def use():
            writer = sink()
            next(writer)
            writer.send(vault.get_card())
        def echo():
            got = None
            while True:
                got = yield got
        def both():
            one = echo()
            next(one)
            log.info(one.send(vault.get_card()))  # leak
        def quiet():
            while True:
                got = yield "x"
                log.info(got)  # clean
        def calm():
            one = quiet()
            log.info(one.send("y"))  # clean
        def told():
            while True:
                got = yield "x"
                len(got)
        def tells():
            one = told()
            log.info(one.send(vault.get_card()))  # clean
        class Writer:
            def __init__(self):
                self.out = self._run()
                next(self.out)
            def _run(self):
                while True:
                    line = yield
                    log.info(line)  # leak
            def write(self, line):
                self.out.send(line)
        Writer().write(vault.get_card())
    """,
    "services": """
        import requests
        from collections import defaultdict
        from functools import partial
        from concurrent.futures import ThreadPoolExecutor
        class Client:
            def __init__(self, base, session=None):
                self.base = base
                self.session = session or requests.Session()
            def _request(self, method, path, **kwargs):
                response = self.session.post(f"{self.base}/{path}", **kwargs)  # leak
                log.debug("%s %s", response.status_code, response.text)  # clean
                response.raise_for_status()
                return response.json()
            def charge(self, card):
                return self._request("POST", "charge", json={"card": card})
        class Payments:
            def __init__(self, client: Client, store, logger=None):
                self.client = client
                self.store = store
                self.logger = logger or logging.getLogger("x")
                self.results = {}
            def pay(self, order):
                card = vault.get_card()
                answer = self.client.charge(card)
                self.logger.info("answer %s", answer)  # clean
                self.results[order.id] = answer
                self.logger.info("results %s", self.results)  # clean
                self.logger.warning("card %s", card)  # leak
                return answer
        payments = Payments(Client("https://x"), {})
        def view(order):
            log.info(payments.pay(order))  # clean
        class Repo:
            def __init__(self):
                self._rows = {}
                self._index = defaultdict(set)
                self._log = []
            def add(self, key, row):
                self._rows[key] = row
                self._index[row.kind].add(key)
                self._log.append(("add", key, row))
            def all(self):
                return list(self._rows.values())
            def ids(self):
                return [key for key in self._rows]
            def by_kind(self, kind):
                return [self._rows[key] for key in self._index[kind]]
            def kinds(self):
                return self._index.keys()
            def history(self):
                return [(what, key) for what, key, _ in self._log]
            def __len__(self):
                return len(self._rows)
            def __contains__(self, key):
                return key in self._rows
            def __getitem__(self, key):
                return self._rows[key]
        class Row:
            def __init__(self, kind, card):
                self.kind = kind
                self.card = card
        repo = Repo()
        def fill():
            repo.add("a", Row("k", vault.get_card()))
            log.info(repo.ids())  # clean
            log.info([one.kind for one in repo.all()])  # clean
            log.info([one.card for one in repo.all()])  # leak
            log.info(repo.by_kind("k")[0].card)  # leak
            log.info(repo.by_kind("k")[0].kind)  # clean
            log.info(repo.kinds())  # clean
            log.info(repo.history())  # clean
            log.info(len(repo))  # clean
            log.info("a" in repo)  # clean
            log.info(repo["a"].card)  # leak
            log.info(repo["a"].kind)  # clean
        class Registry:
            def __init__(self):
                self._makers = {}
            def register(self, name, maker=None):
                if maker is None:
                    return partial(self.register, name)
                self._makers[name] = maker
                return maker
            def make(self, name, *args):
                return self._makers[name](*args)
        registry = Registry()
        @registry.register("card")
        def make_card(key):
            return vault.get_card()
        @registry.register("name")
        def make_name(key):
            return "n"
        def made():
            log.info(registry.make("card", 1))  # leak
        class Events:
            def __init__(self):
                self.listeners = []
            def __iadd__(self, listener):
                self.listeners.append(listener)
                return self
            def __call__(self, *args, **kwargs):
                for listener in self.listeners:
                    listener(*args, **kwargs)
        def listens(card):
            log.info(card)  # leak
        def main():
            changed = Events()
            changed += listens
            changed(vault.get_card())
        def done(future):
            log.info(future.result())  # leak
        def callback():
            with ThreadPoolExecutor() as pool:
                pool.submit(vault.get_card).add_done_callback(done)
        def results(users):
            found = {}
            with ThreadPoolExecutor() as pool:
                for user, card in zip(users, pool.map(lambda u: vault.get_card(), users)):
                    found[user] = card
            log.info(list(found))  # clean
            log.info(found)  # leak
            return found
        def grouped(rows):
            groups = {}
            for row in rows:
                groups.setdefault(row.kind, []).append(vault.get_card())
            for kind, cards in groups.items():
                log.info(kind)  # clean
                log.info(cards)  # leak
            log.info(sorted(groups))  # clean
            log.info({kind: len(cards) for kind, cards in groups.items()})  # clean
            log.info(dict(groups))  # leak
        _instances = {}
        def get_instance(name):
            if name not in _instances:
                _instances[name] = Row(name, vault.get_card())
            return _instances[name]
        def shows():
            log.info(get_instance("a").card)  # leak
            log.info(get_instance("a").kind)  # clean
            log.info(list(_instances))  # clean
    """,
}

FILES = {
    "relative imports": {
        "pkg/__init__.py": "from .core import load as fetch\nfrom .names import *\n",
        "pkg/core.py": "import vault\ndef load():\n    return vault.get_card()\nTOKEN = load()\n",
        "pkg/names.py": "from .core import load\n__all__ = ['title']\ndef title():\n    return load()\ndef plain():\n    return 1\n",
        "pkg/use.py": """
            import pkg
            from . import core as c, fetch
            from .core import load as l, TOKEN
            from pkg import title
            import pkg.core
            def show():
                from .core import load as late
                print(c.load())  # leak
                print(fetch())  # leak
                print(l())  # leak
                print(title())  # leak
                print(late())  # leak
                print(pkg.core.load())  # leak
                print(pkg.fetch())  # leak
                print(TOKEN)  # leak
                print(c.TOKEN)  # leak
                print(c.other)  # clean
        """,
    },
    "cycles": {
        "a.py": "import vault\nimport b\ndef one(n):\n    return vault.get_card() if n else b.two(n)\n",
        "b.py": """
            import a
            def two(n):
                return a.one(n)
            def show():
                print(two(1))  # leak
                print(len(two(1)))  # clean
        """,
    },
    "objects across files": {
        "models.py": """
            class Pay:
                def __init__(self, card, name):
                    self.card = card
                    self.name = name
                def text(self):
                    return f"{self.name}"
                def full(self):
                    return f"{self.card}"
        """,
        "service.py": """
            import vault
            from models import Pay
            class Service:
                def __init__(self):
                    self.pay = Pay(vault.get_card(), "x")
                def show(self):
                    print(self.pay.text())  # clean
                    print(self.pay.full())  # leak
                    print(self.pay.name)  # clean
        """,
    },
    "sink elsewhere": {
        "out.py": "import logging\nlogger = logging.getLogger(__name__)\ndef tell(text, level='x'):\n    logger.info(text)  # leak\n    logger.info(level)  # clean\n",
        "main.py": "import out, vault\ndef main():\n    out.tell(vault.get_card(), level='y')\n",
    },
    "module instances": {
        "store.py": """
            class Cache:
                def __init__(self):
                    self._items = {}
                def put(self, key, value):
                    self._items[key] = value
                def get(self, key):
                    return self._items.get(key)
                def names(self):
                    return sorted(self._items)
        """,
        "clinic.py": """
            import vault
            from store import Cache
            class Clinic:
                def __init__(self, cache=None, out=print):
                    self.cache = cache or Cache()
                    self.out = out
                    self.rows: list = []
                def admit(self, key):
                    self.cache.put(key, vault.get_card())
                    self.rows.append((key, vault.get_card()))
                def find(self, key):
                    return self.cache.get(key)
                def names(self):
                    return self.cache.names()
                def keys(self):
                    return [key for key, _ in self.rows]
                def cards(self):
                    return [card for _, card in self.rows]
                def tell(self, key):
                    self.out(self.find(key))  # leak
                    self.out(self.names())  # clean
        """,
        "boot.py": """
            from clinic import Clinic
            from store import Cache
            def boot(cache=None):
                clinic = Clinic(cache)
                return clinic
            def boot_with():
                return Clinic(cache=Cache())
        """,
        "app.py": """
            from boot import boot, boot_with
            clinic = boot()
            other = boot_with()
        """,
        "views.py": """
            from app import clinic
            import app
            def view(key):
                print(clinic.find(key))  # leak
                print(clinic.names())  # clean
                print(clinic.keys())  # clean
                print(clinic.cards())  # leak
                print(app.other.find(key))  # leak
                print(app.other.names())  # clean
            def admit(key):
                clinic.admit(key)
                app.other.admit(key)
        """,
    },
    "dependencies across files": {
        "models.py": """
            from dataclasses import dataclass
            @dataclass
            class Patient:
                name: str
                card_number: str
        """,
        "deps.py": """
            from models import Patient
            def current(request) -> Patient:
                return request.state.patient
            class Store:
                def get(self, key) -> Patient:
                    return self.db.query(key)
            def store():
                return Store()
        """,
        "api.py": """
            from fastapi import APIRouter, Depends
            import deps
            from deps import Store, current, store
            from models import Patient
            router = APIRouter()
            app = router
            @app.get("/a")
            def a(flag: bool, patient: Patient = Depends(current)):
                result = {"name": patient.name}
                if flag:
                    result["number"] = patient.card_number
                return result  # leak
            @app.get("/b")
            def b(key, store: Store = Depends(store)):
                return {"number": store.get(key).card_number}  # leak
            @app.get("/c")
            def c(key, store: Store = Depends(deps.store)):
                return {"number": store.get(key).name}  # clean
        """,
    },
    "hooks across files": {
        "events.py": """
            class Events:
                def __init__(self):
                    self.hooks = []
                    self.by_name = {}
                def add(self, hook):
                    self.hooks.append(hook)
                def on(self, name):
                    def wrap(hook):
                        self.by_name.setdefault(name, []).append(hook)
                        return hook
                    return wrap
                def fire(self, data):
                    for hook in self.hooks:
                        hook(data)
                def emit(self, name, data):
                    for hook in self.by_name.get(name, []):
                        hook(data)
            events = Events()
        """,
        "listeners.py": """
            from events import events
            def shout(data):
                print(data)  # leak
            def whisper(data):
                print(len(data))  # clean
            @events.on("paid")
            def paid(data):
                print(data)  # leak
            def never(data):
                print(data)  # clean
            def setup():
                events.add(shout)
                events.add(whisper)
        """,
        "pay.py": """
            import vault
            from events import events
            def pay():
                card = vault.get_card()
                events.fire(card)
                events.emit("paid", card)
        """,
    },
    "services across files": {
        "ports.py": """
            from typing import Protocol
            from abc import ABC, abstractmethod
            class Store(Protocol):
                def save(self, key, value): ...
                def load(self, key): ...
            class Notifier(ABC):
                @abstractmethod
                def notify(self, text): ...
        """,
        "adapters.py": """
            import logging
            from ports import Notifier
            log = logging.getLogger(__name__)
            class MemoryStore:
                def __init__(self):
                    self.data = {}
                def save(self, key, value):
                    self.data[key] = value
                    log.debug("saved %s", key)  # clean
                def load(self, key):
                    return self.data[key]
                def keys(self):
                    return tuple(self.data)
                def items(self):
                    return self.data.items()
            class LogNotifier(Notifier):
                def __init__(self, prefix="x", out=None):
                    self.prefix = prefix
                    self.out = out or log.info
                def notify(self, text):
                    self.out(self.prefix)  # clean
                    self.out(text)  # leak
            class Quiet(Notifier):
                def notify(self, text):
                    log.info("sent %d", len(text))  # clean
        """,
        "service.py": """
            import vault
            from adapters import LogNotifier, MemoryStore, Quiet
            class Service:
                def __init__(self, store=None, notifiers=()):
                    self.store = store or MemoryStore()
                    self.notifiers = list(notifiers)
                    self.counts = {}
                def add(self, notifier):
                    self.notifiers.append(notifier)
                    return self
                def run(self, key):
                    card = vault.get_card()
                    self.store.save(key, card)
                    self.counts[key] = self.counts.get(key, 0) + 1
                    for one in self.notifiers:
                        one.notify(card)
                    print(self.counts)  # clean
                    return self
                def keys(self):
                    return self.store.keys()
                def card(self, key):
                    return self.store.load(key)
                def pairs(self):
                    for key, value in self.store.items():
                        yield key, value
            def make(config):
                service = Service(notifiers=[Quiet()])
                service.add(LogNotifier())
                return service
        """,
        "container.py": """
            from functools import lru_cache
            from service import make, Service
            class Container:
                def __init__(self, config=None):
                    self.config = config or {}
                    self._service = None
                @property
                def service(self):
                    if self._service is None:
                        self._service = make(self.config)
                    return self._service
            container = Container()
            @lru_cache
            def get_service() -> Service:
                return make({})
        """,
        "web.py": """
            from flask import Flask, jsonify
            from container import container, get_service
            app = Flask(__name__)
            @app.get("/run")
            def run(key):
                container.service.run(key)
                print(container.service.keys())  # clean
                print(container.service.card(key))  # leak
                print([k for k, _ in container.service.pairs()])  # clean
                print([v for _, v in container.service.pairs()])  # leak
                return jsonify({"keys": list(container.service.keys())})  # clean
            @app.get("/other")
            def other(key):
                service = get_service()
                service.run(key)
                result = {"ok": True}
                if key:
                    result["card"] = service.card(key)
                return jsonify(result)  # leak
        """,
    },
}
