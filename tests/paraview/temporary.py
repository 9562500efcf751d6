"""Files that a test makes and that are gone when it ends."""
import atexit
import shutil
import tempfile


def temporary_folder(name):
    folder = tempfile.mkdtemp(prefix=f'csro-{name}-')
    atexit.register(remove, folder)
    return folder


def remove(folder):
    shutil.rmtree(folder, ignore_errors=True)
