"""Save Data writes ions as .pos, .epos, .csv, .xyz and .extxyz, and their ranges as .rrng, whole or not at all; ParaView's own writers stay as they are."""
import os
import resource
import subprocess

import numpy
from harness import Errors, array, check, equal, names, output, points, simple, temporary
from paraview import servermanager
from written import make_epos, make_source, read_bytes, write_bytes

folder = os.path.join(temporary, 'results')
os.mkdir(folder)


def path(name):
    return os.path.join(folder, name)


def writer(name, source):
    found = simple.CreateWriter(path(name), source)
    return found.GetXMLName() if found else None


def save(name, source):
    simple.SaveData(path(name), proxy=source)
    return read_bytes(path(name))


def fails(text, name, source, change=lambda: None):
    """One error that says so, and nothing changes in the folder."""
    before = {entry: read_bytes(path(entry)) for entry in sorted(os.listdir(folder))}
    made = simple.CreateWriter(os.path.join(folder, name), source)
    errors = Errors(made)
    change()
    made.UpdatePipeline()
    check(len(errors.texts) == 1 and text in errors.texts[0], (text, errors.texts))
    equal({entry: read_bytes(path(entry)) for entry in sorted(os.listdir(folder))}, before)


# Round trip: every bit that the format can hold.
records = make_epos(3000)
ions = simple.APTReader(FileName=write_bytes(os.path.join(temporary, 'a.epos'), records))
check(save('b.epos', ions) == records.tobytes(), 'epos')
text = save('c.csv', ions).decode()
equal(text.split('\n')[0], 'x_nm,y_nm,z_nm,mass_to_charge_Da,TOF_ns,V_DC,V_pulse,X_det_mm,Y_det_mm,PulsesSinceLast,'
                           'IonsPerPulse,IonId,Species')
positions = numpy.ascontiguousarray(records['xyzm']).tobytes()
check(save('d.pos', simple.APTReader(FileName=path('c.csv'))) == positions, 'csv -> pos')
from_pos = simple.APTReader(FileName=path('d.pos'))
blank = numpy.zeros_like(records)
blank['xyzm'] = records['xyzm']
check(save('e.epos', from_pos) == blank.tobytes(), 'columns that the ions do not have are zeros')

# Species by name and angstrom for programs that show atoms; masses are not needed.
atoms = save('h.xyz', ions).decode().split('\n')
equal(atoms[:2], ['3000', 'positions in angstrom; X is unranged'])
equal(len(atoms), 3003)
found = numpy.array([line.split()[1:] for line in atoms[2:-1]], 'f8')
check(numpy.allclose(found, 10 * records['xyzm'][:, :3].astype('f8'), rtol=1e-6, atol=0), 'angstrom')
with open(os.path.join(temporary, 'list.txt'), 'w') as file:
    file.write('Al 1.5 -2.5 -10\nO 0.5 0.25 -11\n')
labelled = simple.APTReader(FileName=os.path.join(temporary, 'list.txt'))
equal(save('i.extxyz', labelled).decode(),
      '2\nProperties=species:S:1:pos:R:3:IonId:I:1 pbc="F F F"\nAl 15 -25 -100 0\nO 5 2.5 -110 1\n')

# The order is that of IonId; parts of the data and other orders are ions too.
some = simple.Threshold(Input=ions, Scalars=['POINTS', 'IonId'], LowerThreshold=1000, UpperThreshold=1199)
check(output(some).IsA('vtkUnstructuredGrid'))
check(save('f.epos', some) == records[1000:1200].tobytes(), 'threshold')
shuffled = make_source(records, numpy.arange(3000)[::-1])
equal(array(output(shuffled), 'IonId')[0], 2999)
check(save('g.epos', shuffled) == records.tobytes(), 'order of IonId')

# Ranges of ions are written as .rrng, whatever format they came from, and label the same ions again.
with open(path('a.env'), 'w') as file:
    file.write('2 4\nNi 0.25 1 0\nO 1 0 0\nNi 57.5 58.5 10.94 0.1\nFe56 55.5 56.5 11.77 0.1\nodd 1 2 0 0\nNi 28.5 29.5 10.94 0.1\n')
by_env = simple.RangeIons(Input=ions, RangesFileName=path('a.env'))
equal(array(output(by_env), 'MassRanges', 'Field').tolist(),
      [[57.5, 58.5, 1, 0.01094], [55.5, 56.5, 2, 0.01177], [1, 2, 3, 0], [28.5, 29.5, 1, 0.01094]])
equal(save('a.rrng', by_env).decode().splitlines()[-5:],
      ['Number=4', 'Range1=57.5 58.5 Vol:0.01094 Ni:1 Color:40FF00', 'Range2=55.5 56.5 Vol:0.01177 56Fe:1 Name:Fe56 Color:808080',
       'Range3=1 2 Name:odd Color:808080', 'Range4=28.5 29.5 Vol:0.01094 Ni:1 Color:40FF00'])
by_rrng = simple.RangeIons(Input=ions, RangesFileName=path('a.rrng'))
for field in 'MassRanges', 'SpeciesNames', 'SpeciesCompositions':
    check(numpy.array_equal(array(output(by_env), field, 'Field'), array(output(by_rrng), field, 'Field')), field)
check((array(output(by_env), 'Species') == array(output(by_rrng), 'Species')).all())
equal(save('b.rrng', simple.RangeIons(Input=by_rrng)), save('a.rrng', by_rrng))  # species as before: with their ranges
check('MassRanges' not in names(output(simple.RangeIons(Input=by_rrng, Decompose=1)), 'Field'))

# NeXus NXapm: ions, ranges and species are read again; h5py finds the domains and what made them, too.
few = numpy.zeros((200, 4), '>f4')
few[:, :3] = numpy.random.default_rng(1).uniform(0, 5, (200, 3))
few[:, 3] = numpy.resize([58, 56, 1.5, 100], 200)
ranged = simple.APTReader(FileName=write_bytes(path('few.pos'), few), RangesFileName=path('a.env'))
domains = simple.ClusterDomains(Input=ranged, Eps=2)
simple.SaveData(path('n.nxs'), proxy=simple.OutputPort(domains, 0))
again = simple.APTReader(FileName=path('n.nxs'), RangesFileName='')
sure = array(output(domains), 'Species')
for name in 'Species', 'MassToCharge':
    before, after = array(output(domains), name), array(output(again), name)
    same = before == after if name == 'MassToCharge' else (before == after) | (before == 3)  # odd: no nuclides
    check(same.all(), name)
check((points(output(domains)) == points(output(again))).all())
equal(array(output(again), 'SpeciesNames', 'Field'), ['unranged', 'Ni', '56Fe'])
LOOK = """
import sys
import h5py
with h5py.File(sys.argv[1]) as file:
    entry = file['entry1']
    parts = entry['atom_probe1']
    print(entry.attrs['NX_class'], entry['definition'][()], parts['reconstruction/reconstructed_positions'].attrs['units'])
    peaks = parts['ranging/peak_identification']
    print([(peaks[f'ion{i}/name'][()], list(peaks[f'ion{i}/nuclide_hash'][:2])) for i in (1, 2, 3)], peaks['iontypes'][:].sum())
    print(parts['ion_data/DomainId'][:].max(), parts['ion_data/IonId'].dtype, list(parts['provenance/CSRO_Eps_nm'][:]))
    print(parts['reconstruction/program1/program'].attrs['version'].decode())
"""
told = subprocess.run(['/usr/bin/python3', '-c', LOOK, path('n.nxs')], capture_output=True, text=True)
if 'No module named' not in told.stderr:
    equal(told.stdout.splitlines(), [
        "b'NXentry' b'NXapm' b'nm'",
        f"[(b'Ni', [65308, 0]), (b'Fe56', [7706, 0]), (b'odd', [0, 0])] {sure.sum()}",
        f"{array(output(domains), 'DomainId').max()} {array(output(domains), 'IonId').dtype} [2.0]", ions.GetPropertyValue('Version')])

# Who writes what.
equal([writer('h' + end, ions) for end in ('.pos', '.epos', '.csv', '.xyz', '.extxyz', '.nxs', '.tsv', '.vtp')],
      ['APTWriter', 'APTWriterEpos', 'APTWriterText', 'APTWriterXyz', 'APTWriterExtxyz', 'APTWriterNexus', 'CSVWriter',
       'XMLPolyDataWriter'])
sphere = simple.Sphere()
equal([writer('h' + end, sphere) for end in ('.csv', '.vtp')], ['CSVWriter', 'XMLPolyDataWriter'])
domains = simple.ClusterDomains(Input=some)
equal([writer('h.csv', simple.OutputPort(domains, port)) for port in range(3)],
      ['APTWriterText', 'CSVWriter', 'CSVWriter'])
factory = servermanager.vtkSMProxyManager.GetProxyManager().GetWriterFactory()
offered = factory.GetSupportedFileTypes(ions.SMProxy, 0)
check(all(end in offered for end in ('*.pos', '*.epos', '*.csv *.tsv', '*.xyz', '*.extxyz')), offered)
equal(writer('h.rrng', by_env), 'APTWriterRrng')
equal(['*.rrng' in factory.GetSupportedFileTypes(proxy.SMProxy, 0) for proxy in (by_env, ions, labelled)],
      [True, False, False])
check('*.pos' not in factory.GetSupportedFileTypes(sphere.SMProxy, 0))

# What cannot be written: one error, an older file stays, nothing else is left, the host lives on.
write_bytes(path('old.pos'), numpy.zeros(6, 'u1'))
fails('absent/a.pos: cannot be written: No such file or directory', 'absent/a.pos', ions)
fails('old.pos/a.pos: cannot be written: Not a directory', 'old.pos/a.pos', ions)
fails('cannot be written: File name too long', 'x' * 300 + '.pos', ions)
fails('cannot be written: File name too long', 'y/' * 3000 + 'a.pos', ions)
longest = 'x' * 251 + '.pos'
check(save(longest, ions) == positions, 'the longest name of a file')
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (20000, limits[1]))
fails('old.pos: cannot be written: File too large', 'old.pos', ions)  # as a full disk does
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
fails('there are no ions to write', 'old.pos', some, lambda: simple.SetProperties(
    some, LowerThreshold=-2, UpperThreshold=-1))
bad = make_source(records, numpy.arange(3000))
array(output(bad), 'MassToCharge')[7] = numpy.nan
fails('1 of 3000 ions have a mass-to-charge that is not finite (NaN or infinite), the first is point 7', 'old.pos', bad)
check(save('old.pos', ions) == positions, 'afterwards')
