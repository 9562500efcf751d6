"""import_keras_model.py: imports the released networks; refuses what it cannot import.

Arguments: the importer, the folder of the reference cases, the model file to make.
"""

import json
import os
import subprocess
import sys
import tempfile

SKIPPED = 77


def run(importer, *arguments):
    return subprocess.run([sys.executable, importer, *arguments], capture_output=True, text=True)


def check_refused(importer, arguments, text):
    result = run(importer, *arguments)
    lines = result.stderr.strip().splitlines()
    assert result.returncode == 2, (arguments, result)
    assert len(lines) == 1 and text in lines[0], (arguments, lines)
    assert result.stdout == ""


def make_file(path, layers, **kinds):
    """A Keras file of the given layers, each (class name, config, arrays)."""
    import h5py
    with h5py.File(path, "w") as file:
        config = {"class_name": kinds.get("kind", "Sequential"), "config": {
            "layers": [{"class_name": c, "config": dict(d, name=f"{c}_{i}")}
                       for i, (c, d, _) in enumerate(layers)]}}
        file.attrs["model_config"] = json.dumps(config)
        for i, (name, _, arrays) in enumerate(layers):
            group = file.create_group(f"model_weights/{name}_{i}")
            group.attrs["weight_names"] = [f"{name}_{i}/{k}:0".encode() for k in arrays]
            for k, values in arrays.items():
                group[f"{name}_{i}/{k}:0"] = values


def small_layers():
    import numpy
    random = numpy.random.default_rng(1)
    array = lambda *shape: random.normal(size=shape).astype("f4")
    return [
        ["InputLayer", {"batch_input_shape": [None, 93, 2]}, {}],
        ["Conv1D", {"filters": 4, "kernel_size": [3], "padding": "same", "activation": "linear"},
         {"kernel": array(3, 2, 4), "bias": array(4)}],
        ["Activation", {"activation": "relu"}, {}],
        ["MaxPooling1D", {"pool_size": [2], "strides": [2], "padding": "same"}, {}],
        ["Flatten", {}, {}],
        ["Dense", {"units": 3, "activation": "softmax"},
         {"kernel": array(188, 3), "bias": array(3)}],
    ]


def test_small(importer, folder):
    path, out = os.path.join(folder, "small.h5"), os.path.join(folder, "small.xml")
    names = ["--classes", "BCC,B2,D03", "--pairs", "Fe-Fe,Al-Al"]
    make_file(path, small_layers())
    check_refused(importer, [path, "-o", out], "3 classes")
    check_refused(importer, [path, "-o", out, "--classes", "A,B,C"], "2 channels")
    result = run(importer, path, path, "-o", out, *names)
    assert result.returncode == 0 and not result.stderr, result
    text = open(out, encoding="utf-8").read()
    assert '<conv1d filters="4" kernel="3" padding="same" activation="relu"/>' in text
    assert text.count("<member>") == 2

    changes = [
        (1, "strides", [2], "strides"), (1, "dilation_rate", [2], "dilation_rate"),
        (1, "use_bias", False, "use_bias"), (1, "activation", "tanh", "activation"),
        (1, "padding", "causal", "padding"), (1, "kernel_size", [5], "weights"),
        (3, "strides", [1], "strides"), (5, "activation", "sigmoid", "activation"),
        (5, "units", 4, "weights"), (0, "batch_input_shape", None, "input shape"),
    ]
    for index, key, value, message in changes:
        layers = small_layers()
        layers[index][1][key] = value
        make_file(path, layers)
        check_refused(importer, [path, "-o", out + "2", *names], message)
    layers = small_layers()
    layers.insert(2, ["BatchNormalization", {}, {}])
    make_file(path, layers)
    check_refused(importer, [path, "-o", out + "2", *names], "is a BatchNormalization")
    layers = small_layers()
    layers[5][2]["bias"][0] = float("nan")
    make_file(path, layers)
    check_refused(importer, [path, "-o", out + "2", *names], "not finite")
    make_file(path, small_layers(), kind="Functional")
    check_refused(importer, [path, "-o", out + "2", *names], "expected Sequential")
    assert not os.path.exists(out + "2")


def test_bad_files(importer, folder):
    out = os.path.join(folder, "bad.xml")
    text = os.path.join(folder, "text.h5")
    with open(text, "w", encoding="utf-8") as file:
        file.write("not HDF5")
    check_refused(importer, ["/no/such.h5", "-o", out], "/no/such.h5: No such file")
    check_refused(importer, [text, "-o", out], "not an HDF5 file")
    check_refused(importer, [folder, "-o", out], folder)
    check_refused(importer, [text], "-o")
    check_refused(importer, [text, "-o", out, "--classes", "A B"], "--classes")
    check_refused(importer, [text, "-o", out, "--bins-total", "9" * 5000], "expected a whole number in 1 .. 100000")
    assert os.listdir(folder) == ["text.h5"]
    os.mkfifo(os.path.join(folder, "pipe"))
    check_refused(importer, [os.path.join(folder, "pipe"), "-o", out], "pipe: is a named pipe, expected a regular file")
    check_refused(importer, [text, "-o", os.path.join(folder, "pipe")], "pipe: cannot be written: is a named pipe")
    check_refused(importer, [text, "-o", folder], "cannot be written: is a directory")


def test_targets(importer, folder):
    path, names = os.path.join(folder, "small.h5"), ["--classes", "BCC,B2,D03", "--pairs", "Fe-Fe,Al-Al"]
    make_file(path, small_layers())
    old, link = os.path.join(folder, "old.xml"), os.path.join(folder, "link.xml")
    os.symlink("old.xml", link)
    for mode in None, 0o600, 0o640:  # a link that leads to nothing first
        if mode:
            os.chmod(old, mode)
            os.truncate(old, 0)
        result = run(importer, path, "-o", link, *names)
        assert result.returncode == 0 and not result.stderr, result
        assert os.path.islink(link) and os.path.getsize(old) > 0
        assert mode is None or os.stat(old).st_mode & 0o777 == mode
    os.chmod(old, 0o444)
    check_refused(importer, [path, "-o", old, *names], "write-protected")
    os.remove(old)
    os.symlink("link.xml", old)
    check_refused(importer, [path, "-o", old, *names], "cannot be written: Too many levels of symbolic links")
    assert sorted(os.listdir(folder)) == ["link.xml", "old.xml", "small.h5"]


def test_released(importer, reference, out):
    files = [os.path.join(reference, "cnn", f"model_{i}.h5") for i in range(5)]
    if not os.path.exists(files[0]):
        print(f"skipped: no reference case {files[0]}", file=sys.stderr)
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        cut = os.path.join(folder, "cut.h5")
        with open(files[0], "rb") as source, open(cut, "wb") as target:
            target.write(source.read(100000))
        check_refused(importer, [cut, "-o", out + "2"], cut)
    result = run(importer, *files, "-o", out)
    assert result.returncode == 0 and not result.stderr, result


def main():
    importer, reference, out = sys.argv[1:]
    try:
        import h5py  # noqa: F401
    except ImportError:
        print("skipped: no Python module h5py", file=sys.stderr)
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        test_bad_files(importer, folder)
    with tempfile.TemporaryDirectory() as folder:
        test_small(importer, folder)
    with tempfile.TemporaryDirectory() as folder:
        test_targets(importer, folder)
    test_released(importer, reference, out)


if __name__ == "__main__":
    main()
