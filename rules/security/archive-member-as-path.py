import os
import tarfile
import zipfile
from pathlib import Path
from zipfile import ZipFile as Zip


def unpack(path, folder):
    with zipfile.ZipFile(path) as bundle:
        for name in bundle.namelist():
            # ruleid: archive-member-as-path
            with open(os.path.join(folder, name), "wb") as target:
                target.write(bundle.read(name))
            # ok: archive-member-as-path
            with open(os.path.join(folder, os.path.basename(name)), "wb") as target:
                target.write(bundle.read(name))
            # ok: archive-member-as-path
            bundle.extract(name, folder)


def unpack_tar(path, folder: Path):
    with tarfile.open(path) as archive:
        for member in archive.getmembers():
            place = folder / member.name
            # ruleid: archive-member-as-path
            place.write_bytes(archive.extractfile(member).read())


def unpack_checked(path, folder: Path):
    with Zip(path) as bundle:
        for member in bundle.infolist():
            place = (folder / member.filename).resolve()
            if not place.is_relative_to(folder):
                raise ValueError(member.filename)
            # ok: archive-member-as-path
            place.write_bytes(bundle.read(member))


async def unpack_later(path, folder):
    bundle = Zip(path)
    for member in bundle.infolist():
        # ruleid: archive-member-as-path
        with open(f"{folder}/{member.filename}", "wb") as target:
            target.write(bundle.read(member))
