"""A model with absurd but finite weights: what its networks cannot say is undefined, and said so."""
import base64
import os

import numpy
from harness import Errors, array, check, equal, output, simple, temporary

MODELS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'xml', 'models')


def absurd(weight):
    """A model file whose first filter has this weight everywhere."""
    with open(os.path.join(MODELS, 'cocrni-002.xml'), encoding='utf-8') as file:
        text = file.read()
    begin = text.index('>', text.index('<weights layer="0" kind="kernel"')) + 1
    end = text.index('<', begin)
    weights = numpy.frombuffer(base64.b64decode(text[begin:end]), '<f4').copy()
    weights.reshape(10, -1)[:, 0] = weight
    path = os.path.join(temporary, f'{weight:g}.xml')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text[:begin] + base64.b64encode(weights.tobytes()).decode() + text[end:])
    return path


specimen = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=8, SigmaXY=0.2, SigmaZ=0.02)
curves = simple.ComputeZSDM(Input=specimen, Voxels=simple.VoxelizeAPT(Input=specimen), Pairs='Ni-Ni')
classified = simple.ClassifyCSRO(Input=curves)
usable = array(output(classified), 'VoxelsDefined_CSRO_Ni_Ni', 'Field')[0]
equal(array(output(classified), 'VoxelsOverflowed_CSRO_Ni_Ni', 'Field')[0], 0)
errors = Errors(classified)
classified.ModelFile = absurd(3e38)
equal(output(classified).GetNumberOfPoints(), 0)
equal(len(errors.texts), 1)
check(f'{usable} of {usable} voxels with usable curves have no defined probability' in errors.texts[0], errors.texts)
check('is not finite there' in errors.texts[0], errors.texts)

# Between the weights with which no voxel overflows and those with which all do, some do.
low, high = 20, 38.5
for _ in range(20):
    errors = Errors(classified)
    classified.ModelFile = absurd(10 ** ((low + high) / 2))
    some = output(classified)
    if errors.texts:
        high = (low + high) / 2
    elif array(some, 'VoxelsOverflowed_CSRO_Ni_Ni', 'Field')[0] == 0:
        low = (low + high) / 2
    else:
        break
lost = array(some, 'VoxelsOverflowed_CSRO_Ni_Ni', 'Field')[0]
check(0 < lost < usable, lost)
equal(array(some, 'VoxelsDefined_CSRO_Ni_Ni', 'Field')[0], usable - lost)
probability = array(some, 'P_CSRO_Ni_Ni')
equal(numpy.isfinite(probability).sum(), usable - lost)
equal((len(errors.texts), len(errors.warnings)), (0, 1))
check(f'{lost} of {usable} voxels' in errors.warnings[0], errors.warnings)
domains = simple.ClusterDomains(Input=specimen, Pixels=simple.OutputPort(classified, 1),
                                ScoreArray='Score_CSRO_Ni_Ni')
said = Errors(domains)
output(domains)
check(len(said.warnings) == 1 and f'{lost} of {usable} voxels' in said.warnings[0], said.warnings)
classified.ModelFile = ''
check(output(classified).GetNumberOfPoints() > 0)
output(domains)
equal((len(errors.texts), len(errors.warnings), len(said.warnings)), (0, 1, 1))
