import contextlib as cl

from fastapi import FastAPI


@cl.asynccontextmanager
async def lifespan(app):
    # ok: fastapi-on-event
    yield


# ok: fastapi-on-event
app = FastAPI(lifespan=lifespan)
old = FastAPI()


# ruleid: fastapi-on-event
@old.on_event("startup")
async def warm():
    return None


# ruleid: fastapi-on-event
@old.on_event("shutdown")
def close():
    return None


class Server:
    def add(self, app):
        # ruleid: fastapi-on-event
        app.on_event("startup")(self.warm)
        # ok: fastapi-on-event
        app.on_event("message")
        return app

    async def warm(self):
        return None
