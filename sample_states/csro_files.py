"""Files that a batch run reads and writes: what may stand at a path, and how a finished file takes its place. Used by
csro_batch.py; needs no ParaView."""

import os
import secrets
import shutil
import stat
from contextlib import contextmanager


class Failure(Exception):
    """An error with a text for the user; it ends csro_batch.py with exit status 2."""


def kind(mode):
    """What stands at a path, as in 'is a named pipe'."""
    for test, name in ((stat.S_ISREG, "a file"), (stat.S_ISDIR, "a directory"), (stat.S_ISFIFO, "a named pipe"),
                       (stat.S_ISSOCK, "a socket"), (stat.S_ISCHR, "a character device"),
                       (stat.S_ISBLK, "a block device")):
        if test(mode):
            return name
    return "no regular file"


def check_readable(path):
    """A regular file that can be opened. Nothing else is: a pipe would wait for its writer."""
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode):
            raise Failure(f"{path}: is {kind(mode)}, expected a regular file")
        os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY))
    except OSError as error:
        raise Failure(f"{path or repr(path)}: {error.strerror}") from None
    except ValueError as error:  # a null character
        raise Failure(f"{path!r}: {error}") from None


def check_target(path):
    """The status of the regular file that may be written at a path, behind symbolic links; None when there is none."""
    try:
        about = os.stat(path)
    except FileNotFoundError:
        folder = os.path.dirname(os.path.realpath(path))
        if os.path.isdir(folder):
            return None
        raise Failure(f"{path}: cannot be written: no folder {folder}") from None
    except OSError as error:
        raise Failure(f"{path}: cannot be written: {error.strerror}") from None
    if not stat.S_ISREG(about.st_mode):
        raise Failure(f"{path}: cannot be written: is {kind(about.st_mode)}, expected a regular file or a new name")
    if about.st_mode & 0o222 == 0 or not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise Failure(f"{path}: cannot be written: is write-protected")
    if os.geteuid() not in (0, about.st_uid):  # only root gives files away
        raise Failure(f"{path}: cannot be written: its owner ({about.st_uid}) could not be kept")
    return about


@contextmanager
def writing(path):
    """Errors of what is done inside name the file."""
    try:
        yield
    except OSError as error:
        raise Failure(f"{os.path.basename(path)}: cannot be written: {error.strerror}") from None


class Placement:
    """A finished file on its way to its target, where symbolic links lead; an older file there hands on mode, owner
    and group. Everything that can fail is done before a name changes."""

    def __init__(self, source, target):
        old = check_target(target)
        self.target = os.path.realpath(target)
        self.source = source
        folder = os.path.dirname(self.target)
        self.copied = os.stat(folder).st_dev != os.stat(source).st_dev  # a link to another file system
        with writing(target):
            if self.copied:
                self.source = os.path.join(folder, f".csro-{secrets.token_hex(4)}.part")
                self._copy(source)
            if old:
                self._hand_on(old)

    def _copy(self, source):
        try:
            shutil.copyfile(source, self.source)
        except OSError:
            self.discard()
            raise

    def _hand_on(self, old):
        new = os.stat(self.source)
        if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
            os.chown(self.source, old.st_uid, old.st_gid)
        os.chmod(self.source, stat.S_IMODE(old.st_mode))

    def take_place(self):
        with writing(self.target):
            os.replace(self.source, self.target)

    def discard(self):
        if self.copied and os.path.exists(self.source):
            os.remove(self.source)


def place_all(pairs):
    """Moves finished files to their targets, given as (source, target): all of them, or none when one cannot be."""
    placements = []
    try:
        for source, target in pairs:
            placements.append(Placement(source, target))
        for placement in placements:
            placement.take_place()
    finally:
        for placement in placements:
            placement.discard()
