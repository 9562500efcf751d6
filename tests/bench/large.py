"""How memory and time of the batch script grow with the number of ions.

    xvfb-run -a pvpython tests/bench/large.py MILLIONS [MILLIONS ...] [-- options of csro_batch.py]

For each number of millions of ions it writes a simulated specimen (a column of boxes of 60 x 60 nm with
ordered domains) piece by piece to a .pos file, runs csro_batch.py on it in a process of its own and
prints a row of a Markdown table: wall time and largest resident memory as the kernel counted them.
CSRO_PLUGIN is the path of the plugin, as for csro_pipeline.py; TMPDIR needs 16 bytes per ion."""
import json
import os
import subprocess
import sys
import tempfile
import time

import numpy

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BATCH = os.path.join(ROOT, 'sample_states', 'csro_batch.py')
WIDTH = 60  # nm
PIECE = 2_000_000  # ions, about


def write_piece(pos, ranges, ions, seed, top):
    """Appends a box of about this many ions below `top` (nm). Returns its number of ions and its end."""
    sys.path.insert(0, os.path.dirname(BATCH))
    import csro_plugin
    from paraview import simple
    from paraview.vtk.util.numpy_support import vtk_to_numpy
    per_nm = 4 / 0.36**3 * 0.52 * WIDTH**2
    height = 0.5 * max(4, round(2 * ions / per_nm))
    source = csro_plugin.load_plugin().SimulateAPT(Shape='Box', Width=[WIDTH, WIDTH], Height=height, Seed=seed)
    source.UpdatePipeline()
    data = source.GetClientSideObject().GetOutputDataObject(0)
    mass = vtk_to_numpy(data.GetPointData().GetArray('MassToCharge'))
    rows = numpy.empty((len(mass), 4), '>f4')
    rows[:, :3] = vtk_to_numpy(data.GetPoints().GetData())
    rows[:, 2] += top
    rows[:, 3] = mass
    with open(pos, 'ab') as file:
        file.write(rows.tobytes())
    if not os.path.exists(ranges):
        write_ranges(ranges, data, mass, vtk_to_numpy(data.GetPointData().GetArray('Species')))
    simple.Delete(source)
    return len(mass), top - height


def write_ranges(path, data, mass, species):
    """Every tenth of a dalton whose ions are nearly all of one species."""
    names = data.GetFieldData().GetAbstractArray('SpeciesNames')
    names = [names.GetValue(i) for i in range(names.GetNumberOfValues())]
    tenth = (10 * mass).astype(int)
    total = numpy.bincount(tenth)
    lines = [f'{b / 10:.4f} {b / 10 + 0.0999:.4f} Vol:0.01 {name}:1'
             for i, name in enumerate(names) if i > 0
             for b in numpy.nonzero(numpy.bincount(tenth[species == i], minlength=len(total)) > 0.9 * total)[0]]
    with open(path, 'w', encoding='ascii') as file:
        file.write(f'[Ions]\nNumber={len(names) - 1}\n')
        file.writelines(f'Ion{i}={name}\n' for i, name in enumerate(names) if i > 0)
        file.write(f'[Ranges]\nNumber={len(lines)}\n')
        file.writelines(f'Range{i + 1}={line}\n' for i, line in enumerate(lines))


def simulate(pos, ranges, ions):
    written, top, seed = 0, 0.0, 1
    while written < ions:
        count, top = write_piece(pos, ranges, min(PIECE, ions - written), seed, top)
        written, seed = written + count, seed + 1


def in_own_process(function, *arguments):
    """Runs it in a child, so that its memory is not that of what follows."""
    child = os.fork()
    if child == 0:
        function(*arguments)
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit('the specimen could not be simulated')


def run(millions, options):
    with tempfile.TemporaryDirectory(prefix='csro-large-') as folder:
        pos, ranges, out = (os.path.join(folder, name) for name in ('ions.pos', 'ions.rrng', 'out'))
        in_own_process(simulate, pos, ranges, int(millions * 1e6))
        begin = time.perf_counter()
        batch = subprocess.Popen(['pvbatch', BATCH, '--ions', pos, '--ranges', ranges, '--out', out, *options],
                                 stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(batch.pid, 0)
        seconds = time.perf_counter() - begin
        if status != 0:
            sys.exit('csro_batch.py failed')
        with open(os.path.join(out, 'summary.json'), encoding='utf-8') as file:
            summary = json.load(file)
    ions, memory = summary['ions'], usage.ru_maxrss * 1024
    steps = ', '.join(f'{name} {value:.1f}' for name, value in summary['seconds'].items() if name != 'total')
    print(f"| {ions / 1e6:.2f} | {summary['voxels'] / 1e6:.2f} | {seconds:.1f} | {1e6 * seconds / ions:.2f} | "
          f"{memory / 2**20:.0f} | {memory / ions:.0f} | {steps} |", flush=True)
    return ions, memory


def main():
    arguments = sys.argv[1:]
    split = arguments.index('--') if '--' in arguments else len(arguments)
    print('| million ions | million voxels | seconds | microseconds per ion | MiB | bytes per ion | seconds of the steps |')
    print('|---|---|---|---|---|---|---|')
    measured = [run(float(millions), arguments[split + 1:]) for millions in arguments[:split]]
    if len(measured) > 1:
        (few, small), (many, large) = measured[0], measured[-1]
        slope = (large - small) / (many - few)
        print(f'\n{slope:.0f} bytes per further ion: {(large + slope * (1e8 - many)) / 2**30:.1f} GiB at 100 million.')


if __name__ == '__main__':
    main()
