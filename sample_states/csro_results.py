"""The folder of results: files are made in a temporary folder inside it and take their places together at the end;
what is not of an earlier run stays. Used by csro_batch.py."""

import fcntl
import json
import os
import re
import secrets
import shutil
import stat

from csro_files import Failure, check_target, kind, place_all

TEMPORARY = re.compile(r"\.csro-[0-9a-z_]{8}")
# Names of results. Several ranks write their pieces into folders beside, voxels/, domains_<pair>/, ordered_<El>/.
RESULT = re.compile(
    r"summary\.json|report\.(html|json)|voxels\.p?vti|(domains|ordered|curves|sizes|statistics)_.*\.(p?vtp|csv|png)|(zsdm|spectrum)\.png|states(_data|_differences|_correlations)?\.csv")


class Results:
    def __init__(self, path, force, ending):
        self.path = path  # as it was given, for messages
        self.ending = ending
        self.is_new = not os.path.lexists(path)
        self.out = self._find()
        try:
            os.makedirs(self.out, exist_ok=True)
            self.descriptor = os.open(self.out, os.O_RDONLY)
        except OSError as error:
            raise Failure(f"{path}: {error.strerror}") from None
        try:
            self._open(force)
        except OSError as error:
            os.close(self.descriptor)
            raise Failure(f"{path}: {error.strerror}") from None
        except Failure:
            os.close(self.descriptor)
            raise

    def _find(self):
        """The folder behind symbolic links, also behind those to what is not there yet."""
        try:
            mode = os.stat(self.path).st_mode
        except FileNotFoundError:
            mode = None
        except OSError as error:
            raise Failure(f"{self.path}: {error.strerror}") from None
        if mode is not None and not stat.S_ISDIR(mode):
            raise Failure(f"{self.path}: is {kind(mode)}, expected a folder for the results")
        try:
            return os.path.realpath(self.path)
        except OSError as error:  # the working directory is gone
            raise Failure(f"{self.path}: {error.strerror}") from None

    def _open(self, force):
        has_lock = self._lock()
        left = [entry.path for entry in os.scandir(self.out)
                if TEMPORARY.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)]
        if not (force or left or is_summary(os.path.join(self.out, "summary.json"))):
            self._refuse_foreign()
        for name in os.listdir(self.out):
            if RESULT.fullmatch(name):
                check_target(os.path.join(self.path, name))
        for path in left if has_lock else ():  # of a run that was killed
            shutil.rmtree(path, ignore_errors=True)
        self.folder = os.path.join(self.out, f".csro-{secrets.token_hex(4)}")
        self.ending.make(self.folder, self.is_new)

    def _lock(self):
        """Whether no other run has the folder. Not every file system has locks."""
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure(f"{self.path}: another run is writing there") from None
        except OSError:
            return False
        return True

    def _refuse_foreign(self):
        for name in sorted(os.listdir(self.out)):
            if RESULT.fullmatch(name):
                raise Failure(f"{os.path.join(self.path, name)}: is there already, without a summary.json of an "
                              "earlier run beside it; choose another folder with --out or say --force")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ending.remove()
        os.close(self.descriptor)

    def place(self):
        """Moves everything to its place, summary.json last."""
        names = sorted(os.listdir(self.folder), key=lambda name: (name == "summary.json", name))
        files, folders = [], []
        for name in names:
            source, target = os.path.join(self.folder, name), os.path.join(self.path, name)
            if os.path.isdir(source):
                folders.append(target)
                files += self._pieces(source, target)
            else:
                files.append((source, target))
        with self.ending.later():
            place_all(files)
            for folder in folders:
                self._remove_other_pieces(folder, files)

    @staticmethod
    def _pieces(source, target):
        try:
            os.makedirs(os.path.realpath(target), exist_ok=True)
        except OSError as error:
            raise Failure(f"{target}: cannot be made: {error.strerror}") from None
        return [(os.path.join(source, name), os.path.join(target, name)) for name in sorted(os.listdir(source))]

    @staticmethod
    def _remove_other_pieces(folder, files):
        """Pieces of an earlier run with more ranks."""
        piece = re.compile(re.escape(os.path.basename(folder)) + r"_[0-9]+\.vt[ip]")
        new = {target for _, target in files}
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            if piece.fullmatch(name) and path not in new and not os.path.islink(path) and os.path.isfile(path):
                os.remove(path)


def is_summary(path):
    """Whether a file is a summary of a run."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return False
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and {"version", "pairs", "seconds"} <= found.keys()
