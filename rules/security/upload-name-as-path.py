import os
import shutil
import uuid
from pathlib import Path

import aiofiles
import fastapi
from fastapi import FastAPI, File, UploadFile
from fastapi import UploadFile as Upload

app = FastAPI()
FOLDER = Path("uploads")


@app.post("/files")
async def receive(file: UploadFile = File(...)):
    # ruleid: upload-name-as-path
    async with aiofiles.open(os.path.join("uploads", file.filename), "wb") as target:
        await target.write(await file.read())
    # ok: upload-name-as-path
    async with aiofiles.open(f"uploads/{uuid.uuid4()}", "wb") as target:
        await target.write(await file.read())


@app.post("/path")
async def receive_path(file: fastapi.UploadFile, note: str = ""):
    path = FOLDER / file.filename
    # ruleid: upload-name-as-path
    path.write_bytes(await file.read())
    # ok: upload-name-as-path
    (FOLDER / uuid.uuid4().hex).write_bytes(await file.read())
    return {"name": file.filename, "note": note}


@app.post("/many")
def receive_many(files: list[UploadFile]):
    for file in files:
        # ruleid: upload-name-as-path
        with open(f"uploads/{file.filename}", "wb") as target:
            shutil.copyfileobj(file.file, target)
        # ok: upload-name-as-path
        with open(FOLDER / os.path.basename(file.filename), "wb") as target:
            shutil.copyfileobj(file.file, target)


@app.post("/alias")
def receive_alias(file: Upload):
    # ruleid: upload-name-as-path
    with open(file.filename, "wb") as target:
        shutil.copyfileobj(file.file, target)
