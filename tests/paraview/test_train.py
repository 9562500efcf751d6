"""TrainClassifier: tables, the model file, progress texts, cancel, errors."""
import os

from bank import bank_table, source
from harness import Errors, array, check, column, equal, output, simple, temporary

import numpy

path = os.path.join(temporary, 'small.xml')
quick = {'Architecture': 'conv 4 5, pool 2, dense 8', 'Folds': 3, 'Epochs': 8, 'LearningRate': 0.005}
trained = simple.TrainClassifier(Input=source(bank_table(600)), ModelFile=path, **quick)
errors = Errors(trained)
texts = set()
algorithm = trained.GetClientSideObject()
algorithm.AddObserver('ProgressEvent', lambda *_: texts.add(algorithm.GetProgressText()))
history = output(trained)
equal(errors.texts, [])
equal(history.GetNumberOfRows(), 8)
equal(history.GetNumberOfColumns(), 5 + 3 * 4)
equal(list(column(history, 'Epoch')), list(range(1, 9)))
check(column(history, 'Loss')[-1] < column(history, 'Loss')[0])
folds = [column(history, f'ValidationLoss_Fold{f}') for f in (1, 2, 3)]
check(numpy.allclose(column(history, 'ValidationLoss'), sum(folds) / 3))

roc = output(trained, 1)
hits, alarms = column(roc, 'TruePositiveRate'), column(roc, 'FalsePositiveRate')
equal((hits[0], alarms[0], hits[-1], alarms[-1]), (0, 0, 1, 1))
check(abs(array(roc, 'AUC', 'Field')[0] - numpy.trapz(hits, alarms)) < 1e-12)
check(array(roc, 'AUC', 'Field')[0] > 0.95)

confusion = output(trained, 2)
equal(column(confusion, 'Class'), ['FCC', 'L12'])
matrix = numpy.stack([column(confusion, name) for name in ('As_FCC', 'As_L12', 'Undefined')], 1)
equal(matrix.sum(1).tolist(), [40, 20])
accuracy = array(confusion, 'TestAccuracy', 'Field')[0]
check(abs(accuracy - (matrix[0, 0] + matrix[1, 1]) / 60) < 1e-12)

calibration = output(trained, 3)
equal(calibration.GetNumberOfRows(), 10)
equal(column(calibration, 'Patterns').sum(), 60 - matrix[:, 2].sum())

# The file says how it was made, and Classify CSRO takes it.
with open(path, encoding='utf-8') as file:
    text = file.read()
for part in ("Folds=3", "Seed=1", "Architecture=&apos;conv 4 5, pool 2, dense 8&apos;", '400 of FCC, 200 of L12',
             '<pair>Ni-Ni</pair>', 'kept="93"', '<name>small</name>'):
    check(part in text or part.replace('&apos;', "'") in text, part)
specimen = simple.SimulateAPT(Shape='Box', Width=[4, 4], Height=4)
curves = simple.ComputeZSDM(Input=specimen, Voxels=simple.VoxelizeAPT(Input=specimen), Pairs='Ni-Ni')
classified = simple.ClassifyCSRO(Input=curves, ModelFile=path)
array(output(classified), 'P_L12_Ni_Ni')

# The same for any number of threads; another seed is another model.
with open(path, 'rb') as file:
    first = file.read()
trained.Threads = 1
output(trained)
with open(path, 'rb') as file:
    equal(file.read() == first, True)
trained.Seed = 2
output(trained)
with open(path, 'rb') as file:
    equal(file.read() == first, False)

# Cancel: soon, without a new file, with the previous outputs.
equal(errors.texts, [])
other = os.path.join(temporary, 'cancelled.xml')
trained.ModelFile = other
trained.Epochs = 100000
trained.Threads = 2
started = []


def stop(_object, _event):
    texts.add(algorithm.GetProgressText())
    started.append(1)
    if len(started) > 5:
        algorithm.SetAbortExecute(1)


algorithm.AddObserver('ProgressEvent', stop)
equal(output(trained).GetNumberOfRows(), 8)
equal([name for name in os.listdir(temporary) if 'cancelled' in name], [])
equal(errors.texts, [])
check(any(text and 'epoch' in text and 'validation' in text for text in texts), texts)


def refused(text, change=None, **options):
    table = bank_table(60)
    if change:
        change(table)
    asked = simple.TrainClassifier(Input=source(table), **{'ModelFile': other, **quick, **options})
    heard = Errors(asked)
    equal(output(asked).GetNumberOfRows(), 0)
    equal(len(heard.texts), 1)
    check(text in heard.texts[0], heard.texts)
    check(not os.path.exists(other))


refused('ModelFile is empty', ModelFile='')
refused('No such file', ModelFile='/nowhere/at/all.xml')
os.mkfifo(os.path.join(temporary, 'pipe'))
refused('pipe: cannot be written: is a named pipe', ModelFile=os.path.join(temporary, 'pipe'))
refused('layer 1 is not understood', Architecture='convolution')
refused('too few for 60 folds', Folds=60)
refused('shifts', ShiftRange=[-95, 1])
refused('no column Label', lambda table: table.RemoveColumnByName('Label'))
refused('no column zSDM_Ni_Ni of 93', lambda table: table.RemoveColumnByName('zSDM_Ni_Ni'))
refused('ClassNames', lambda table: table.GetFieldData().RemoveArray('ClassNames'))
refused('no rows', lambda table: table.Initialize())

# A real bank brings its lattice and pole.
path = os.path.join(temporary, 'cocrni.xml')
bank = simple.PatternBank(Seed=3, Limit=300)
trained = simple.TrainClassifier(Input=bank, ModelFile=path, Folds=2, Epochs=2, Architecture='pool 3')
equal(output(trained).GetNumberOfRows(), 2)
with open(path, encoding='utf-8') as file:
    text = file.read()
for part in ('structure="fcc"', 'orientation="002"', 'constant="0.36"', '(seed 3)', '<pair>Co-Co</pair>'):
    check(part in text, part)
