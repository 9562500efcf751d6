#!/usr/bin/python3
"""Makes one APT-CSRO model file of Keras networks (HDF5), one ensemble of all given files.

Needs h5py. Bad arguments and files: exit status 2 and one line that says what is wrong.
"""

import argparse
import base64
import json
import math
import os
import re
import signal
import stat
import sys
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "urn:apt-csro:model:1"
ACTIVATIONS = {"Conv1D": ("linear", "relu"), "Dense": ("linear", "relu", "softmax")}


class BadModel(Exception):
    """What is wrong with a file; the text is for the user."""


def text_of(value):
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)


def single(value, path, what):
    """Keras stores sizes as 10 or [10]."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadModel(f"{path}: {what} is {value!r}, expected one integer")
    return value


def expect(config, key, allowed, path, layer):
    value = config.get(key, allowed[0])
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if value not in allowed:
        expected = " or ".join(str(a) for a in allowed)
        raise BadModel(f"{path}: layer {layer}: {key} is {value!r}, expected {expected}")
    return value


def read_layer(kind, config, path):
    """One layer as (element name, attributes) or None for what has no counterpart."""
    name = config.get("name", kind)
    if kind in ("Conv1D", "Dense"):
        expect(config, "use_bias", (True,), path, name)
        activation = expect(config, "activation", ACTIVATIONS[kind], path, name)
    if kind == "Conv1D":
        expect(config, "strides", (1,), path, name)
        expect(config, "dilation_rate", (1,), path, name)
        expect(config, "groups", (1,), path, name)
        expect(config, "data_format", ("channels_last",), path, name)
        return "conv1d", {
            "filters": single(config.get("filters"), path, f"layer {name}: filters"),
            "kernel": single(config.get("kernel_size"), path, f"layer {name}: kernel_size"),
            "padding": expect(config, "padding", ("valid", "same"), path, name),
            "activation": activation,
        }
    if kind == "MaxPooling1D":
        size = single(config.get("pool_size"), path, f"layer {name}: pool_size")
        if config.get("strides") is not None:
            expect(config, "strides", (size,), path, name)
        expect(config, "data_format", ("channels_last",), path, name)
        return "maxpool", {
            "size": size,
            "padding": expect(config, "padding", ("valid", "same"), path, name),
        }
    if kind == "Flatten":
        expect(config, "data_format", ("channels_last",), path, name)
        return "flatten", {}
    if kind == "Dense":
        units = single(config.get("units"), path, f"layer {name}: units")
        return "dense", {"units": units, "activation": activation}
    if kind == "Dropout":
        rate = config.get("rate")
        if not isinstance(rate, (int, float)) or not 0 <= rate < 1:
            raise BadModel(f"{path}: layer {name}: rate is {rate!r}, expected 0 .. 1")
        return "dropout", {"rate": rate}
    raise BadModel(
        f"{path}: layer {name} is a {kind}, expected Conv1D, MaxPooling1D, Flatten, Dense, Dropout, "
        "Activation or InputLayer")


def join_activation(layers, config, path):
    """An Activation layer becomes the activation of the layer before it."""
    name = config.get("name", "Activation")
    if not layers or layers[-1][1].get("activation") != "linear":
        raise BadModel(f"{path}: layer {name}: expected right after a linear Conv1D or Dense")
    kind = "Conv1D" if layers[-1][0] == "conv1d" else "Dense"
    layers[-1][1]["activation"] = expect(config, "activation", ACTIVATIONS[kind], path, name)


def input_shape(configs):
    for config in configs:
        shape = config.get("batch_input_shape") or config.get("batch_shape")
        if shape:
            return shape
    return None


def weights_of(group, layer_name, path):
    """Kernel and bias of a layer, by Keras's list of names."""
    if layer_name not in group:
        raise BadModel(f"{path}: no weights of layer {layer_name}")
    names = [text_of(n) for n in group[layer_name].attrs.get("weight_names", [])]
    arrays = {}
    for name in names:
        if name not in group[layer_name]:
            raise BadModel(f"{path}: no data set {layer_name}/{name}")
        arrays[re.sub(r":\d+$", "", name).split("/")[-1]] = group[layer_name][name][()]
    if set(arrays) != {"kernel", "bias"}:
        found = ", ".join(sorted(arrays)) or "nothing"
        raise BadModel(f"{path}: layer {layer_name} has {found}, expected kernel and bias")
    return arrays["kernel"], arrays["bias"]


def check_weights(kernel, bias, shape, path, name):
    for array, expected in ((kernel, shape), (bias, shape[-1:])):
        if array.shape != expected or array.dtype.kind != "f":
            raise BadModel(f"{path}: layer {name}: weights {array.dtype} {array.shape}, "
                               f"expected floats {expected}")
        values = array.astype("<f4")
        if not math.isfinite(float(abs(values).max())):
            raise BadModel(f"{path}: layer {name}: weights that are not finite")


def out_shape(kind, attributes, positions, channels, path):
    """Positions and channels after a layer."""
    if kind == "flatten":
        return 1, positions * channels
    if kind == "dense":
        return 1, attributes["units"]
    if kind == "dropout":
        return positions, channels
    size = attributes["kernel" if kind == "conv1d" else "size"]
    stride = 1 if kind == "conv1d" else size
    if size < 1 or (attributes["padding"] == "valid" and size > positions):
        raise BadModel(f"{path}: size {size} does not fit into {positions} positions")
    same = attributes["padding"] == "same"
    positions = -(-positions // stride) if same else (positions - size) // stride + 1
    return positions, attributes["filters"] if kind == "conv1d" else channels


def read_configuration(file, path):
    if "model_config" not in file.attrs:
        raise BadModel(f"{path}: no model_config: not a whole model saved by Keras as HDF5")
    try:
        model = json.loads(text_of(file.attrs["model_config"]))
        kind = model["class_name"]
        layers = model["config"]["layers"] if isinstance(model["config"], dict) else model["config"]
        layers = [(layer["class_name"], layer["config"]) for layer in layers]
    except (ValueError, KeyError, TypeError) as error:
        raise BadModel(f"{path}: model_config is not Keras's: {error}") from error
    if kind != "Sequential":
        raise BadModel(f"{path}: the model is {kind}, expected Sequential")
    return layers


def read_network(path):
    """(positions, channels, layers, weights): weights[i] is (kernel, bias) of layers[i] or None."""
    import h5py
    if not os.path.exists(path):
        raise BadModel(f"{path}: No such file or directory")
    if not h5py.is_hdf5(path):
        raise BadModel(f"{path}: not an HDF5 file (a .keras file: save it as .h5 first)")
    with h5py.File(path, "r") as file:
        configured = read_configuration(file, path)
        shape = input_shape([config for _, config in configured])
        if not shape or len(shape) != 3 or not all(isinstance(n, int) for n in shape[1:]):
            raise BadModel(f"{path}: input shape {shape}, expected [null, bins, channels]")
        group = file["model_weights"] if "model_weights" in file else file
        layers, weights = [], []
        positions, channels = shape[1:]
        for kind, config in configured:
            if kind == "InputLayer":
                continue
            if kind == "Activation":
                join_activation(layers, config, path)
                continue
            layer = read_layer(kind, config, path)
            after = out_shape(*layer, positions, channels, path)
            found = None
            if kind in ("Conv1D", "Dense"):
                found = weights_of(group, config["name"], path)
                inputs = (layer[1]["kernel"], channels) if kind == "Conv1D" else (channels,)
                check_weights(*found, inputs + (after[1],), path, config["name"])
            layers.append(layer)
            weights.append(found)
            positions, channels = after
    if not layers or layers[-1][0] != "dense" or layers[-1][1]["activation"] != "softmax":
        raise BadModel(f"{path}: the last layer must be Dense with softmax")
    return shape[1], shape[2], layers, weights


def number(value):
    return repr(float(value))


def encode(array):
    data = base64.b64encode(array.astype("<f4").tobytes()).decode("ascii")
    return "\n".join(data[i:i + 128] for i in range(0, len(data), 128))


def write_head(out, options, bins):
    out.append('<?xml version="1.0" encoding="UTF-8"?>')
    out.append(f'<csro-model xmlns="{NAMESPACE}" version="1">')
    out.append(f" <name>{escape(options.name)}</name>")
    out.append(" <classes>")
    for i, name in enumerate(options.classes):
        out.append(f'  <class role="{"random" if i == 0 else "ordered"}">{escape(name)}</class>')
    out.append(" </classes>")
    out.append(" <channels>")
    out.extend(f"  <pair>{escape(pair)}</pair>" for pair in options.pairs)
    out.append(" </channels>")
    out.append(f' <bins half-range="{number(options.half_range)}" total="{options.bins_total}" '
               f'first="{options.bins_first}" kept="{bins}"/>')
    out.append(f" <preprocessing>{options.preprocessing}</preprocessing>")
    constant = f' constant="{number(options.constant)}"' if options.constant else ""
    out.append(f' <lattice structure="{options.lattice}" orientation="{options.orientation}"'
               f"{constant}/>")
    out.append(f" <threshold>{number(options.threshold)}</threshold>")
    out.append(f" <training>{escape(options.training)}</training>")


def document(options, networks):
    bins, _, layers, _ = networks[0]
    out = []
    write_head(out, options, bins)
    out.append(" <architecture>")
    for kind, attributes in layers:
        written = "".join(f" {k}={quoteattr(str(v))}" for k, v in attributes.items())
        out.append(f"  <{kind}{written}/>")
    out.append(" </architecture>")
    for _, _, _, weights in networks:
        out.append(" <member>")
        for i, pair in enumerate(weights):
            for kind, array in zip(("kernel", "bias"), pair or ()):
                out.append(f'  <weights layer="{i}" kind="{kind}" count="{array.size}">')
                out.append(encode(array) + "</weights>")
        out.append(" </member>")
    out.append("</csro-model>")
    return "\n".join(out) + "\n"


def check_options(options, networks):
    bins, channels, layers, _ = networks[0]
    for path, network in zip(options.files, networks):
        if network[:3] != networks[0][:3]:
            raise BadModel(f"{path}: input or layers differ from those of {options.files[0]}")
    classes = layers[-1][1]["units"]
    if options.classes is None and classes == 2:
        options.classes = ["FCC", "CSRO"]
    if options.pairs is None and channels == 1:
        options.pairs = ["Co-Co"]
    if len(options.classes or []) != classes:
        raise BadModel(f"--classes: the networks have {classes} classes, name each")
    if len(options.pairs or []) != channels:
        raise BadModel(f"--pairs: the networks have {channels} channels, name the pair of each")
    if len(set(options.classes)) != classes or len(set(options.pairs)) != channels:
        raise BadModel("--classes, --pairs: the same name occurs twice")
    if len(networks) > 64:
        raise BadModel(f"{len(networks)} files, expected at most 64")
    if not 17 <= bins <= 4096 or options.bins_first < 0 or options.bins_total > 100000 or \
            options.bins_first + bins > options.bins_total:
        raise BadModel(f"--bins-first {options.bins_first}, --bins-total {options.bins_total}: "
                           f"the networks' {bins} bins do not fit (17 .. 4096)")


def named(pattern, expected):
    def read(text):
        items = text.split(",")
        if not all(re.fullmatch(pattern, item) for item in items):
            raise argparse.ArgumentTypeError(f"{text!r}, expected {expected}")
        return items
    return read


def word(text):
    if not re.fullmatch(r"[A-Za-z0-9_]{0,31}", text):
        raise argparse.ArgumentTypeError(f"{text!r}, expected at most 31 letters and digits")
    return text


def bounded_text(limit):
    def read(text):
        if len(text.encode("utf-8", "replace")) > limit or \
                any(ord(c) < 32 or 0xd800 <= ord(c) < 0xe000 for c in text):
            raise argparse.ArgumentTypeError(f"expected at most {limit} bytes of plain text")
        return text
    return read


def real(lo, hi):
    def read(text):
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not lo <= value <= hi:
            raise argparse.ArgumentTypeError(f"{text!r}, expected a number in {lo:g} .. {hi:g}")
        return value
    return read


def whole(lo, hi):
    def read(text):
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", text) or not lo <= int(text) <= hi:
            raise argparse.ArgumentTypeError(
                f"{text[:40]!r}, expected a whole number in {lo} .. {hi}")
        return int(text)
    return read


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"{self.prog}: {message}\n")


def parse_arguments():
    parser = Parser(description="Make one APT-CSRO model file of Keras networks (HDF5).")
    parser.add_argument("files", nargs="+", metavar="FILE.h5", help="one member of the ensemble each")
    parser.add_argument("-o", "--output", required=True, metavar="MODEL.xml")
    parser.add_argument("--name", type=bounded_text(127), default="Imported networks")
    parser.add_argument("--classes", type=named(r"[A-Za-z0-9_]{1,31}", "names like FCC,CSRO"),
                        help="random class first (FCC,CSRO for two classes)")
    parser.add_argument("--pairs", help="one per channel (Co-Co for one channel)", type=named(
        r"[A-Za-z0-9]{1,15}-[A-Za-z0-9]{1,15}", "pairs like Fe-Fe,Al-Al"))
    parser.add_argument("--lattice", type=word, default="fcc")
    parser.add_argument("--orientation", type=word, default="002", help="pole along z")
    parser.add_argument("--constant", type=real(0, 100), default=0.36, metavar="NM",
                        help="lattice constant in nm, 0 when unknown")
    parser.add_argument("--preprocessing", choices=("minmax", "full", "mean"), default="minmax",
                        help="of the curves the networks were trained on")
    parser.add_argument("--half-range", type=real(1e-3, 1e3), default=1.5, metavar="NM")
    parser.add_argument("--bins-total", type=whole(1, 100000), default=200)
    parser.add_argument("--bins-first", type=whole(0, 99999), default=54)
    parser.add_argument("--threshold", type=real(0, 8), default=3.75, help="overlap score, 0 to 8")
    parser.add_argument("--training", type=bounded_text(2047), default="Imported from Keras.",
                        help="where the networks come from")
    return parser.parse_args()


def kind(mode):
    """What stands at a path that is no regular file."""
    for test, name in ((stat.S_ISDIR, "a directory"), (stat.S_ISFIFO, "a named pipe"),
                       (stat.S_ISSOCK, "a socket"), (stat.S_ISCHR, "a character device"),
                       (stat.S_ISBLK, "a block device")):
        if test(mode):
            return name
    return "no regular file"


def check_input(path):
    """Nothing but a regular file is opened: a pipe would wait for its writer."""
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        raise BadModel(f"{path}: {error.strerror}") from error
    if not stat.S_ISREG(mode):
        raise BadModel(f"{path}: is {kind(mode)}, expected a regular file")


def check_target(path):
    """The status of the regular file that is replaced, behind symbolic links; None for a new one."""
    try:
        about = os.stat(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadModel(f"{path}: cannot be written: {error.strerror}") from error
    if not stat.S_ISREG(about.st_mode):
        raise BadModel(f"{path}: cannot be written: is {kind(about.st_mode)}, expected a regular "
                       "file or a new name")
    if about.st_mode & 0o222 == 0 or not os.access(path, os.W_OK):
        raise BadModel(f"{path}: cannot be written: is write-protected")
    return about


def hand_on(old, path):
    """Mode, owner and group of a file that is replaced."""
    new = os.stat(path)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        os.chown(path, old.st_uid, old.st_gid)
    os.chmod(path, stat.S_IMODE(old.st_mode))


def write_whole(path, text):
    """The file appears whole or not at all, where symbolic links lead."""
    target = os.path.realpath(path)
    temporary = os.path.join(os.path.dirname(target), f".csro-{os.getpid()}.part")
    begun = False
    try:
        old = check_target(path)
        with open(temporary, "x", encoding="utf-8") as file:
            begun = True
            file.write(text)
        if old:
            hand_on(old, temporary)
        os.replace(temporary, target)
        begun = False
    except OSError as error:
        raise BadModel(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        if begun:
            os.remove(temporary)


def end_by_signal(number, _frame):
    """As an exit, so that nothing half-written stays."""
    sys.exit(128 + number)


def main():
    options = parse_arguments()
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, end_by_signal)
    try:
        for path in options.files:
            check_input(path)
        check_target(options.output)
        networks = [read_network(path) for path in options.files]
        check_options(options, networks)
        write_whole(options.output, document(options, networks))
    except ModuleNotFoundError as error:
        sys.exit(fail(f"needs the Python module {error.name}"))
    except BadModel as error:
        sys.exit(fail(str(error)))
    except (OSError, RuntimeError, KeyError, TypeError, AttributeError, ValueError) as error:
        sys.exit(fail(f"{', '.join(options.files)}: damaged file: {error}"))


def fail(message):
    print("import_keras_model.py: " + " ".join(message.split()), file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()
