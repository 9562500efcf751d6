"""pipeline.py FOLDER: every filter of the pipeline once, on a specimen of a few thousand ions."""
import os
import sys

from mpi4py import MPI
from paraview import simple

folder = sys.argv[1]
simple.LoadPlugin(os.environ['CSRO_PLUGIN'], ns=globals())
specimen = SimulateAPT(Shape='Box', Width=[4, 4], Height=6, SigmaXY=0.2, SigmaZ=0.02, Diameter=[1.4, 2.6])
for name in 'ions.pos', 'ions.csv':
    simple.SaveData(os.path.join(folder, name), proxy=specimen)
if MPI.COMM_WORLD.rank == 0:
    with open(os.path.join(folder, 'ions.rrng'), 'w', encoding='ascii') as file:
        file.write('[Ions]\nNumber=2\nIon1=Ni\nIon2=Co\n[Ranges]\nNumber=2\n'
                   'Range1=57.5 58.3 Vol:0.01 Ni:1 Color:00FF00\nRange2=58.6 59.3 Vol:0.01 Co:1 Color:0000FF\n')
MPI.COMM_WORLD.Barrier()
for name in 'ions.pos', 'ions.csv':
    ions = APTReader(FileName=os.path.join(folder, name))
    RangeIons(Input=ions, Decompose=1, RangesFileName=os.path.join(folder, 'ions.rrng')).UpdatePipeline()
    MassSpectrum(Input=ions).UpdatePipeline()
voxels = VoxelizeAPT(Input=specimen)
ComputeZSDM(Input=specimen, Pairs='Ni-Ni').UpdatePipeline()
ComputeZSDM(Input=specimen, Voxels=voxels, Pairs='Ni-Co', Partners='In the whole data').UpdatePipeline()


def domains_of(ions):
    curves = ComputeZSDM(Input=ions, Voxels=voxels, Pairs='Ni-Ni')
    classified = ClassifyCSRO(Input=curves)
    classified.UpdatePipeline()  # its scores are to be chosen from
    return classified, ClusterDomains(Input=ions, Pixels=simple.OutputPort(classified, 1))


classified, domains = domains_of(specimen)
compared = CompareDomains(Domains=domains, GivenCopies=[domains_of(RandomizeIons(Input=specimen))[1]])
compared.UpdatePipeline()
ExplainCSRO(Input=classified, VoxelIds=[430, 400]).UpdatePipeline()
DetectOrder(Input=specimen, Voxels=voxels).UpdatePipeline()
simple.SaveData(os.path.join(folder, 'voxels.pvti'), proxy=classified, DataMode='Binary')
simple.SaveData(os.path.join(folder, 'domains.pvtp'), proxy=domains, DataMode='Binary')
