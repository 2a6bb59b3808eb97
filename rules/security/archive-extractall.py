import shutil
import tarfile
import tarfile as tar
import zipfile
from shutil import unpack_archive as unpack


def install(path):
    with tarfile.open(path) as archive:
        # ruleid: archive-extractall
        archive.extractall("/srv/plugins")
        # ok: archive-extractall
        archive.extractall("/srv/plugins", filter="data")
    # ruleid: archive-extractall
    tar.open(path).extractall()
    with zipfile.ZipFile(path) as bundle:
        # ok: archive-extractall
        bundle.extractall("/srv/plugins")
        # ok: archive-extractall
        bundle.read("manifest.json")
    # ruleid: archive-extractall
    unpack(path, "/srv/plugins")
    # ok: archive-extractall
    shutil.unpack_archive(path, "/srv/plugins", filter="data")
    # ok: archive-extractall
    tar.open(path).extractall("/srv", filter=tarfile.data_filter)


async def install_later(loop, path):
    # ruleid: archive-extractall
    await loop.run_in_executor(None, tarfile.open(path).extractall("/srv"))
    # ok: archive-extractall
    zipfile.ZipFile(path).extractall()


def install_checked(path, folder):
    with tarfile.open(path) as archive:
        for member in archive.getmembers():
            if not is_within(folder, member.name):
                raise ValueError(member.name)
        # ok: archive-extractall
        archive.extractall(folder)
