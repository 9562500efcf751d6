"""The arguments of an analysis, checked."""

import operator
import os
from types import SimpleNamespace

from csro_files import Failure, check_readable

# What ships, by name: as Classify CSRO calls it, and the voxels and curves it was trained on where
# these are not the default ones.
MODELS = {
    "cocrni-002": ("CoCrNi 002", {}, {}),
    "cocrni-111": ("CoCrNi 111", {}, {}),
    "feal-002": ("Fe-Al 002", {"BallRadius": 0.5}, {"Partners": "In the whole data"}),
}
COPIES = 19  # the smallest number that p = 0.05 is possible with
COPIES_OF_MANY = 4
MANY = 20_000_000  # ions
MOST_COPIES = 10000
MOST_THREADS = 4096  # as the filters have it
THREADS_PER_CORE = 4


def checked_settings(ions, ranges, pairs, box, model, copies, seed, exchange=None, within=None, threads=None,
                     reference=False, force=False, detect=None, align=False, curves=False, sensitivity=False,
                     statistics=False, configuration=None):
    """Arguments of analyse as attributes."""
    check_values(box, copies, seed, threads)
    check_model(model)
    is_source = hasattr(ions, "SMProxy")
    if configuration is not None and (ions is not None or ranges):
        raise Failure("configuration cannot be combined with ions or ranges: the ions are made of it, with their species")
    if ranges and ions is None:
        raise Failure("ranges needs ions: the built-in specimen has species")
    if pairs and ions is not None and not is_source and not ranges:
        raise Failure("pairs needs ranges: without a range file no ion has an element")
    for path in (None if is_source else ions, ranges, configuration):
        if path is not None:
            check_readable(path)
    if sensitivity and (reference if detect is None else not detect):
        raise Failure("sensitivity needs detect: it says what Detect Order finds")
    return SimpleNamespace(
        ions=ions, configuration=configuration, is_source=is_source, ranges=ranges, pairs=join(pairs), box=join(box), model=model or "cocrni-002",
        copies=copies, seed=seed, rules=copy_rules(exchange, within, reference), threads=usable_threads(threads),
        reference=bool(reference), force=bool(force), align=bool(align),
        detect=not reference if detect is None else bool(detect), curves=bool(curves), sensitivity=bool(sensitivity),
        statistics=bool(statistics))


def check_values(box, copies, seed, threads):
    if box is not None and not join(box).strip():
        raise Failure("box: empty, expected six numbers x0,x1,y0,y1,z0,z1 in nm")
    if copies is not None:
        check_whole("copies", copies, 0, MOST_COPIES)
    check_whole("seed", seed, 0, 2**31 - 1 - (COPIES if copies is None else copies))
    if threads is not None:
        check_whole("threads", threads, 1, MOST_THREADS)


def check_whole(name, value, lowest, highest):
    try:
        is_inside = lowest <= operator.index(value) <= highest
    except TypeError:
        is_inside = False
    if not is_inside:
        raise Failure(f"{name} {value}: expected {lowest} to {highest}")


def copy_rules(exchange, within, reference):
    """Properties of Randomize Ions."""
    exchange = exchange or ("all" if reference else "ranged")
    if exchange not in ("ranged", "all"):
        raise Failure(f"exchange {exchange}: expected ranged or all")
    rules = {"Exchange": "All ions" if exchange == "all" else "Ranged ions"}
    if within in (None, "all"):
        return rules
    try:
        ions = int(within)
    except ValueError:
        raise Failure(f"within {within}: expected all or a number of ions") from None
    check_whole("within", ions, 100, 2**31 - 1)
    return {**rules, "Within": "Neighbourhoods", "NeighbourhoodIons": ions}


def exchange_of(rules):
    """What summary.json says about them."""
    return {"exchange": "all" if rules["Exchange"] == "All ions" else "ranged",
            "within": rules.get("NeighbourhoodIons", "all")}


def check_model(name):
    if name is None or name in MODELS:
        return
    try:
        check_readable(name)
    except Failure as failure:
        raise Failure(f"{failure}; models that ship: {', '.join(MODELS)}") from None


def usable_threads(threads):
    """More than a few threads per core only cost time: they are lowered, which changes no result."""
    return threads and min(threads, THREADS_PER_CORE * (os.cpu_count() or 1))


def join(values):
    """A text, or the text of what may also be a list."""
    return values if values is None or isinstance(values, str) else ",".join(str(value) for value in values)


def default_copies(ions):
    return COPIES_OF_MANY if ions > MANY else COPIES
